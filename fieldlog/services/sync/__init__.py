"""The exchange with a folder, a server or a hub: where it lies, as whom, and what goes there and back."""
