"""Who is signed in, for how long, and with keys in hand or not."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from helpline.crypto.digest import Digest, keyed_digest, subkey
from helpline.crypto.opening import new_key, unwrap, wrap
from helpline.staff.accounts import KEY_BYTES, PrivateKeys
from helpline.staff.keeping import (
    CALL_COVERED_FOR,
    ENDED_AFTER,
    KEY_DROPPED_AFTER,
    LONGEST_SESSION,
    is_idle,
    is_keyless,
    rounded,
)
from helpline.staff.keys import StaffKeys
from helpline.staff.permissions import Role, opens_envelopes
from helpline.staff.tables import Member, StaffId, StaffSession

Token = NewType("Token", bytes)
"""What a session's cookie holds: 32 bytes that find the session and open its keys. Never stored, never logged."""


class SessionOverError(Exception):
    """There is no such session, it was idle too long, or its person has left."""


class KeysDroppedError(Exception):
    """The session has no private keys in hand (any more): ask for the passphrase."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody signed in, as a request finds her."""

    digest: Digest
    staff_id: StaffId
    shown_name: str
    role: Role
    language: str
    has_keys: bool
    last_used: datetime
    ends_at: datetime
    open_call: str | None

    @property
    def needs_passphrase(self) -> bool:
        """Whether what needs a key must ask for the passphrase first."""
        return opens_envelopes(self.role) and not self.has_keys


def read_token(text: str) -> Token:
    """Return the token that a cookie holds.

    Raises:
        SessionOverError: it cannot be one.
    """
    try:
        token = base64.urlsafe_b64decode(text.encode("ascii", errors="replace"))
    except (binascii.Error, ValueError):
        token = b""
    if len(token) != KEY_BYTES:
        raise SessionOverError
    return Token(token)


def written_token(token: bytes) -> str:
    """Return *token* as a cookie holds it."""
    return base64.urlsafe_b64encode(token).decode()


def new_token() -> Token:
    """Return a new token."""
    return Token(new_key())


def token_digest(token: bytes, *, keys: StaffKeys) -> Digest:
    """Return what is kept instead of *token*."""
    return keyed_digest(token, key=keys.token)


def open_session(session: Session, member: Member, *, private: PrivateKeys, keys: StaffKeys, now: datetime) -> Token:
    """Begin a session of *member* with her *private* keys in it, and return its token."""
    token = new_token()
    row = StaffSession(
        digest=token_digest(token, keys=keys),
        staff_id=member.id,
        wrapped_keys=_wrapped(private, token=token),
        opened_at=rounded(now),
        last_used=rounded(now),
        ends_at=now + LONGEST_SESSION,
    )
    session.add(row)
    session.flush()
    return token


def find_session(session: Session, token: Token, *, keys: StaffKeys, now: datetime) -> Present:
    """Return who is signed in with *token*. Writes nothing.

    Raises:
        SessionOverError: nobody, or no longer.
    """
    row = session.get(StaffSession, token_digest(token, keys=keys))
    member = session.get(Member, row.staff_id) if row else None
    if row is None or member is None or not member.active or _is_over(row, now=now):
        raise SessionOverError
    in_call = _is_covered(row, now=now)
    return Present(
        digest=Digest(row.digest),
        staff_id=member.id,
        shown_name=member.shown_name,
        role=member.role,
        language=member.language,
        has_keys=row.wrapped_keys is not None and (in_call or not is_keyless(row.last_used, now=now)),
        last_used=row.last_used,
        ends_at=row.ends_at,
        open_call=row.open_call if in_call else None,
    )


def is_touch_due(present: Present, *, now: datetime) -> bool:
    """Return whether the session's last use is to be written again: at most once in five minutes."""
    return rounded(now) > present.last_used


def touch(session: Session, present: Present, *, now: datetime) -> None:
    """Write that the session is used *now*, rounded; keys that were idle too long are destroyed with that."""
    values: dict[str, object] = {"last_used": rounded(now)}
    if not present.has_keys:
        values["wrapped_keys"] = None
    session.execute(update(StaffSession).where(StaffSession.digest == present.digest).values(values))


def private_keys(session: Session, token: Token, *, keys: StaffKeys, now: datetime) -> PrivateKeys:
    """Return the private keys that *token* opens.

    Raises:
        SessionOverError: there is no such session.
        KeysDroppedError: it has none in hand.
    """
    present = find_session(session, token, keys=keys, now=now)
    wrapped = session.get_one(StaffSession, present.digest).wrapped_keys
    if wrapped is None or not present.has_keys:
        raise KeysDroppedError
    return PrivateKeys.unpacked(unwrap(wrapped, key=_key_of(token)))


def put_keys(session: Session, token: Token, *, private: PrivateKeys, keys: StaffKeys, now: datetime) -> None:
    """Put *private* keys back into the session of *token*."""
    digest = token_digest(token, keys=keys)
    values = {"wrapped_keys": _wrapped(private, token=token), "last_used": rounded(now)}
    session.execute(update(StaffSession).where(StaffSession.digest == digest).values(values))


def begin_call(session: Session, present: Present, *, talk: str, now: datetime) -> None:
    """Let idle not count while the call about *talk* is open, for two hours at most."""
    values = {"open_call": talk, "call_until": now + CALL_COVERED_FOR, "last_used": rounded(now)}
    session.execute(update(StaffSession).where(StaffSession.digest == present.digest).values(values))


def end_call(session: Session, present: Present, *, now: datetime) -> None:
    """Let idle count again; the trace of the talk goes."""
    values = {"open_call": None, "call_until": None, "last_used": rounded(now)}
    session.execute(update(StaffSession).where(StaffSession.digest == present.digest).values(values))


def close_session(session: Session, present: Present) -> None:
    """End a session and destroy its keys."""
    session.execute(delete(StaffSession).where(StaffSession.digest == present.digest))


def close_others(session: Session, present: Present) -> None:
    """End every other session of the same person."""
    others = delete(StaffSession).where(
        StaffSession.staff_id == present.staff_id, StaffSession.digest != present.digest
    )
    session.execute(others)


def expire_sessions(session: Session, *, now: datetime) -> None:
    """Destroy the keys of sessions that are idle and the sessions that are over; the clock asks for it each minute."""
    uncovered = or_(StaffSession.call_until.is_(None), StaffSession.call_until <= now)
    over = or_(StaffSession.last_used <= now - ENDED_AFTER, StaffSession.ends_at <= now)
    session.execute(delete(StaffSession).where(uncovered, over))
    idle = StaffSession.last_used <= now - KEY_DROPPED_AFTER
    session.execute(update(StaffSession).where(uncovered, idle).values(wrapped_keys=None))


def _is_covered(row: StaffSession, *, now: datetime) -> bool:
    return row.call_until is not None and now < row.call_until


def _is_over(row: StaffSession, *, now: datetime) -> bool:
    """Return whether the session is over; an open call is waited for."""
    return not _is_covered(row, now=now) and (now >= row.ends_at or is_idle(row.last_used, now=now))


def _wrapped(private: PrivateKeys, *, token: Token) -> bytes | None:
    packed = private.packed()
    return wrap(packed, key=_key_of(token)) if packed else None


def _key_of(token: Token) -> bytes:
    return subkey(token, label="private keys")
