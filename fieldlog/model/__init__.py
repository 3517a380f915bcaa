"""The nouns of a month with a film crew, and the rules between them. Pure; imports nothing of ours."""
