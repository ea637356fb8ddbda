"""The single-use token of a form: stateless, of one length, good in any worker."""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from helpline.callbacks.keeping import TOKEN_LEAST_AGE, TOKEN_LIFE
from helpline.crypto.digest import is_same, keyed_digest, subkey

RANDOM_BYTES = 16
TIME_BYTES = 4
MAC_BYTES = 16
TOKEN_LENGTH = 4 * (RANDOM_BYTES + TIME_BYTES + MAC_BYTES) // 3
"""48 characters of URL-safe base 64, without padding."""


class FormTokenError(Exception):
    """A form cannot be taken as it is."""


class ForgedTokenError(FormTokenError):
    """We did not make this token."""


class TokenTooYoungError(FormTokenError):
    """Sent within three seconds of being shown: a machine, or a double press on a restored page."""


class TokenTooOldError(FormTokenError):
    """The page was shown too long ago."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """The 128 random bits of a form. The code is derived from them, so they are never logged or kept.

    *said* is the door word as it was typed into this form: it goes no further than the door.
    """

    bits: bytes
    said: str = ""


def issue_token(*, key: bytes, now: datetime) -> str:
    """Return a new token, TOKEN_LENGTH characters: random bits, the second it was shown, and our mark on both."""
    body = secrets.token_bytes(RANDOM_BYTES) + int(now.timestamp()).to_bytes(TIME_BYTES, "big")
    return base64.urlsafe_b64encode(body + _mark(body, key=key)).decode()


def read_token(text: str, *, key: bytes, now: datetime, least_age: timedelta = TOKEN_LEAST_AGE) -> FormToken:
    """Return the token in *text*.

    Raises:
        ForgedTokenError: it is not one of ours.
        TokenTooYoungError: it was issued less than *least_age* ago.
        TokenTooOldError: it was issued more than TOKEN_LIFE ago, after which a spent one is no longer remembered.
    """
    body, mark = _parts(text)
    if not is_same(mark, _mark(body, key=key)):
        raise ForgedTokenError
    age = now - datetime.fromtimestamp(int.from_bytes(body[RANDOM_BYTES:], "big"), tz=UTC)
    if age < least_age:
        raise TokenTooYoungError
    if age > TOKEN_LIFE:
        raise TokenTooOldError
    return FormToken(bits=body[:RANDOM_BYTES])


def _parts(text: str) -> tuple[bytes, bytes]:
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ForgedTokenError from error
    if len(raw) != RANDOM_BYTES + TIME_BYTES + MAC_BYTES:
        raise ForgedTokenError
    return raw[:-MAC_BYTES], raw[-MAC_BYTES:]


def _mark(body: bytes, *, key: bytes) -> bytes:
    return keyed_digest(body, key=subkey(key, label="form token"))[:MAC_BYTES]
