"""Promises of the stores."""
