"""The open study: its store and device, its forms, what is promised to be erased, what can be taken back."""
