"""Photos: what their heads say, who can look at them, lines drawn on a copy."""
