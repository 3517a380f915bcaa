"""Writing on set: notes, photos, papers, counts and takes, the chips beside them, and what may be recorded."""
