"""Files from elsewhere: seen, kept while a person decides, and looked at before anything comes in."""
