"""The talks that a page shows, with nothing of a visitor but the time."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from counsellors.services import now, services, today
from helpline.callbacks.due import DueTalk, talks_between
from helpline.callbacks.keeping import KEPT_AFTER_SLOT
from helpline.callbacks.rota import day_bounds, local_day
from helpline.callbacks.tables import CounsellorId, TalkState
from helpline.staff.permissions import Permission, may
from helpline.staff.tables import StaffId
from helpline.web.office_guard import present

FURTHEST = timedelta(days=60)
"""Beyond every horizon."""


def talks_of(first: date, *, last: date) -> list[DueTalk]:
    """Return the talks from *first* to *last*, both included, as who is signed in may see them."""
    zone = services().programme.zone
    starts_at, _ = day_bounds(first, zone=zone)
    _, ends_at = day_bounds(last, zone=zone)
    return _between(starts_at, ends_at)


def talks_in_sight() -> list[DueTalk]:
    """Return every talk that is kept, of yesterday and of all days to come, as who is signed in may see them."""
    return _between(now() - 2 * KEPT_AFTER_SLOT, now() + FURTHEST)


def day_in_sight(text: str) -> date | None:
    """Return the day that *text* writes as 2027-03-28, or None where it is none or lies beyond every horizon."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if is_in_sight(found) else None


def is_in_sight(day: date) -> bool:
    """Return whether a page of *day* can be asked for."""
    return abs(day - today()) <= FURTHEST


def standing_by_day() -> dict[date, list[DueTalk]]:
    """Return the talks that stand, by the day they begin on."""
    zone, found = services().programme.zone, defaultdict[date, list[DueTalk]](list)
    for talk in talks_in_sight():
        if talk.stands:
            found[local_day(talk.starts_at, zone=zone)].append(talk)
    return found


def find_talk(booking_id: str) -> DueTalk | None:
    """Return a talk that who is signed in can open or must end, or None: a colleague's does not exist for her.

    A talk that nobody can open is the coordinator's to cancel, so that its code says so.
    """
    found = next((talk for talk in talks_in_sight() if talk.booking_id == booking_id), None)
    if found is None or not (found.is_mine or found.can_open or must_cancel(found)):
        return None
    return found


def find_held_talk(booking_id: str) -> DueTalk | None:
    """Return a talk that was held, or None.

    Whoever held it in its counsellor's place is led to it by its address, and by nothing else: no page of a colleague
    shows her that address, and nothing opens the talk any more.
    """
    held = (talk for talk in talks_in_sight() if talk.booking_id == booking_id)
    return next((talk for talk in held if talk.state is TalkState.HELD), None)


def find_due_talk(booking_id: str) -> DueTalk | None:
    """Return a talk of which who is signed in may say that we are late: hers, one she can open; a coordinator: any."""
    found = next((talk for talk in talks_in_sight() if talk.booking_id == booking_id), None)
    if found is None or not (found.is_mine or found.can_open or may(present().role, Permission.KEEP_ALL_HOURS)):
        return None
    return found


def must_cancel(talk: DueTalk) -> bool:
    """Return whether nobody can open *talk* and who is signed in keeps the staff."""
    return talk.nobody_can_open and may(present().role, Permission.KEEP_STAFF)


def talks_that_need(member: StaffId) -> list[DueTalk]:
    """Return the coming talks that *member* was to hold, or alone can open: before her account is ended."""
    coming = _between(now() - 2 * KEPT_AFTER_SLOT, now() + FURTHEST, reader=CounsellorId(member))
    return [talk for talk in coming if talk.stands and (talk.is_mine or talk.is_hers_alone)]


def _between(first: datetime, last: datetime, *, reader: CounsellorId | None = None) -> list[DueTalk]:
    who = reader or CounsellorId(present().staff_id)
    with services().helpline.read() as reading:
        return talks_between(reading, who, first=first, last=last, now=now())
