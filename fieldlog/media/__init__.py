"""Originals: what a file is, when it was made, whether it is whole; the vault, and what is worked out from it."""
