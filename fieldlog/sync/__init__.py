"""Exchange of journals and media with a place that both devices reach."""
