"""The hub: its carriers and certificates."""
