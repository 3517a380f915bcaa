"""What the browser itself does for a phone: ciphers and requests."""
