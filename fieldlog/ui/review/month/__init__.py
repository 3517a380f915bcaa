"""The month as a picture: calendar, list, score, people by days; what alone is shown, and the way out."""
