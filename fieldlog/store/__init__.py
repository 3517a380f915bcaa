"""The store: journals that are the truth, TinyDB views folded from them, and search over those."""
