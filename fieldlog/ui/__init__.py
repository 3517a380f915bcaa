"""The face one sees: words, and the app's screens."""
