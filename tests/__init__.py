"""What Kentering promises, as tests: rooms mirror those of the code; `house` holds rules over everything."""
