"""The self-help programme: its texts, its exercises, and who else can help. Knows no Flask and no SQL."""
