"""Exchange with a place that several devices reach: notes and originals, there and back."""
