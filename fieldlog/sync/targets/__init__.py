"""The kinds of targets, a file each, and what those over a network share."""
