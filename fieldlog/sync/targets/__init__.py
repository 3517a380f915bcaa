"""Where an exchange may lie: one file for each kind of place."""
