"""Entries as rows: what they say, how they are drawn, and the way back to one."""
