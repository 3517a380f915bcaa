"""Hubs as a device that is paired with them knows them."""
