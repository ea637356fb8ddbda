"""Keep the days that differ: a counsellor's own, and those on which the whole programme is closed."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import closed_days, read_hours
from helpline.callbacks.rota import days_between
from helpline.callbacks.rota_keeping import OverlappingHoursError, UnknownRotaRowError
from helpline.callbacks.rota_tables import Closure, DateException, ExceptionHours
from helpline.callbacks.spans import Spans, do_overlap, joined
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.store.writing import insert_free, wait_for_turn

LONGEST_CLOSURE = timedelta(days=92)
"""Longer is a slip of the month or of the year; a programme that stops ends its counsellors' hours."""


class ClosureTooLongError(Exception):
    """A closure of more than LONGEST_CLOSURE is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class ReplacedDay:
    """A day on which *spans* hold instead of a counsellor's weekly hours; none of them: she is not there."""

    day: date
    spans: Spans


def replace_day(session: Session, counsellor_id: CounsellorId, *, day: date, spans: Spans) -> None:
    """Let *spans* be a counsellor's hours of *day*, whatever held before; talks that stand, stay.

    Raises:
        UnknownRotaRowError: there is no such counsellor.
        OverlappingHoursError: two of *spans* share a minute.
    """
    if do_overlap(spans):
        raise OverlappingHoursError
    wait_for_turn(session)
    if session.get(Counsellor, counsellor_id) is None:
        raise UnknownRotaRowError
    _forget_day(session, counsellor_id, day=day)
    whose = {"counsellor_id": counsellor_id, "day": day}
    insert_free(session, DateException, rows=[whose])
    insert_free(session, ExceptionHours, rows=[whose | {"starts": starts, "ends": ends} for starts, ends in spans])


def let_hold(session: Session, counsellor_id: CounsellorId, *, day: date, spans: Spans) -> None:
    """Let *spans* be a counsellor's hours of *day*; where her weekly hours say the same, no exception is kept.

    Raises:
        UnknownRotaRowError: there is no such counsellor.
    """
    wait_for_turn(session)
    if read_hours(session, [counsellor_id], first=day, last=day).by_the_week(counsellor_id, day) == joined(spans):
        _forget_day(session, counsellor_id, day=day)
    else:
        replace_day(session, counsellor_id, day=day, spans=spans)


def restore_day(session: Session, counsellor_id: CounsellorId, *, day: date) -> None:
    """Let a counsellor's weekly hours hold on *day* again.

    Raises:
        UnknownRotaRowError: that day is not replaced.
    """
    wait_for_turn(session)
    if _forget_day(session, counsellor_id, day=day) != 1:
        raise UnknownRotaRowError


def replaced_days(session: Session, counsellor_id: CounsellorId, *, first: date, last: date) -> list[ReplacedDay]:
    """Return the days from *first* to *last* on which other hours hold for a counsellor, in order."""
    hours = read_hours(session, [counsellor_id], first=first, last=last)
    return [ReplacedDay(day, hours.planned(counsellor_id, day)) for _, day in sorted(hours.replaced)]


def close_days(session: Session, *, first: date, last: date, label: str) -> bool:
    """Close the programme from *first* to *last* and return whether a day of these was still open.

    Talks that stand, stay: nobody books on these days from here on.

    Raises:
        ClosureTooLongError: it is longer than LONGEST_CLOSURE.
    """
    if last - first > LONGEST_CLOSURE:
        raise ClosureTooLongError
    wait_for_turn(session)
    if closed_days(session, first=first, last=last).keys() >= set(days_between(first, last)):
        return False
    session.add(Closure(first_day=first, last_day=last, label=label))
    session.flush()
    return True


def reopen_days(session: Session, closure_id: str) -> None:
    """Take a closure back; days that lie in another one stay closed.

    Raises:
        UnknownRotaRowError: there is no such closure.
    """
    wait_for_turn(session)
    gone = delete(Closure).where(Closure.id == closure_id)
    if session.connection().execute(gone).rowcount != 1:
        raise UnknownRotaRowError


def closures(session: Session, *, today: date) -> list[Closure]:
    """Return the closures that are not over, in order."""
    ahead = select(Closure).where(Closure.last_day >= today)
    return list(session.scalars(ahead.order_by(Closure.first_day, Closure.last_day)))


def _forget_day(session: Session, counsellor_id: CounsellorId, *, day: date) -> int:
    """Delete what replaces *day*, its hours with it (ON DELETE CASCADE), and return how many rows that was."""
    gone = delete(DateException).where(DateException.counsellor_id == counsellor_id, DateException.day == day)
    return session.connection().execute(gone).rowcount
