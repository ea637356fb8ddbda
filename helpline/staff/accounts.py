"""Make an account, draw its passphrase again, end it. What it is given is shown once and kept by nobody here."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.crypto.opening import KeyPair, opening_pair, signing_pair, unwrap, wrap
from helpline.crypto.passwords import Cost, hash_passphrase, new_passphrase, new_salt, wrapping_key
from helpline.staff.factors import new_recovery_codes, new_secret, recovery_digest
from helpline.staff.keys import Door
from helpline.staff.permissions import Role, opens_envelopes, signs_rosters
from helpline.staff.tables import Feed, KnownDevice, Member, RecoveryCode, StaffId, StaffSession
from helpline.store.types import random_id
from helpline.store.writing import wait_for_turn

ACCOUNTS_LOCK = 0x73746166
KEY_BYTES = 32
FINGERPRINT_BYTES = 16


class NameTakenError(Exception):
    """Somebody signs in with this name already, or did once."""


class UnknownMemberError(Exception):
    """There is no such member of the staff, or she has left."""


class OwnAccountError(Exception):
    """Nobody ends her own account: somebody must be left who can make others."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """Whom to make an account for."""

    name: str
    shown_name: str
    role: Role
    language: str
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """What a passphrase unlocks: the key that opens envelopes and the one that signs rosters, where there is one."""

    opening: bytes | None = field(default=None, repr=False)
    signing: bytes | None = field(default=None, repr=False)

    def packed(self) -> bytes:
        """Return both keys in one fixed form, empty if there are none."""
        return (self.opening or b"") + (self.signing or b"")

    @classmethod
    def unpacked(cls, packed: bytes) -> "PrivateKeys":
        """Return the keys that were packed: whoever signs opens too, so the first one always opens."""
        return cls(opening=packed[:KEY_BYTES] or None, signing=packed[KEY_BYTES:] or None)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new account, and what is shown once."""

    member: Member
    passphrase: str = field(repr=False)
    factor: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


def issue(new: NewMember, *, door: Door, words: Sequence[str], today: date) -> Issued:
    """Return an account for *new* that is not stored yet: Argon2 must not keep a store waiting."""
    passphrase, factor, salt = new_passphrase(words), new_secret(), new_salt()
    key = wrapping_key(passphrase, salt=salt, pepper=door.keys.passphrase, cost=door.cost)
    opening = opening_pair() if opens_envelopes(new.role) else None
    signing = signing_pair() if signs_rosters(new.role) else None
    member = Member(
        id=StaffId(random_id()),
        name=normal_name(new.name),
        shown_name=new.shown_name,
        role=new.role,
        language=new.language,
        stands_in=new.stands_in and opening is not None,
        joined_on=today,
        active=True,
        login_hash=hash_passphrase(passphrase, pepper=door.keys.passphrase, cost=door.cost),
        wrapping_salt=salt,
        public_key=opening.public if opening else None,
        wrapped_key=_wrapped(opening, key=key),
        verify_key=signing.public if signing else None,
        wrapped_signing_key=_wrapped(signing, key=key),
        wrapped_factor=wrap(factor.encode(), key=door.keys.factor),
    )
    return Issued(member, passphrase, factor, new_recovery_codes())


def add_member(session: Session, issued: Issued, *, door: Door) -> StaffId:
    """Store an *issued* account and return its id.

    Raises:
        NameTakenError: somebody has that name.
    """
    wait_for_turn(session, lock=ACCOUNTS_LOCK)
    if session.scalar(select(Member.id).where(Member.name == issued.member.name)) is not None:
        raise NameTakenError
    session.add(issued.member)
    session.flush()
    digests = [recovery_digest(code, keys=door.keys) for code in issued.recovery_codes]
    session.add_all(RecoveryCode(digest=digest, staff_id=issued.member.id) for digest in digests)
    session.flush()
    return issued.member.id


def unlock(member: Member, passphrase: str, *, door: Door) -> PrivateKeys:
    """Return the private keys that the right *passphrase* of *member* unwraps; for anything else none are there.

    Raises:
        CannotOpenError: it is not the right one.
    """
    cost = Cost.of(member.login_hash or "", otherwise=door.cost)
    key = wrapping_key(passphrase, salt=member.wrapping_salt or b"", pepper=door.keys.passphrase, cost=cost)
    return PrivateKeys(
        opening=unwrap(member.wrapped_key, key=key) if member.wrapped_key else None,
        signing=unwrap(member.wrapped_signing_key, key=key) if member.wrapped_signing_key else None,
    )


def draw_passphrase(member: Member, private: PrivateKeys, *, door: Door, words: Sequence[str]) -> str:
    """Give *member* a new passphrase, wrap her *private* keys under it, and return it: drawn, never chosen."""
    passphrase, salt = new_passphrase(words), new_salt()
    key = wrapping_key(passphrase, salt=salt, pepper=door.keys.passphrase, cost=door.cost)
    member.login_hash = hash_passphrase(passphrase, pepper=door.keys.passphrase, cost=door.cost)
    member.wrapping_salt = salt
    member.wrapped_key = wrap(private.opening, key=key) if private.opening else None
    member.wrapped_signing_key = wrap(private.signing, key=key) if private.signing else None
    return passphrase


def deactivate(session: Session, staff_id: StaffId, *, by: StaffId) -> Member:
    """End an account and return it: keys, factors, sessions, devices, feed go at once; the name stays for the audit.

    Who may open envelopes changes with the roster that the caller signs next.

    Raises:
        OwnAccountError: it is the account of *by*.
        UnknownMemberError: there is no such account.
    """
    if staff_id == by:
        raise OwnAccountError
    member = find_member(session, staff_id)
    member.active = member.stands_in = False
    member.login_hash = member.wrapping_salt = member.last_step = None
    member.public_key = member.wrapped_key = None
    member.verify_key = member.wrapped_signing_key = member.wrapped_factor = None
    for table in (RecoveryCode, StaffSession, KnownDevice, Feed):
        session.execute(delete(table).where(table.staff_id == staff_id))
    session.flush()
    return member


def find_member(session: Session, staff_id: str) -> Member:
    """Return the active member of the staff with that id.

    Raises:
        UnknownMemberError: there is none.
    """
    member = session.get(Member, staff_id)
    if member is None or not member.active:
        raise UnknownMemberError
    return member


def members(session: Session) -> list[Member]:
    """Return everybody who has or had an account, those who can sign in first, by shown name."""
    return list(session.scalars(select(Member).order_by(Member.active.desc(), Member.shown_name)))


def normal_name(typed: str) -> str:
    """Return a sign-in name as it is stored, however it was typed."""
    return "".join(typed.split()).lower()


def fingerprint(public_key: bytes) -> str:
    """Return eight groups of four digits, to be read aloud and compared."""
    digest = hashlib.sha256(public_key).digest()[:FINGERPRINT_BYTES]
    pairs = [digest[start : start + 2] for start in range(0, FINGERPRINT_BYTES, 2)]
    return " ".join(pair.hex() for pair in pairs)


def _wrapped(pair: KeyPair | None, *, key: bytes) -> bytes | None:
    return wrap(pair.private, key=key) if pair else None
