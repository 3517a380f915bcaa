"""What was changed on two devices at once: the list, and two versions side by side."""
