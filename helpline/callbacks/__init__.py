"""Talks: hours become times, a time becomes a booking, a booking becomes a call and is forgotten."""
