"""Promises of the talks."""
