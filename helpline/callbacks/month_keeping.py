"""Keep the draft of a month: begin, save, show what it changes for whom, publish."""

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import DayHours, read_hours
from helpline.callbacks.exceptions import let_hold
from helpline.callbacks.month import Days, Shift, a_cycle_before, days_of
from helpline.callbacks.rota_keeping import active_counsellors
from helpline.callbacks.rota_tables import DraftDay, MonthDraft
from helpline.callbacks.spans import Spans, read, written
from helpline.callbacks.tables import CounsellorId
from helpline.store.writing import insert_free, wait_for_turn

NO_DRAFT = 0
"""The version of a draft that is not there: whoever saves it begins one."""


class Start(enum.StrEnum):
    """What a draft begins with."""

    WEEKLY = "weekly"
    LAST_MONTH = "last_month"


class DraftChangedError(Exception):
    """Somebody else saved, published or dropped the draft, or the hours it is compared with have changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A month that is being made: the days that it changes, as they were at its *version*."""

    version: int
    days: Days


@dataclass(frozen=True, slots=True)
class Change:
    """What a draft changes for somebody on one day."""

    counsellor_id: CounsellorId
    day: date
    before: Spans
    after: Spans


def begin_draft(session: Session, month: date, *, start: Start, today: date) -> bool:
    """Make the draft of *month* and return whether there was none.

    A copy of last month takes each day from the same weekday four weeks before, or five. Days that a counsellor
    changed herself stay as she has them.
    """
    if insert_free(session, MonthDraft, rows=[{"month": month, "version": 1}]) != 1:
        return False
    if start is Start.LAST_MONTH:
        _write(session, month, days=_copied(session, month, today=today))
    return True


def read_draft(session: Session, month: date) -> Draft | None:
    """Return the draft of *month*, or None when there is none."""
    version = session.scalar(select(MonthDraft.version).where(MonthDraft.month == month))
    if version is None:
        return None
    rows = session.execute(select(DraftDay.counsellor_id, DraftDay.day, DraftDay.hours).where(DraftDay.month == month))
    return Draft(version, {(counsellor, day): read(hours) for counsellor, day, hours in rows})


def save_draft(session: Session, month: date, *, version: int, days: Days) -> None:
    """Let *days* be what the draft changes; at version NO_DRAFT a new one begins with them.

    Raises:
        DraftChangedError: it is no longer the *version* that was shown.
    """
    if version == NO_DRAFT:
        saved = insert_free(session, MonthDraft, rows=[{"month": month, "version": 1}])
    else:
        mine = update(MonthDraft).where(MonthDraft.month == month, MonthDraft.version == version)
        saved = session.connection().execute(mine.values(version=version + 1)).rowcount
    if saved != 1:
        raise DraftChangedError
    session.execute(delete(DraftDay).where(DraftDay.month == month))
    _write(session, month, days=days)


def drop_draft(session: Session, month: date, *, version: int) -> None:
    """Throw the draft away, its days with it (ON DELETE CASCADE).

    Raises:
        DraftChangedError: it is no longer the *version* that was shown.
    """
    mine = delete(MonthDraft).where(MonthDraft.month == month, MonthDraft.version == version)
    if session.connection().execute(mine).rowcount != 1:
        raise DraftChangedError


def changes(session: Session, month: date, *, days: Days, today: date) -> list[Change]:
    """Return what *days* would change from *today* on, by counsellor and day; a day that is closed is left out."""
    hours = hours_of(session, month)
    active = {counsellor.id for counsellor in active_counsellors(session)}
    return [
        Change(counsellor, day, before=hours.planned(counsellor, day), after=after)
        for (counsellor, day), after in sorted(days.items())
        if counsellor in active and day >= today and day not in hours.closed and after != hours.planned(counsellor, day)
    ]


def fingerprint(found: Sequence[Change]) -> str:
    """Return a short name for exactly these changes, so that only what was shown is published."""
    said = "\n".join(f"{it.counsellor_id} {it.day} {written(it.before)}>{written(it.after)}" for it in found)
    return hashlib.sha256(said.encode()).hexdigest()


def publish(session: Session, month: date, *, version: int, shown: str, today: date) -> list[Change]:
    """Write the draft of *month* as exceptions, in one transaction, and return what it changed; the draft is gone.

    A day on which the weekly hours hold again keeps no exception.

    Raises:
        DraftChangedError: it would change something else than was *shown* (a `fingerprint`).
    """
    wait_for_turn(session)
    draft = read_draft(session, month)
    drop_draft(session, month, version=version)
    found = changes(session, month, days=draft.days if draft else {}, today=today)
    if fingerprint(found) != shown:
        raise DraftChangedError
    for change in found:
        let_hold(session, change.counsellor_id, day=change.day, spans=change.after)
    return found


def hours_of(session: Session, month: date) -> DayHours:
    """Return the hours of everybody who takes talks, of *month*."""
    days = days_of(month)
    everybody = [counsellor.id for counsellor in active_counsellors(session)]
    return read_hours(session, everybody, first=days[0], last=days[-1])


def _copied(session: Session, month: date, *, today: date) -> dict[Shift, Spans]:
    everybody = [counsellor.id for counsellor in active_counsellors(session)]
    first, last = month - timedelta(days=31), days_of(month)[-1]
    hours = read_hours(session, everybody, first=first, last=last)
    copied: Mapping[Shift, Spans] = {
        (counsellor, day): hours.planned(counsellor, a_cycle_before(day))
        for counsellor in everybody
        for day in days_of(month)
        if day >= today and (counsellor, day) not in hours.replaced
    }
    return {shift: spans for shift, spans in copied.items() if spans != hours.planned(*shift)}


def _write(session: Session, month: date, *, days: Days) -> None:
    rows = [
        {"month": month, "counsellor_id": counsellor, "day": day, "hours": written(spans)}
        for (counsellor, day), spans in sorted(days.items())
    ]
    if rows:
        session.execute(insert(DraftDay), rows)
