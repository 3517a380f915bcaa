"""What one tap writes: takes, counts, figures, templates."""
