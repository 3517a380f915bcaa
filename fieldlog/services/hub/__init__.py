"""This laptop as the place where a researcher's own devices exchange."""
