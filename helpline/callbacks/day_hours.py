"""Which hours hold on a day: the weekly ones, unless an exception replaces the day or a closure shuts it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.rota import Interval, days_between
from helpline.callbacks.rota_tables import Closure, DateException, ExceptionHours
from helpline.callbacks.spans import Spans, joined
from helpline.callbacks.tables import CounsellorId, WeeklyHours


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of counsellors from one day to another."""

    weekly: Mapping[CounsellorId, Sequence[Interval]]
    replaced: Mapping[tuple[CounsellorId, date], Sequence[Interval]]
    closed: Mapping[date, str]

    def open_on(self, counsellor: CounsellorId, day: date) -> Sequence[Interval]:
        """Return the hours in which *counsellor* can be booked on *day*."""
        return () if day in self.closed else self._rostered(counsellor, day)

    def planned(self, counsellor: CounsellorId, day: date) -> Spans:
        """Return when *counsellor* would be there on *day* if no closure shut it."""
        return joined((hours.starts, hours.ends) for hours in self._rostered(counsellor, day))

    def by_the_week(self, counsellor: CounsellorId, day: date) -> Spans:
        """Return when *counsellor* would be there on *day* by her weekly hours alone."""
        return joined((hours.starts, hours.ends) for hours in self._weekly(counsellor, day))

    def _rostered(self, counsellor: CounsellorId, day: date) -> Sequence[Interval]:
        found = self.replaced.get((counsellor, day))
        return self._weekly(counsellor, day) if found is None else found

    def _weekly(self, counsellor: CounsellorId, day: date) -> Sequence[Interval]:
        return [hours for hours in self.weekly.get(counsellor, ()) if hours.holds_on(day)]


def read_hours(session: Session, counsellors: Collection[CounsellorId], *, first: date, last: date) -> DayHours:
    """Return the hours of *counsellors* from *first* to *last*, both included: three queries, however many."""
    weekly = defaultdict[CounsellorId, list[Interval]](list)
    for row in session.scalars(select(WeeklyHours).where(WeeklyHours.counsellor_id.in_(counsellors))):
        interval = Interval(row.weekday, row.starts, row.ends, row.valid_from, row.valid_until)
        weekly[row.counsellor_id].append(interval)
    return DayHours(
        weekly, _replaced(session, counsellors, first=first, last=last), closed_days(session, first=first, last=last)
    )


def closed_days(session: Session, *, first: date, last: date) -> dict[date, str]:
    """Return the days from *first* to *last* on which the programme is closed, each with its label."""
    shut = select(Closure).where(Closure.first_day <= last, Closure.last_day >= first).order_by(Closure.first_day)
    return {
        day: closure.label
        for closure in session.scalars(shut)
        for day in days_between(max(first, closure.first_day), min(last, closure.last_day))
    }


def _replaced(
    session: Session, counsellors: Collection[CounsellorId], *, first: date, last: date
) -> dict[tuple[CounsellorId, date], list[Interval]]:
    """Return the days that an exception replaces; one without hours holds an empty list."""
    rows = session.execute(
        select(DateException.counsellor_id, DateException.day, ExceptionHours.starts, ExceptionHours.ends)
        .outerjoin(
            ExceptionHours,
            (ExceptionHours.counsellor_id == DateException.counsellor_id) & (ExceptionHours.day == DateException.day),
        )
        .where(DateException.counsellor_id.in_(counsellors), DateException.day.between(first, last))
    )
    found = defaultdict[tuple[CounsellorId, date], list[Interval]](list)
    for counsellor, day, starts, ends in rows:
        hours = found[counsellor, day]
        # The outer join gives no hours for a day that is closed.
        if starts is not None:
            hours.append(Interval(day.weekday(), starts, ends, valid_from=day, valid_until=day))
    return dict(found)
