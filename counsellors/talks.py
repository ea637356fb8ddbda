"""The talks that a page shows, with nothing of a visitor but the time."""

from datetime import date, datetime, timedelta

from counsellors.services import now, services
from helpline.callbacks.keeping import KEPT_AFTER_SLOT
from helpline.callbacks.queue import DueTalk, talks_between
from helpline.callbacks.rota import day_bounds
from helpline.callbacks.tables import CounsellorId
from helpline.web.office_guard import present

FURTHEST = timedelta(days=60)
"""Beyond every horizon."""


def talks_of(first: date, *, last: date) -> list[DueTalk]:
    """Return the talks from *first* to *last*, both included, as who is signed in may see them."""
    zone = services().programme.zone
    starts_at, _ = day_bounds(first, zone=zone)
    _, ends_at = day_bounds(last, zone=zone)
    return _between(starts_at, ends_at)


def unrecorded_talks(before: datetime) -> list[DueTalk]:
    """Return one's own talks that began before *before* and still wait for an outcome."""
    talks = _between(before - 2 * KEPT_AFTER_SLOT, before)
    return [talk for talk in talks if talk.is_mine and talk.stands]


def find_talk(booking_id: str) -> DueTalk | None:
    """Return a talk that who is signed in can open, or None: a colleague's does not exist for her."""
    talks = _between(now() - 2 * KEPT_AFTER_SLOT, now() + FURTHEST)
    return next((talk for talk in talks if talk.booking_id == booking_id and (talk.is_mine or talk.can_open)), None)


def _between(first: datetime, last: datetime) -> list[DueTalk]:
    reader = CounsellorId(present().staff_id)
    with services().helpline.read() as reading:
        return talks_between(reading, reader, first=first, last=last, now=now())
