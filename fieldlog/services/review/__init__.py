"""Review: what the archive is asked, in the words of the one who asks."""
