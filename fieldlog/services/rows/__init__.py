"""Rows: what a day, a search or an entry is told as, for every face alike."""
