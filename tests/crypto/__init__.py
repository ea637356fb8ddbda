"""Promises of the cryptography."""
