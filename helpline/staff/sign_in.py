"""Sign in: passphrase and second factor, at the same cost for a name that nobody has."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.crypto.digest import Digest
from helpline.crypto.opening import CannotOpenError
from helpline.crypto.passwords import is_passphrase, new_salt
from helpline.staff.accounts import PrivateKeys, UnknownMemberError, find_member, normal_name, unlock
from helpline.staff.audit import Deed, append
from helpline.staff.factors import spend_factor
from helpline.staff.keeping import DEVICE_KNOWN_FOR, DEVICES_EACH, rounded
from helpline.staff.keys import Door
from helpline.staff.sessions import Present, Token, new_token, open_session, put_keys, token_digest
from helpline.staff.tables import Act, KnownDevice, Member
from helpline.staff.tries import clear, subject_of_device, subject_of_name, subject_of_session, take_turn
from helpline.store.engine import Sessions


class SignInRefusedError(Exception):
    """Name, passphrase or code is wrong, or the code was used. Which of them is told to nobody."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed, and the token of the device it was typed on."""

    name: str
    passphrase: str = field(repr=False)
    code: str = field(repr=False)
    device: Token | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Two tokens for two cookies: of the session, and of the device."""

    member: Member
    private: PrivateKeys
    token: Token = field(repr=False)
    device: Token = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is: a person or nobody, on a device that she signed in on before or not."""

    subject: str
    member: Member | None
    device: Digest | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """A turn whose passphrase was right."""

    turn: _Turn
    typed: Credentials
    private: PrivateKeys


def sign_in(office: Sessions, typed: Credentials, *, door: Door, now: datetime) -> SignedIn:
    """Return a new session. No transaction is open while Argon2 runs, so nobody's sign-in holds up the store.

    Raises:
        SignInRefusedError: something typed is wrong.
        SlowedError: too many tries in vain.
        NoSeatError: too many people sign in at this moment.
    """
    turn = office.transact(lambda session: _take_turn(session, typed, door=door, now=now))
    private = _try_passphrase(turn, typed.passphrase, door=door)
    if private is None:
        raise SignInRefusedError
    answer = _Answer(turn, typed, private)
    return office.transact(lambda session: _let_in(session, answer, door=door, now=now))


def regain_keys(
    office: Sessions, present: Present, *, passphrase: str, token: Token, door: Door, now: datetime
) -> PrivateKeys:
    """Return the private keys of somebody signed in, put back into her session.

    Raises:
        SignInRefusedError: it is not her passphrase, or she was deactivated a moment ago.
        SlowedError: too many tries in vain.
        NoSeatError: too many people sign in at this moment.
    """
    subject = subject_of_session(present.digest)

    def begin(session: Session) -> Member:
        take_turn(session, subject, now=now)
        try:
            return find_member(session, present.staff_id)
        except UnknownMemberError:
            raise SignInRefusedError from None

    member = office.transact(begin)
    private = _try_passphrase(_Turn(subject, member, device=present.digest), passphrase, door=door)
    if private is None:
        raise SignInRefusedError

    def finish(session: Session) -> None:
        _unchanged(session, member)
        clear(session, subject)
        put_keys(session, token, private=private, keys=door.keys, now=now)

    office.transact(finish)
    return private


def _take_turn(session: Session, typed: Credentials, *, door: Door, now: datetime) -> _Turn:
    name = normal_name(typed.name)
    member = session.scalar(select(Member).where(Member.name == name, Member.active))
    device = _known_device(session, typed, member=member, door=door, now=now)
    subject = subject_of_device(device) if device else subject_of_name(name, keys=door.keys)
    take_turn(session, subject, now=now)
    return _Turn(subject, member, device)


def _known_device(
    session: Session, typed: Credentials, *, member: Member | None, door: Door, now: datetime
) -> Digest | None:
    """Return the digest of a device on which this same person signed in before."""
    if typed.device is None or member is None:
        return None
    digest = token_digest(typed.device, keys=door.keys)
    row = session.get(KnownDevice, digest)
    is_hers = row is not None and row.staff_id == member.id and now - row.used_at < DEVICE_KNOWN_FOR
    return digest if is_hers else None


def _try_passphrase(turn: _Turn, passphrase: str, *, door: Door) -> PrivateKeys | None:
    """Return her private keys, or None. Hash and wrapping key are made in any case: the time tells nothing."""
    somebody = turn.member or Member(login_hash=door.decoy, wrapping_salt=new_salt())
    with door.seats.taken(is_known=turn.device is not None):
        hashed = somebody.login_hash or door.decoy
        is_right = is_passphrase(passphrase, hashed=hashed, pepper=door.keys.passphrase)
        try:
            private = unlock(somebody, passphrase, door=door)
        except CannotOpenError:
            return None
    return private if is_right and turn.member is not None else None


def _let_in(session: Session, answer: _Answer, *, door: Door, now: datetime) -> SignedIn:
    """Return the session, if the second factor is right too: a code is spent only after a right passphrase."""
    turn, typed = answer.turn, answer.typed
    member = _unchanged(session, turn.member)
    if not spend_factor(session, member, code=typed.code, keys=door.keys, now=now):
        raise SignInRefusedError
    clear(session, turn.subject)
    append(session, Deed(member.id, Act.SIGNED_IN), now=now, zone=door.zone)
    token = open_session(session, member, private=answer.private, keys=door.keys, now=now)
    device = typed.device if turn.device and typed.device else new_token()
    _remember_device(session, member, digest=token_digest(device, keys=door.keys), now=now)
    return SignedIn(member=member, private=answer.private, token=token, device=device)


def _unchanged(session: Session, tried: Member | None) -> Member:
    """Return the member whose passphrase was *tried*, if it is hers still.

    Argon2 took a while: she may have been deactivated meanwhile, or have drawn another passphrase.
    """
    member = session.get(Member, tried.id) if tried else None
    if member is None or tried is None or member.login_hash != tried.login_hash:
        raise SignInRefusedError
    return member


def _remember_device(session: Session, member: Member, *, digest: Digest, now: datetime) -> None:
    """Keep the device she signs in on; of more than a few, the one used longest ago is a stranger again."""
    session.merge(KnownDevice(digest=digest, staff_id=member.id, used_at=rounded(now)))
    session.flush()
    hers = select(KnownDevice.digest).where(KnownDevice.staff_id == member.id)
    newest_first = session.scalars(hers.order_by(KnownDevice.used_at.desc(), KnownDevice.digest == digest)).all()
    surplus = [old for old in newest_first[DEVICES_EACH:] if old != digest]
    session.execute(delete(KnownDevice).where(KnownDevice.digest.in_(surplus)))
