"""What was changed on two devices at once: found, compared, and settled by a person."""
