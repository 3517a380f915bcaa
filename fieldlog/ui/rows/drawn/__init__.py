"""Rows as they are drawn: the tile, its photos, its sound."""
