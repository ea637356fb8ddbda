"""Invented hours, days that differ and closures around the clock's changes of 2027, in several zones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from helpline.callbacks.rota import days_between
from helpline.callbacks.spans import Spans, joined
from helpline.callbacks.tables import CounsellorId

CHANGES = {
    "Europe/Amsterdam": (date(2027, 3, 28), date(2027, 10, 31)),
    "Atlantic/Azores": (date(2027, 3, 28), date(2027, 10, 31)),
    "America/New_York": (date(2027, 3, 14), date(2027, 11, 7)),
    "Australia/Lord_Howe": (date(2027, 4, 4), date(2027, 10, 3)),
    "Asia/Kathmandu": (date(2027, 3, 28), date(2027, 10, 31)),
}
"""Both change days of 2027: at 02:00, at midnight, of half an hour; and a zone that has none."""

PEOPLE = (CounsellorId("anna"), CounsellorId("bram"))


@dataclass(frozen=True)
class Plan:
    """Hours of two counsellors around a change of the clock, as hypothesis invents them."""

    zone: ZoneInfo
    now: datetime
    weekly: Sequence[tuple[CounsellorId, int, int, int, date, date | None]]
    replaced: Mapping[tuple[CounsellorId, date], Spans]
    closed: Sequence[tuple[date, date]]
    cap: int
    lines: int
    kept: int
    far_percent: int
    reserve: int

    def spans(self, counsellor: CounsellorId, day: date) -> list[tuple[int, int]]:
        """Return the hours of a day by the words of the rule: closed, else replaced, else weekly."""
        if any(first <= day <= last for first, last in self.closed):
            return []
        if (counsellor, day) in self.replaced:
            return list(self.replaced[counsellor, day])
        return [
            (starts, ends)
            for whose, weekday, starts, ends, first, last in self.weekly
            if whose == counsellor and weekday == day.weekday() and first <= day and (last is None or day <= last)
        ]


@st.composite
def spans_of_a_day(draw: st.DrawFn) -> Spans:
    """Invent the hours of a day."""
    marks = draw(st.lists(st.integers(0, 288), min_size=0, max_size=4, unique=True))
    edges = [5 * mark for mark in sorted(marks)]
    return joined(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Invent the hours of two counsellors, and a moment near a change of the clock."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    days = days_between(change - timedelta(days=2), change + timedelta(days=2))
    some_day = st.sampled_from(days)
    hour = draw(st.integers(0, 47))
    now = datetime(change.year, change.month, change.day, tzinfo=UTC) + timedelta(hours=hour - 36, seconds=30)
    weekly = [
        (whose, day.weekday(), starts, ends, first, last)
        for whose, day, spans, first, last in draw(
            st.lists(
                st.tuples(st.sampled_from(PEOPLE), some_day, spans_of_a_day(), some_day, st.none() | some_day),
                max_size=4,
            )
        )
        for starts, ends in spans
    ]
    return Plan(
        zone=ZoneInfo(zone),
        now=now,
        weekly=weekly,
        replaced=draw(st.dictionaries(st.tuples(st.sampled_from(PEOPLE), some_day), spans_of_a_day(), max_size=4)),
        closed=[
            (day, day + timedelta(days=more))
            for day, more in draw(st.lists(st.tuples(some_day, st.integers(0, 1)), max_size=1))
        ],
        cap=draw(st.integers(1, 3)),
        lines=draw(st.integers(0, 2)),
        kept=draw(st.integers(0, 2)),
        far_percent=draw(st.sampled_from([1, 70, 100])),
        reserve=draw(st.integers(0, 2)),
    )
