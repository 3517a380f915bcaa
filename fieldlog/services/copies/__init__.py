"""Copies: what was handed out and where it lies; bundles written, read, checked and brought in; the outbox."""
