"""This laptop lets one's own devices in, or this device is paired with one that does."""
