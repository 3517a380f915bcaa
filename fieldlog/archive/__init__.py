"""The archive by production day: folders that a stranger can read and check with standard tools."""
