"""The living archive: one folder a study, written again in place, checked, and read back."""
