"""Close an envelope: anybody can, nobody here can open it again."""

from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.public import PublicKey, SealedBox
from nacl.signing import VerifyKey

PADDED_BYTES = 1024
"""Every plaintext has this length, so the size of an envelope tells nothing of what is in it."""

SEAL_BYTES = 48
"""What one libsodium sealed box adds: an ephemeral key (32) and an authenticator (16)."""

SEALED_BYTES = PADDED_BYTES + 2 * SEAL_BYTES


class TooLongToSealError(Exception):
    """What should go into the envelope is longer than every envelope is."""


@dataclass(frozen=True, slots=True)
class ReaderKeys:
    """The two public keys, 32 bytes each, that an envelope is closed under: who opens it, and the day it is for."""

    reader: bytes
    day: bytes


def seal(plaintext: bytes, *, keys: ReaderKeys) -> bytes:
    """Return *plaintext*, padded, in a sealed box to the reader, and that in one to the day: SEALED_BYTES long.

    A passphrase alone opens nothing once the day's key is gone; the day's key alone opens nothing ever.

    Raises:
        TooLongToSealError: *plaintext* is longer than PADDED_BYTES - 1.
    """
    inner = SealedBox(PublicKey(keys.reader)).encrypt(pad(plaintext))
    return SealedBox(PublicKey(keys.day)).encrypt(inner)


def pad(plaintext: bytes) -> bytes:
    """Return *plaintext*, a mark and zeros up to PADDED_BYTES (ISO/IEC 7816-4).

    Raises:
        TooLongToSealError: there is no room for the mark.
    """
    if len(plaintext) >= PADDED_BYTES:
        raise TooLongToSealError
    return (plaintext + b"\x80").ljust(PADDED_BYTES, b"\0")


def is_signed(message: bytes, *, signature: bytes, key: bytes) -> bool:
    """Return whether *signature* (Ed25519, 64 bytes) of *message* was made by the holder of *key*.

    What is no bytes at all is not signed: SQLite keeps a text in a column of bytes.
    """
    try:
        VerifyKey(key).verify(message, signature)
    except (BadSignatureError, TypeError, ValueError):
        return False
    return True
