"""What comes in from elsewhere: a month, folders of photos and recordings, tables of notes."""
