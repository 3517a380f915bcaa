"""The archive by production day where there are no folders but those that a person chooses in a browser."""
