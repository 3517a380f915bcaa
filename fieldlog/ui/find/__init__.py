"""Find: one field for all text, names and codes; what was found, by day, person and kind."""
