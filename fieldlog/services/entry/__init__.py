"""An entry later: changed, with every revision kept; its form; sketches beside its photos."""
