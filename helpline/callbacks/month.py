"""A month as the coordinator makes it: who is there each half day, and what a tick stands for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from helpline.callbacks.day_hours import DayHours
from helpline.callbacks.rota import days_between
from helpline.callbacks.spans import Half, Spans, alone, half_of, joined, without_half
from helpline.callbacks.tables import Counsellor, CounsellorId

CYCLES = (timedelta(weeks=4), timedelta(weeks=5))
"""How far back the same weekday of last month lies."""

FALLBACK: Mapping[Half, tuple[int, int]] = {Half.MORNING: (9 * 60, 12 * 60), Half.AFTERNOON: (13 * 60, 17 * 60)}
"""The hours of a half day for somebody who has none of her own in it, whatever the weekday."""

Shift = tuple[CounsellorId, date]
Days = Mapping[Shift, Spans]
"""The hours of counsellors on days that a draft changes."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is there in a half day: how many, who speaks what, who is trained for under-18s, and when one is alone."""

    here: int
    languages: Mapping[str, int]
    youth: int
    alone: Spans


def month_of(day: date) -> date:
    """Return the first day of the month of *day*."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """Return the first day of the month after that of *day*."""
    return month_of(month_of(day) + timedelta(days=31))


def days_of(month: date) -> list[date]:
    """Return the days of *month*."""
    return days_between(month, month_after(month) - timedelta(days=1))


def a_cycle_before(day: date) -> date:
    """Return the day of last month to copy *day* from: the same weekday, four weeks before or five."""
    return next(day - cycle for cycle in CYCLES if month_of(day - cycle) != month_of(day))


def set_half(spans: Spans, half: Half, *, there: bool, usual: Spans) -> Spans:
    """Return the hours of a day after *half* of it was switched on or off; what was there already stays as it is."""
    if bool(half_of(spans, half)) is there:
        return spans
    return joined((*spans, *usual)) if there else without_half(spans, half)


def usual(hours: DayHours, whose: CounsellorId, *, day: date, half: Half) -> Spans:
    """Return the hours that a tick stands for: hers of that weekday, else hers of most weekdays, else FALLBACK."""
    of_the_day = half_of(hours.by_the_week(whose, day), half)
    if of_the_day:
        return of_the_day
    week = [day + timedelta(days=count) for count in range(7)]
    parts = Counter(half_of(hours.by_the_week(whose, other), half) for other in week)
    parts.pop((), None)
    return max(parts, key=lambda part: (parts[part], part)) if parts else (FALLBACK[half],)


def cover(there: Mapping[CounsellorId, Spans], *, staff: Iterable[Counsellor], languages: Iterable[str]) -> Cover:
    """Return how a half day is covered by those who are *there*, with their hours in it."""
    here = [counsellor for counsellor in staff if there.get(counsellor.id)]
    speaking = {language: sum(language in it.languages.split() for it in here) for language in languages}
    return Cover(len(here), speaking, sum(it.youth for it in here), alone(there.values()))
