"""The hub: what this laptop offers to its owner's own paired devices, and how it is carried to them."""
