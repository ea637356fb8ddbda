"""What the staff did: appended, chained, never changed; details go at their own hour and the chain still holds."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.crypto.digest import is_same
from helpline.crypto.passwords import new_salt
from helpline.staff.keeping import detail_until
from helpline.staff.tables import Act, AuditEntry, StaffId
from helpline.store.writing import wait_for_turn

AUDIT_LOCK = 0x61756469
"""One act at a time: each needs the link of the one before it."""

BEFORE_THE_FIRST = bytes(hashlib.sha256().digest_size)


class BrokenChainError(Exception):
    """An entry was changed, taken out or put in; ``number`` is the first that does not fit."""

    def __init__(self, number: int) -> None:
        """Keep the *number*."""
        super().__init__(f"entry {number} does not follow from the one before it")
        self.number = number


@dataclass(frozen=True, slots=True)
class Deed:
    """An act to remember. *detail*, *form_id* and the minute are forgotten a day after *slot_end*."""

    staff_id: StaffId
    act: Act
    about: StaffId | None = None
    detail: str | None = None
    form_id: str | None = None
    slot_end: datetime | None = None


def append(session: Session, deed: Deed, *, now: datetime, zone: ZoneInfo) -> bool:
    """Write *deed* down and return whether it was new: a form that was sent before is not written twice."""
    wait_for_turn(session, lock=AUDIT_LOCK)
    if deed.form_id is not None and _is_known(session, deed.form_id):
        return False
    last = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        staff_id=deed.staff_id,
        act=deed.act,
        day=now.astimezone(zone).date(),
        about=deed.about,
        detail=deed.detail,
        minute=now.replace(second=0, microsecond=0),
        salt=new_salt(),
        form_id=deed.form_id,
        detail_until=detail_until(now, slot_end=deed.slot_end),
    )
    entry.detail_digest = _detail_digest(entry)
    entry.link = _link(entry, before=last.link if last else BEFORE_THE_FIRST)
    session.add(entry)
    session.flush()
    return True


def verify_chain(session: Session) -> int:
    """Return how many acts are written down, after checking that each follows from the one before it.

    Raises:
        BrokenChainError: one does not.
    """
    link, count = BEFORE_THE_FIRST, 0
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number)):
        count += 1
        has_detail = entry.salt is not None
        if entry.number != count or not is_same(entry.link, _link(entry, before=link)):
            raise BrokenChainError(count)
        if has_detail and not is_same(entry.detail_digest, _detail_digest(entry)):
            raise BrokenChainError(count)
        link = entry.link
    return count


def _is_known(session: Session, form_id: str) -> bool:
    return session.scalar(select(AuditEntry.number).where(AuditEntry.form_id == form_id)) is not None


def _detail_digest(entry: AuditEntry) -> bytes:
    """Return the hash of what is forgotten; its salt goes with it, so that nobody finds it again by guessing."""
    minute = entry.minute.timestamp() if entry.minute else None
    plain = json.dumps([entry.detail, entry.form_id, minute])
    return hashlib.sha256((entry.salt or b"") + plain.encode()).digest()


def _link(entry: AuditEntry, *, before: bytes) -> bytes:
    plain = json.dumps([entry.number, entry.staff_id, entry.act, entry.day.isoformat(), entry.about])
    return hashlib.sha256(before + entry.detail_digest + plain.encode()).digest()
