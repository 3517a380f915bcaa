"""Every visible word: in both languages, kinds and types once each, times as the crew counts them."""
