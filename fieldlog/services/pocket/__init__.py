"""The app on a phone, in a browser without a server: its first page, and its doors to other apps."""
