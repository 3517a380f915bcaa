"""Voice memos: heard, looked after while they run, and filed."""
