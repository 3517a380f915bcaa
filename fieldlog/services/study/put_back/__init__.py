"""A device that was put back from a backup, or copied: noticed, and gone on with under new names."""
