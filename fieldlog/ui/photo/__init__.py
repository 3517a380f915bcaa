"""Photos: the camera, chosen files, drawing on a copy."""
