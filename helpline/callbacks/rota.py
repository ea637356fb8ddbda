"""Hours become times: local wall time in, moments out. Rules only, no table."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ATOM_MINUTES = 5
MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Interval:
    """Hours of a weekday in local minutes, from the first to the last day on which they hold."""

    weekday: int
    starts: int
    ends: int
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Return whether these hours hold on *day*."""
        not_over = self.valid_until is None or day <= self.valid_until
        return day.weekday() == self.weekday and self.valid_from <= day and not_over


def instant(day: date, minute: int, *, zone: ZoneInfo) -> datetime:
    """Return the moment at which the wall clock of *zone* shows *minute* of *day*; minute 1440 is the next midnight.

    A wall time that a clock change skips becomes the moment of the change; one that comes twice is the first.
    """
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    # Non-existent wall times are found by round trip: they come back as another time than they were.
    is_real = moment.astimezone(zone).replace(tzinfo=None) == local
    return moment if is_real else _change_around(local, zone=zone)


def _change_around(local: datetime, *, zone: ZoneInfo) -> datetime:
    """Return the moment of the clock change that skips the wall time *local*."""
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    old_offset = before.astimezone(zone).utcoffset()
    minutes = range((after - before) // timedelta(minutes=1) + 1)
    changed = bisect_left(
        minutes,
        x=True,
        key=lambda minute: (before + timedelta(minutes=minute)).astimezone(zone).utcoffset() != old_offset,
    )
    return before + timedelta(minutes=changed)


def starts_of_day(
    day: date, intervals: Iterable[Interval], *, zone: ZoneInfo, length: int, grid: int
) -> Iterator[datetime]:
    """Yield the moments of *day* at which a talk of *length* minutes can begin, on a *grid* of minutes, in order.

    Both ends of an interval are turned into moments and the steps are taken there, so 01:00-04:00 holds 4 or 8
    half hours on the days of a clock change.
    """
    found = set[datetime]()
    for interval in intervals:
        if interval.holds_on(day):
            begin, end = (instant(day, minute, zone=zone) for minute in (interval.starts, interval.ends))
            while begin + timedelta(minutes=length) <= end:
                found.add(begin)
                begin += timedelta(minutes=grid)
    yield from sorted(found)


def atoms(starts_at: datetime, ends_at: datetime) -> range:
    """Return the five-minute atoms, counted from 1970 UTC, that the time from *starts_at* to *ends_at* touches."""
    first = int(starts_at.timestamp()) // (60 * ATOM_MINUTES)
    last = -(-int(ends_at.timestamp()) // (60 * ATOM_MINUTES))
    return range(first, last)


def next_mark(moment: datetime) -> datetime:
    """Return the end of the five minutes in which *moment* lies; a moment on such a mark is its own."""
    return datetime.fromtimestamp(60 * ATOM_MINUTES * atoms(moment, moment).stop, tz=UTC)


def local_day(moment: datetime, *, zone: ZoneInfo) -> date:
    """Return the date on the wall calendar of *zone* at *moment*."""
    return moment.astimezone(zone).date()


def day_bounds(day: date, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments at which *day* begins and ends in *zone*."""
    return instant(day, 0, zone=zone), instant(day, MINUTES_OF_A_DAY, zone=zone)


def quarter_of(now: datetime) -> datetime:
    """Return the full quarter of an hour at or before *now*."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def days_between(first: date, last: date) -> list[date]:
    """Return the dates from *first* to *last*, both included."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
