"""Voice memos: begun, heard, marked and stopped; the bar; what is asked."""
