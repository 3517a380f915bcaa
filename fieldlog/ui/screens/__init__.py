"""Screens: what a route shows."""
