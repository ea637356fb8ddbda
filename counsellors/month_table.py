"""The table of a month: a line for each half day, a cell for each counsellor, and how the half day is covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from counsellors.services import services, today
from helpline.callbacks.day_hours import DayHours
from helpline.callbacks.month import Cover, Days, Shift, cover, days_of, set_half, usual
from helpline.callbacks.month_keeping import hours_of
from helpline.callbacks.month_reading import Wishes, away, wishes
from helpline.callbacks.rota_keeping import active_counsellors
from helpline.callbacks.rota_tables import WishKind
from helpline.callbacks.spans import Half, Spans, half_of, joined, within, without
from helpline.callbacks.tables import Counsellor, CounsellorId


@dataclass(frozen=True, slots=True)
class Month:
    """What the store says of a month: hours in force, who takes talks, who is away, who wishes what."""

    month: date
    hours: DayHours
    staff: Sequence[Counsellor]
    away: Mapping[Shift, Spans]
    wishes: Wishes

    def spans(self, shift: Shift, *, days: Days) -> Spans:
        """Return somebody's hours of a day: those of the draft's *days*, else those in force."""
        found = days.get(shift)
        return self.hours.planned(*shift) if found is None else found

    def may_change(self, day: date) -> bool:
        """Return whether a draft can still change *day*."""
        return day >= today() and day not in self.hours.closed


@dataclass(frozen=True, slots=True)
class Cell:
    """A counsellor in a half day: her hours there, or those that a tick stands for."""

    name: str
    counsellor: Counsellor
    is_there: bool
    spans: Spans
    is_away: bool
    away: Spans
    wish: WishKind | None
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A half day. *closed* is the label of a closure; *is_awaited* says that the public line is answered then."""

    day: date
    half: Half
    closed: str | None
    may_change: bool
    cells: Sequence[Cell]
    cover: Cover
    is_awaited: bool

    @property
    def is_empty(self) -> bool:
        """Return whether nobody is there although the public line is answered."""
        return self.closed is None and self.is_awaited and self.cover.here == 0

    @property
    def is_alone(self) -> bool:
        """Return whether somebody is there alone for a while."""
        return self.closed is None and bool(self.cover.alone)


def read_month(month: date) -> Month:
    """Return what the store says of *month*."""
    found, days = services(), days_of(month)
    with found.helpline.read() as reading:
        return Month(
            month=month,
            hours=hours_of(reading, month),
            staff=active_counsellors(reading),
            away=away(reading, month, zone=found.programme.zone),
            wishes=wishes(reading, first=days[0], last=days[-1]),
        )


def lines(found: Month, *, days: Days, saved: Days | None = None) -> list[Line]:
    """Return the lines of a month with the hours of *days*; where *saved* has it otherwise, a cell is contested."""
    return [_line(found, (day, half), days=days, saved=saved) for day in days_of(found.month) for half in Half]


def cell_name(whose: CounsellorId, *, day: date, half: Half) -> str:
    """Return the name of a cell's box in the form: short, for there are hundreds of them."""
    return f"{day.day}{half[0]}.{whose}"


def ticked(found: Month, *, names: Mapping[str, str], days: Days) -> dict[Shift, Spans]:
    """Return what a draft of *days* becomes by the boxes that were sent: those of who and which days were shown.

    Exact hours stay as they are where a box was left as it was.
    """
    who, shown = set(names.get("who", "").split()), set(names.get("days", "").split())
    result = dict(days)
    for whose in (counsellor.id for counsellor in found.staff if counsellor.id in who):
        for day in (day for day in days_of(found.month) if day.isoformat() in shown and found.may_change(day)):
            spans = found.spans((whose, day), days=days)
            for half in Half:
                is_there = cell_name(whose, day=day, half=half) in names
                meant = usual(found.hours, whose, day=day, half=half)
                spans = set_half(spans, half, there=is_there, usual=meant)
            result[whose, day] = spans
    return {shift: spans for shift, spans in result.items() if spans != found.hours.planned(*shift)}


def _line(found: Month, when: tuple[date, Half], *, days: Days, saved: Days | None) -> Line:
    day, half = when
    there = {
        it.id: without(half_of(found.spans((it.id, day), days=days), half), found.away.get((it.id, day), ()))
        for it in found.staff
    }
    programme = services().programme
    awaited = [(it.starts, it.ends) for it in programme.open_hours if day.weekday() in it.weekdays]
    return Line(
        day=day,
        half=half,
        closed=found.hours.closed.get(day),
        may_change=found.may_change(day),
        cells=[_cell(found, it, when=when, days=days, saved=saved) for it in found.staff],
        cover=cover(there, staff=found.staff, languages=programme.languages),
        is_awaited=bool(half_of(awaited, half)),
    )


def _cell(found: Month, counsellor: Counsellor, *, when: tuple[date, Half], days: Days, saved: Days | None) -> Cell:
    day, half = when
    whose = counsellor.id
    spans = half_of(found.spans((whose, day), days=days), half)
    shown = spans or usual(found.hours, whose, day=day, half=half)
    away_then = found.away.get((whose, day), ())
    gone = joined(part for span in shown for part in within(away_then, span))
    was = spans if saved is None else half_of(found.spans((whose, day), days=saved), half)
    return Cell(
        name=cell_name(whose, day=day, half=half),
        counsellor=counsellor,
        is_there=bool(spans),
        spans=shown,
        is_away=not without(shown, gone),
        away=gone,
        wish=found.wishes.get((whose, day, half)),
        is_contested=bool(was) is not bool(spans),
    )
