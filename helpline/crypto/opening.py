"""Whatever needs a private key: make one, open an envelope, sign. The visitors' site cannot reach this room."""

from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey
from nacl.utils import random

from helpline.crypto.seal import PADDED_BYTES

KEY_BYTES = 32


class CannotOpenError(Exception):
    """The key does not open this: another reader's, another day's, or a changed envelope."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key (32 bytes, never shown by repr) and its public half (32 bytes)."""

    private: bytes = field(repr=False)
    public: bytes


def opening_pair() -> KeyPair:
    """Return a new X25519 pair: for one reader, or for one day."""
    private = PrivateKey.generate()
    return KeyPair(private=bytes(private), public=bytes(private.public_key))


def signing_pair() -> KeyPair:
    """Return a new Ed25519 pair, for who may sign the roster."""
    private = SigningKey.generate()
    return KeyPair(private=bytes(private), public=bytes(private.verify_key))


def public_half(private: bytes) -> bytes:
    """Return the public half (32 bytes) of an X25519 *private* key."""
    return bytes(PrivateKey(private).public_key)


def sign(message: bytes, *, private: bytes) -> bytes:
    """Return the Ed25519 signature (64 bytes) of *message*."""
    return SigningKey(private).sign(message).signature


def open_sealed(sealed: bytes, *, reader: bytes, day: bytes) -> bytes:
    """Return what was sealed, without its padding.

    Raises:
        CannotOpenError: one of the two private keys is not the right one, a byte was changed, or it is no
            envelope of ours.
    """
    try:
        inner = SealedBox(PrivateKey(day)).decrypt(sealed)
        padded = SealedBox(PrivateKey(reader)).decrypt(inner)
    except CryptoError as error:
        raise CannotOpenError from error
    plaintext, mark, zeros = padded.rpartition(b"\x80")
    # Whoever can write to the store can seal: an envelope of another make must not reach the parser.
    if len(padded) != PADDED_BYTES or not mark or any(zeros):
        raise CannotOpenError
    return plaintext


def new_key() -> bytes:
    """Return 32 random bytes."""
    return random(KEY_BYTES)


def wrap(secret: bytes, *, key: bytes) -> bytes:
    """Return *secret* encrypted and authenticated under *key* (XSalsa20-Poly1305, 40 bytes longer)."""
    return bytes(SecretBox(key).encrypt(secret))


def unwrap(wrapped: bytes, *, key: bytes) -> bytes:
    """Return what was wrapped.

    Raises:
        CannotOpenError: *key* is not the one, or a byte was changed.
    """
    try:
        return SecretBox(key).decrypt(wrapped)
    except CryptoError as error:
        raise CannotOpenError from error
