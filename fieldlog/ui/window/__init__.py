"""One window: what it shows, how it looks, the device it runs on, the strip that takes back."""
