"""Promises of the demo."""
