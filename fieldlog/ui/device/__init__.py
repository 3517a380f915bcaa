"""This device and its studies."""
