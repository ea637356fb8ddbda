"""When somebody answers: opening hours, and the words for them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
    """Return whether somebody answers at the instant *now*."""
    local = now.astimezone(hours.zone)
    return any(starts <= local < ends for starts, ends in _stretches(hours, local=local, days=1, holidays=holidays))


def closes_at(hours: Hours, *, now: datetime, holidays: Collection[date] = ()) -> datetime | None:
    """Return the end of the stretch that *now* lies in, across midnight too; None when closed or open for good."""
    local = now.astimezone(hours.zone)
    end: datetime | None = None
    for starts, ends in _stretches(hours, local=local, days=DAYS_AHEAD, holidays=holidays):
        is_this_one = starts <= local < ends if end is None else starts <= end
        end = ends if is_this_one and (end is None or ends > end) else end
    last = datetime.combine(local.date() + timedelta(days=DAYS_AHEAD), time(), tzinfo=hours.zone)
    return None if end is None or end >= last else end


def opens_at(hours: Hours, *, now: datetime, holidays: Collection[date] = ()) -> datetime | None:
    """Return when a closed service opens next, or None when that is not within two weeks."""
    local = now.astimezone(hours.zone)
    stretches = _stretches(hours, local=local, days=DAYS_AHEAD, holidays=holidays)
    return next((starts for starts, _ in stretches if starts > local), None)


def opening_words(hours: Hours | None, *, now: datetime, words: Words, holidays: Collection[date] = ()) -> str:
    """Return "Open now, until 21:00" or its like in the language of *words*; *hours* None: nobody confirmed any."""
    if hours is None:
        return words.opening["unknown"]
    local = now.astimezone(hours.zone)
    if is_open(hours, now=now, holidays=holidays):
        end = closes_at(hours, now=now, holidays=holidays)
        return _said("until", local=local, when=end, words=words) if end else words.opening["always"]
    start = opens_at(hours, now=now, holidays=holidays)
    return _said("opens", local=local, when=start, words=words) if start else words.opening["closed"]


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
    hours: Hours, *, local: datetime, days: int, holidays: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of *days* days from the day of *local* on, in order, as wall times."""
    for ahead in range(days):
        midnight = datetime.combine(local.date() + timedelta(days=ahead), time(), tzinfo=hours.zone)
        if hours.closed_on_holidays and midnight.date() in holidays:
            continue
        for stretch in sorted(hours.weekly, key=lambda stretch: stretch.starts):
            if midnight.weekday() in stretch.weekdays:
                yield midnight + timedelta(minutes=stretch.starts), midnight + timedelta(minutes=stretch.ends)
