"""The text that is open: kept while one types, and closed."""
