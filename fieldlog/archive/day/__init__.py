"""A production day as files: chosen from the state once, then written in every form. Pure."""
