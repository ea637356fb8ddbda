"""Write the roster of who may open: draw it up, say what changes, sign it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.crypto.opening import sign
from helpline.crypto.seal import is_signed
from helpline.day_keys import DAYS_AHEAD, DayKeys
from helpline.roster import LIFE, RENEWED_BELOW, Reader, Roster
from helpline.staff.accounts import PrivateKeys
from helpline.staff.audit import Deed, append
from helpline.staff.keeping import CHANGES_SHOWN
from helpline.staff.tables import Act, Change, Member, RosterChange, StaffId
from helpline.store.types import random_id
from helpline.store.writing import insert_free


class CannotSignError(Exception):
    """This person has no key to sign with, or the visitors' site does not know it (ROSTER_VERIFY_KEYS)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new roster changes about somebody's right to open."""

    staff_id: StaffId
    change: Change


@dataclass(frozen=True, slots=True)
class SignedRoster:
    """A roster and the signature of its body."""

    roster: Roster
    signature: bytes


def draw_up(session: Session, *, serial: int, day_keys: DayKeys, zone: ZoneInfo, now: datetime) -> Roster:
    """Return the roster of everybody who has a key to open with, for LIFE from *now*.

    A day of the next DAYS_AHEAD that lacks a key gets one: its private half is on disk before its public half is here.
    """
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=count) for count in range(DAYS_AHEAD)]
    return Roster(
        serial=serial,
        valid_until=(now + LIFE).replace(microsecond=0),
        readers=readers(session),
        day_keys={day: day_keys.public(day) for day in days},
    )


def readers(session: Session) -> tuple[Reader, ...]:
    """Return everybody who may open, by id."""
    holding = select(Member).where(Member.active, Member.public_key.is_not(None)).order_by(Member.id)
    return tuple(
        Reader(member.id, member.public_key, member.stands_in, member.joined_on, None)
        for member in session.scalars(holding)
        if member.public_key is not None
    )


def differences(old: Sequence[Reader], new: Sequence[Reader]) -> list[Difference]:
    """Return what *new* changes against *old*, person by person."""
    before, after = ({reader.counsellor_id: reader for reader in which} for which in (old, new))
    left = [Difference(StaffId(it), Change.LEFT) for it in sorted(before.keys() - after.keys())]
    joined = [Difference(StaffId(it), Change.JOINED) for it in sorted(after.keys() - before.keys())]
    changed = [
        Difference(StaffId(it), change)
        for it in sorted(before.keys() & after.keys())
        for change in _changes(before[it], after[it])
    ]
    return left + joined + changed


def is_renewal_due(roster: Roster, *, now: datetime) -> bool:
    """Return whether a sign-in of somebody who signs should renew *roster* in silence."""
    return roster.valid_until - now < RENEWED_BELOW


def signed(roster: Roster, private: PrivateKeys, *, verify_keys: Sequence[bytes]) -> SignedRoster:
    """Return *roster* signed, after checking that whoever reads it will believe it.

    Raises:
        CannotSignError: there is no key to sign with, or the visitors' site would not believe it.
    """
    if private.signing is None:
        raise CannotSignError
    body = roster.body()
    signature = sign(body, private=private.signing)
    if not any(is_signed(body, signature=signature, key=key) for key in verify_keys):
        raise CannotSignError
    return SignedRoster(roster, signature)


def note_signing(
    session: Session,
    roster: Roster,
    *,
    changes: Sequence[Difference],
    by: StaffId,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Write down that *by* signed *roster*, and each change where everybody sees it for two weeks."""
    today = now.astimezone(zone).date()
    rows = [
        {
            "id": random_id(),
            "serial": roster.serial,
            "staff_id": difference.staff_id,
            "change": difference.change,
            "signed_on": today,
        }
        for difference in changes
    ]
    insert_free(session, RosterChange, rows=rows)
    append(session, Deed(by, Act.ROSTER_SIGNED), now=now, zone=zone)


def recent_changes(session: Session, *, today: date) -> list[tuple[Member, RosterChange]]:
    """Return the changes of the last two weeks and whom they are about, the newest first."""
    rows = session.execute(
        select(Member, RosterChange)
        .join(RosterChange, RosterChange.staff_id == Member.id)
        .where(RosterChange.signed_on > today - CHANGES_SHOWN)
        .order_by(RosterChange.serial.desc(), Member.shown_name)
    )
    return [(member, change) for member, change in rows]


def _changes(before: Reader, after: Reader) -> list[Change]:
    found = {
        Change.KEY_CHANGED: before.public_key != after.public_key,
        Change.DATES_CHANGED: (before.first_day, before.last_day) != (after.first_day, after.last_day),
        Change.STANDING_IN_CHANGED: before.stands_in != after.stands_in,
    }
    return [change for change, happened in found.items() if happened]
