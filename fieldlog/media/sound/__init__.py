"""Sound: WAV files, the recorder, its pace, what is drawn of it, what is made silent."""
