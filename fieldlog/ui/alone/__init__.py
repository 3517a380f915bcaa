"""What stands alone over everything: a clock, one note, the sign for the table."""
