"""Passphrases: made, checked, and turned into the key that wraps a private key."""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw

from helpline.crypto.digest import Subkey, keyed_digest

PASSPHRASE_BITS = 77
"""What six words of a list of 7,776 would hold (contacts.md); our shorter lists need eight words for it."""

SALT_BYTES = 16
WRAPPING_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: memory in KiB, passes, lanes."""

    memory: int = 65536
    passes: int = 3
    lanes: int = 1

    @classmethod
    def of(cls, hashed: str, *, otherwise: Self) -> Self:
        """Return the cost that a login hash names, *otherwise* where it is no hash: what nobody passes may cost that.

        What was wrapped at an older cost is unwrapped at that cost, so raising it locks nobody out.
        """
        try:
            named = extract_parameters(hashed)
        except InvalidHashError:
            return otherwise
        return cls(memory=named.memory_cost, passes=named.time_cost, lanes=named.parallelism)


def new_passphrase(words: Sequence[str]) -> str:
    """Return as many words drawn from *words* as PASSPHRASE_BITS need, joined by hyphens; drawn, never chosen."""
    length = math.ceil(PASSPHRASE_BITS / math.log2(len(words)))
    return "-".join(secrets.choice(words) for _ in range(length))


def hash_passphrase(passphrase: str, *, pepper: Subkey, cost: Cost) -> str:
    """Return the Argon2id hash to keep, with its own salt and cost in it."""
    hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=cost.lanes)
    return hasher.hash(_peppered(passphrase, pepper=pepper))


def is_passphrase(passphrase: str, *, hashed: str, pepper: Subkey) -> bool:
    """Return whether *passphrase* is the one that was hashed, at the cost that the hash names."""
    try:
        return PasswordHasher().verify(hashed, _peppered(passphrase, pepper=pepper))
    except (VerificationError, InvalidHashError):
        return False


def wrapping_key(passphrase: str, *, salt: bytes, pepper: Subkey, cost: Cost) -> bytes:
    """Return the 32 bytes that wrap a private key; *salt* is not the one of the login hash."""
    return hash_secret_raw(
        _peppered(passphrase, pepper=pepper),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory,
        parallelism=cost.lanes,
        hash_len=WRAPPING_KEY_BYTES,
        type=Type.ID,
    )


def new_salt() -> bytes:
    """Return 16 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def _peppered(passphrase: str, *, pepper: Subkey) -> bytes:
    """Return the passphrase keyed with what lies in the environment only, blind to case, spaces and hyphens."""
    plain = "-".join(passphrase.lower().replace("-", " ").split())
    return keyed_digest(plain.encode(), key=pepper)
