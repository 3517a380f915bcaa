"""The archive on screen: written, checked, copied; copies on their way out of a phone."""
