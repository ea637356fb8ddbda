"""The counsellor's side in the tests: who opens, what she sends, what was written down."""

from datetime import date, datetime
from itertools import count as counting

from sqlalchemy import select

from helpline.callbacks.due import DueTalk, talks_between
from helpline.callbacks.queue import (
    Closing,
    Opener,
    Outcome,
)
from helpline.callbacks.rota import day_bounds
from helpline.callbacks.tables import CounsellorId
from helpline.staff.audit import verify_chain
from helpline.staff.permissions import Role
from helpline.staff.tables import Act, AuditEntry, Member, StaffId
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, TUESDAY
from tests.support.world import NOW, World

FORMS = counting(1)


def opener(world: World, name: str) -> Opener:
    return Opener(StaffId(name), world.colleague(name).keys.private)


def closing(outcome: Outcome, *, version: int = 1, form: str | None = None) -> Closing:
    return Closing(StaffId("anna"), outcome, version, form or f"form {next(FORMS)}")


def acts(stores: Stores) -> list[tuple[Act, str, str | None]]:
    with stores.office.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert verify_chain(session) == len(entries)
    return [(entry.act, entry.staff_id, entry.detail) for entry in entries]


def day_of(stores: Stores, reader: str, *, day: date = TUESDAY, now: datetime = NOW) -> list[DueTalk]:
    first, last = day_bounds(day, zone=AMSTERDAM)
    with stores.helpline.read() as session:
        return talks_between(session, CounsellorId(reader), first=first, last=last, now=now)


def member(name: str) -> Member:
    """Return an account of a counsellor, whose id is her *name*."""
    return Member(
        id=name,
        name=name,
        shown_name=name.title(),
        role=Role.COUNSELLOR,
        language="nl",
        stands_in=True,
        joined_on=NOW.date(),
    )
