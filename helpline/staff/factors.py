"""The second factor: one-time codes of a telephone, and recovery codes for when it is lost."""

import base64
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from helpline.codes import ALPHABET, LOOK_ALIKES
from helpline.crypto.digest import Digest, keyed_digest
from helpline.crypto.opening import new_key, unwrap
from helpline.staff.keys import StaffKeys
from helpline.staff.tables import Member, RecoveryCode

SECRET_BYTES = 20
"""160 bits, as RFC 4226 recommends."""

DIGITS = 6
STEPS_AROUND = 1
"""A code of the step before and of the one after is right too: clocks differ."""

RECOVERY_SYMBOLS = 16
"""80 bits: a keyed digest is enough to keep, no slow hash is needed."""

RECOVERY_CODES = 8
GROUP = 4


def new_secret() -> str:
    """Return a new secret for one-time codes, in base 32 as telephones take it."""
    return base64.b32encode(new_key()[:SECRET_BYTES]).decode()


def secret_of(member: Member, *, keys: StaffKeys) -> str:
    """Return the secret of *member*'s one-time codes; empty when she has left."""
    return unwrap(member.wrapped_factor, key=keys.factor).decode() if member.wrapped_factor else ""


def current_code(secret: str, *, now: datetime) -> str:
    """Return the one-time code of *now*."""
    return pyotp.TOTP(secret).at(now)


def address_for_telephones(secret: str, *, name: str, issuer: str) -> str:
    """Return the otpauth address that a telephone reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def new_recovery_codes() -> tuple[str, ...]:
    """Return new recovery codes, in groups as they are shown."""
    return tuple(_grouped(new_key()) for _ in range(RECOVERY_CODES))


def recovery_digest(code: str, *, keys: StaffKeys) -> Digest:
    """Return what is kept instead of *code*, typed in any case and grouping."""
    symbols = "".join(symbol for symbol in code.upper() if symbol.isalnum()).translate(LOOK_ALIKES)
    return keyed_digest(symbols.encode(), key=keys.recovery)


def spend_factor(session: Session, member: Member, *, code: str, keys: StaffKeys, now: datetime) -> bool:
    """Return whether *code* is a right one that was not used before, and spend it.

    Call it after the passphrase was found right only: else a stranger could spend the codes of somebody's telephone.
    """
    plain = "".join(code.split())
    if len(plain) == DIGITS and plain.isdecimal():
        return _spend_step(session, member, code=plain, keys=keys, now=now)
    digest = recovery_digest(code, keys=keys)
    spent = delete(RecoveryCode).where(RecoveryCode.digest == digest, RecoveryCode.staff_id == member.id)
    return session.connection().execute(spent).rowcount == 1


def _spend_step(session: Session, member: Member, *, code: str, keys: StaffKeys, now: datetime) -> bool:
    totp = pyotp.TOTP(secret_of(member, keys=keys))
    try:
        step = totp.verify_and_get_timecode(code, for_time=now, valid_window=STEPS_AROUND)
    except OTPVerificationError:
        return False
    # Compare and swap: of two sign-ins with one code, one is refused.
    unused = or_(Member.last_step.is_(None), Member.last_step < step)
    spent = update(Member).where(Member.id == member.id, unused).values(last_step=step)
    return session.connection().execute(spent).rowcount == 1


def _grouped(randomness: bytes) -> str:
    symbols = "".join(ALPHABET[byte % len(ALPHABET)] for byte in randomness[:RECOVERY_SYMBOLS])
    return " ".join(symbols[start : start + GROUP] for start in range(0, RECOVERY_SYMBOLS, GROUP))
