"""Rules over the whole repository."""
