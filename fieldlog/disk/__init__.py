"""Files that survive a power cut: the `Disk` port on a laptop, in memory, and in a browser."""
