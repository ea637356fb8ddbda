"""What the published rota offered on some days: exact, for no booking, absence or visit comes into it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import DayHours, read_hours
from helpline.callbacks.offered import line_names, occupied
from helpline.callbacks.room import Chair, DayRoom, Limits, Load
from helpline.callbacks.rota import day_bounds, days_between, starts_of_day
from helpline.callbacks.spans import Spans, joined
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.settings.programme import Programme

EMPTY = Load({}, {}, Counter())
"""Nothing taken: what is booked must not move a number that has no noise (counts.md)."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """*days* with hours, *minutes* in which at least one counsellor had hours, of *staffed* of them all, *talks*.

    *talks*: as many as fit into the hours, with their buffers, under the cap of each counsellor, on the lines.
    """

    days: int = 0
    minutes: int = 0
    staffed: int = 0
    talks: int = 0

    def plus(self, other: "Capacity") -> "Capacity":
        """Return the capacity of both."""
        return Capacity(
            self.days + other.days,
            self.minutes + other.minutes,
            self.staffed + other.staffed,
            self.talks + other.talks,
        )


def capacity(session: Session, *, first: date, last: date, programme: Programme) -> Capacity:
    """Return what the rota of *first* to *last* offered, both included, as hours, exceptions and closures stand.

    Who has left counts until she left. Lengths of talks, lines and cap are today's.
    """
    people = list(session.scalars(select(Counsellor.id).order_by(Counsellor.id)))
    hours = read_hours(session, people, first=first, last=last)
    found, known = Capacity(), dict[object, Capacity]()
    for day in days_between(first, last):
        there = _there(hours, people, day=day)
        begin, end = day_bounds(day, zone=programme.zone)
        # Most weeks are alike, and a change of the clock makes a day shorter or longer: each kind is reckoned once.
        key = tuple(there.items()), end - begin
        if key not in known:
            known[key] = _of_day(hours, there, day=day, programme=programme)
        found = found.plus(known[key])
    return found


def _there(hours: DayHours, people: Sequence[CounsellorId], *, day: date) -> dict[CounsellorId, Spans]:
    found = {whose: joined((it.starts, it.ends) for it in hours.open_on(whose, day)) for whose in people}
    return {whose: spans for whose, spans in found.items() if spans}


def _of_day(hours: DayHours, there: Mapping[CounsellorId, Spans], *, day: date, programme: Programme) -> Capacity:
    if not there:
        return Capacity()
    rules = programme.slots
    chairs = [
        Chair(whose, occupied(start, programme=programme))
        for whose in there
        for start in starts_of_day(
            day, hours.open_on(whose, day), zone=programme.zone, length=rules.length, grid=rules.grid
        )
    ]
    limits = Limits(line_names(programme.booked_lines), each=rules.cap_per_day)
    return Capacity(
        days=1,
        minutes=_minutes(joined(span for spans in there.values() for span in spans)),
        staffed=sum(_minutes(spans) for spans in there.values()),
        talks=DayRoom(day, chairs, load=EMPTY, limits=limits).room,
    )


def _minutes(spans: Spans) -> int:
    return sum(ends - starts for starts, ends in spans)
