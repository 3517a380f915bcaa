"""The hub: its app, its carriers and certificates."""
