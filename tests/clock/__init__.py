"""Promises of the clock."""
