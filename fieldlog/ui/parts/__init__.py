"""What every screen is made of: colours, type and measures, glyphs, small parts."""
