"""Originals that come in before the lines that name them."""
