"""Reading back: the days and what lies in them."""
