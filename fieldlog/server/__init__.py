"""What lets browsers in: on this machine, under a secret path."""
