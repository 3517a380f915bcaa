"""The spine of the day, left of the stream on a laptop."""
