"""A month to practise on, in a store that goes; and what is kept of it."""
