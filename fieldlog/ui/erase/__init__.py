"""Erasing for good: what goes and why, and what is shown to whoever asked for it."""
