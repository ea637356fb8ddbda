"""Keyed digests, and one key per purpose."""

import hashlib
import hmac
from typing import NewType

Digest = NewType("Digest", bytes)
Subkey = NewType("Subkey", bytes)

DIGEST_BYTES = 32


def subkey(key: bytes, *, label: str) -> Subkey:
    """Return the key for one purpose out of a process's one *key*, so that no key serves two purposes.

    32 bytes, HMAC-SHA-256 of the label (the expand step of RFC 5869 with one block).
    """
    return Subkey(hmac.digest(key, f"kentering/1/{label}".encode(), hashlib.sha256))


def keyed_digest(message: bytes, *, key: Subkey) -> Digest:
    """Return the 32 bytes of HMAC-SHA-256 of *message* under *key*."""
    return Digest(hmac.digest(key, message, hashlib.sha256))


def is_same(one: bytes, other: bytes) -> bool:
    """Return whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
