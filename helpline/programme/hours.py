"""When somebody answers: opening hours, and the words for them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpline.programme.placeholders import fill
from helpline.programme.words import Words
from helpline.settings.programme import MINUTES_OF_A_DAY, OpenHours

DAYS_AHEAD = 14
"""Beyond two weeks "opens Monday" would name the wrong Monday for longer than anybody waits."""

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody answers, in the wall time of *zone*; each stretch lies inside one day."""

    weekly: tuple[OpenHours, ...]
    zone: ZoneInfo
    closed_on_holidays: bool = False

    @property
    def is_day_and_night(self) -> bool:
        """Whether somebody answers at every hour of every day."""
        whole_days = {
            weekday
            for stretch in self.weekly
            for weekday in stretch.weekdays
            if (stretch.starts, stretch.ends) == (0, MINUTES_OF_A_DAY)
        }
        return len(whole_days) == WEEK and not self.closed_on_holidays


def is_open(hours: Hours, *, now: datetime, holidays: Collection[date] = ()) -> bool:
    """Return whether somebody answers at the instant *now*; *holidays* are days in the zone of *hours*."""
    return any(starts <= now < ends for starts, ends in _stretches(hours, now=now, days=1, holidays=holidays))


def closes_at(hours: Hours, *, now: datetime, holidays: Collection[date] = ()) -> datetime | None:
    """Return the end of the stretch that *now* lies in, across midnight too; None when closed or open for good."""
    end: datetime | None = None
    for starts, ends in _stretches(hours, now=now, days=DAYS_AHEAD, holidays=holidays):
        is_this_one = starts <= now < ends if end is None else starts <= end
        end = ends if is_this_one and (end is None or ends > end) else end
    last = _midnight(hours, now=now, ahead=DAYS_AHEAD).astimezone(UTC)
    return None if end is None or end >= last else end


def opens_at(hours: Hours, *, now: datetime, holidays: Collection[date] = ()) -> datetime | None:
    """Return when a closed service opens next, or None when that is not within two weeks."""
    stretches = _stretches(hours, now=now, days=DAYS_AHEAD, holidays=holidays)
    return next((starts for starts, _ in stretches if starts > now), None)


def opening_words(
    hours: Hours | None, *, now: datetime, words: Words, zone: ZoneInfo, holidays: Collection[date] = ()
) -> str:
    """Return "Open now, until 21:00" or its like in the language of *words*; *hours* None: nobody confirmed any.

    Times and days are those of *zone*, where the reader is: a service in another country keeps another clock.
    """
    if hours is None:
        return words.opening["unknown"]
    local = now.astimezone(zone)
    if is_open(hours, now=now, holidays=holidays):
        end = closes_at(hours, now=now, holidays=holidays)
        return _said("until", local=local, when=end.astimezone(zone), words=words) if end else words.opening["always"]
    start = opens_at(hours, now=now, holidays=holidays)
    return _said("opens", local=local, when=start.astimezone(zone), words=words) if start else words.opening["closed"]


def _said(what: str, *, local: datetime, when: datetime, words: Words) -> str:
    ends_at_midnight = what == "until" and when.time() == time()
    day = (when - timedelta(days=1)).date() if ends_at_midnight else when.date()
    days_ahead = (day - local.date()).days
    near = {0: "today", 1: "tomorrow"}.get(days_ahead, "day" if days_ahead < WEEK else "date")
    values = {
        "time": "24:00" if ends_at_midnight else f"{when:%H:%M}",
        "day": words.days[day.weekday()],
        "date": f"{day.day} {words.months[day.month - 1]}",
    }
    return fill(words.opening[f"{what}_{near}"], values=values)


def _stretches(
    hours: Hours, *, now: datetime, days: int, holidays: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of *days* days from the day of *now* on, in order.

    They are instants, for a wall time that a clock change leaves out, or brings twice, cannot be compared with another.
    """
    for ahead in range(days):
        midnight = _midnight(hours, now=now, ahead=ahead)
        if hours.closed_on_holidays and midnight.date() in holidays:
            continue
        for stretch in sorted(hours.weekly, key=lambda stretch: stretch.starts):
            if midnight.weekday() in stretch.weekdays:
                starts, ends = (midnight + timedelta(minutes=minute) for minute in (stretch.starts, stretch.ends))
                yield starts.astimezone(UTC), ends.astimezone(UTC)


def _midnight(hours: Hours, *, now: datetime, ahead: int) -> datetime:
    """Return the beginning of the day that is *ahead* days after *now*, as a wall time of the service."""
    day = now.astimezone(hours.zone).date() + timedelta(days=ahead)
    return datetime.combine(day, time(), tzinfo=hours.zone)
