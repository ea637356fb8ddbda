"""Fixed keys: worth nothing outside the tests, and the same in every run."""

import base64
import hashlib


def fixed(label: str) -> bytes:
    """Return 32 bytes that belong to *label*."""
    return hashlib.sha256(f"a key of the tests: {label}".encode()).digest()


def written(key: bytes) -> str:
    """Return *key* as an environment holds it."""
    return base64.b64encode(key).decode()


CODE_KEY = fixed("code")
FORM_KEY = fixed("form")
SESSION_KEY = fixed("session")
OFFICE_PEPPER = fixed("pepper")
ROSTER_SIGNING_KEY = fixed("roster")
