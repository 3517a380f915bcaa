"""Now: today as a stream, the composer and its rail."""
