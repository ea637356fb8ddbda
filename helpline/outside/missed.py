"""Calls that nobody answered: totals of the telephone platform, by day and cause. Sent again, nothing adds up."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from helpline.outside.tables import OUTSIDE_LOCK, Cause, MissedCalls
from helpline.store.writing import wait_for_turn

Totals = Mapping[Cause, int]
"""Calls by cause; a cause that the platform does not tell is not in it."""


class CauseTotal(NamedTuple):
    """The calls of one cause, and on how many days it is known."""

    calls: int
    days: int


class CallsUntil(NamedTuple):
    """The calls of all causes together, and the last day of which something is known."""

    calls: int
    last: date


MOST_AT_ONCE = 400
"""Days in one statement: SQLite takes a limited number of parameters."""


def replace_days(session: Session, totals: Mapping[date, Totals]) -> None:
    """Let each day of *totals* have these and no others. A day without any is removed."""
    wait_for_turn(session, lock=OUTSIDE_LOCK)
    days = sorted(totals)
    for first in range(0, len(days), MOST_AT_ONCE):
        some = days[first : first + MOST_AT_ONCE]
        session.execute(delete(MissedCalls).where(MissedCalls.day.in_(some)))
        rows = [{"day": day, "cause": cause, "calls": calls} for day in some for cause, calls in totals[day].items()]
        if rows:
            session.execute(insert(MissedCalls), rows)


def replace_causes(session: Session, totals: Mapping[date, Totals]) -> None:
    """Let each day and cause of *totals* have this number; other causes of a day stay, for files may be by cause."""
    wait_for_turn(session, lock=OUTSIDE_LOCK)
    known = missed_by_day(session, first=min(totals), last=max(totals))
    replace_days(session, {day: {**known.get(day, {}), **some} for day, some in totals.items()})


def missed_of(session: Session, day: date) -> Totals:
    """Return what is known of *day*."""
    return missed_by_day(session, first=day, last=day).get(day, {})


def missed_by_day(session: Session, *, first: date, last: date) -> dict[date, dict[Cause, int]]:
    """Return the calls of each day from *first* to *last* that has some, in order."""
    rows = session.execute(
        select(MissedCalls.day, MissedCalls.cause, MissedCalls.calls)
        .where(MissedCalls.day.between(first, last))
        .order_by(MissedCalls.day)
    )
    found = defaultdict[date, dict[Cause, int]](dict)
    for day, cause, calls in rows:
        found[day][cause] = calls
    return dict(found)


def missed_by_cause(session: Session, *, first: date, last: date) -> dict[Cause, CauseTotal]:
    """Return the calls from *first* to *last*, both included; a cause that no day has is not in it."""
    rows = session.execute(
        select(MissedCalls.cause, func.sum(MissedCalls.calls), func.count(MissedCalls.day))
        .where(MissedCalls.day.between(first, last))
        .group_by(MissedCalls.cause)
    )
    found = {cause: CauseTotal(int(calls), days) for cause, calls, days in rows}
    return {cause: found[cause] for cause in Cause if cause in found}


def missed_by_month(session: Session, *, year: int) -> dict[date, dict[Cause, int]]:
    """Return the calls of each month of *year* that has some, by its first day."""
    found = defaultdict[date, Counter[Cause]](Counter)
    for day, totals in missed_by_day(session, first=date(year, 1, 1), last=date(year, 12, 31)).items():
        found[day.replace(day=1)].update(totals)
    return {month: dict(totals) for month, totals in found.items()}


def calls_between(session: Session, *, first: date, last: date) -> CallsUntil | None:
    """Return the calls of every cause from *first* to *last*, both included; None: nothing is known of these days."""
    known = session.scalar(select(func.max(MissedCalls.day)).where(MissedCalls.day.between(first, last)))
    calls = sum(total.calls for total in missed_by_cause(session, first=first, last=last).values())
    return None if known is None else CallsUntil(calls, known)


def days_with_totals(session: Session, *, first: date, last: date) -> int:
    """Return of how many days from *first* to *last* something is known."""
    known = select(func.count(func.distinct(MissedCalls.day))).where(MissedCalls.day.between(first, last))
    return session.scalar(known) or 0


def years_with_totals(session: Session) -> list[int]:
    """Return the years of which something is known, the newest first."""
    days = session.scalars(select(MissedCalls.day).distinct())
    return sorted({day.year for day in days}, reverse=True)
