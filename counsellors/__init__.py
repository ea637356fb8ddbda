"""The back office: sign in, see the day, hold talks, keep hours and staff, export counts."""
