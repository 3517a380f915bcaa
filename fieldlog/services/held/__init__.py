"""What this device holds: what was read back from its disk and hashed, and what a person let go."""
