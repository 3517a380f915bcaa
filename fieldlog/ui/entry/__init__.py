"""An entry: its page, its form, its history."""
