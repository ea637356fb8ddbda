"""Which days belong together, when they are added up and when everybody may see them. Rules only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.usage.codebook import PeriodKind

TURN_OF_DAY = 3
"""The hour at which a counted day ends: the quietest of the night."""

VISIBLE_WEEKDAY = 1
VISIBLE_FROM = time(9)
"""Tuesday, 09:00: everybody sees a new number at the same time."""

INVENTED_MARK = "demo"
"""Begins the name of every period that was counted from nobody."""

WEEK = timedelta(days=7)
TO_THURSDAY = timedelta(days=3)
MONTHS_OF_A_QUARTER = 3
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Whole weeks that belong together: the name of the period, its first Monday, and the Monday after it."""

    name: str
    starts: date
    ends: date

    @property
    def last(self) -> date:
        """Its last day, a Sunday."""
        return self.ends - timedelta(days=1)


def counted_day(now: datetime, *, zone: ZoneInfo) -> date:
    """Return the day that is being counted at *now*: it began at three in the morning, local time."""
    local = now.astimezone(zone)
    return local.date() if local.hour >= TURN_OF_DAY else local.date() - timedelta(days=1)


def monday_of(day: date) -> date:
    """Return the Monday of the week of *day*."""
    return day - timedelta(days=day.weekday())


def span_of(kind: PeriodKind, day: date) -> Span:
    """Return the period that *day* lies in. A month, a quarter: the ISO weeks whose Thursday is in it."""
    monday = monday_of(day)
    thursday = monday + TO_THURSDAY
    if kind is PeriodKind.WEEK:
        year, week, _ = day.isocalendar()
        return Span(name=f"{year}-W{week:02}", starts=monday, ends=monday + WEEK)
    if kind is PeriodKind.MONTH:
        # Not "2026-03": a spreadsheet would make a date of it.
        return _months(f"{thursday.year}-M{thursday.month:02}", year=thursday.year, first=thursday.month, count=1)
    quarter = (thursday.month - 1) // MONTHS_OF_A_QUARTER
    return _months(
        f"{thursday.year}-Q{quarter + 1}",
        year=thursday.year,
        first=quarter * MONTHS_OF_A_QUARTER + 1,
        count=MONTHS_OF_A_QUARTER,
    )


def year_of(day: date) -> Span:
    """Return the year that *day* lies in: the ISO weeks whose Thursday is in it, as its quarters have them."""
    return year_called(day.isocalendar().year)


def year_called(year: int) -> Span:
    """Return the weeks of *year*."""
    return _months(str(year), year=year, first=1, count=MONTHS)


def visible_at(closed_at: datetime, *, zone: ZoneInfo) -> datetime:
    """Return the first Tuesday, 09:00 local time, from *closed_at* on, in UTC."""
    local = closed_at.astimezone(zone)
    tuesday = local.date() + timedelta(days=(VISIBLE_WEEKDAY - local.weekday()) % 7)
    moment = datetime.combine(tuesday, VISIBLE_FROM, tzinfo=zone)
    if moment < local:
        moment = datetime.combine(tuesday + WEEK, VISIBLE_FROM, tzinfo=zone)
    return moment.astimezone(UTC)


def _months(name: str, *, year: int, first: int, count: int) -> Span:
    return Span(name=name, starts=_first_monday(year, month=first), ends=_first_monday(year, month=first + count))


def _first_monday(year: int, *, month: int) -> date:
    """Return the Monday of the first week whose Thursday is in that month; month 13 is the next January."""
    first = date(year + (month - 1) // MONTHS, (month - 1) % MONTHS + 1, 1)
    return first + timedelta(days=(TO_THURSDAY.days - first.weekday()) % 7) - TO_THURSDAY
