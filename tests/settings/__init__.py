"""Promises of the settings."""
