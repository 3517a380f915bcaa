"""Proof: what each device and place has read back and hashed, and room that is made because of it."""
