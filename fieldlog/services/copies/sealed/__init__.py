"""Sealed bundles: written, opened with a passphrase, and proven by eight digits. See docs/sealed.md."""
