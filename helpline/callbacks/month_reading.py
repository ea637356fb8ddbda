"""What stands beside the draft of a month: who is away, who wishes what, and when the rota ends."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.month import Shift, days_of
from helpline.callbacks.rota import MINUTES_OF_A_DAY, day_bounds, days_between, local_day
from helpline.callbacks.rota_tables import ExceptionHours, ShiftWish, WishKind
from helpline.callbacks.spans import Half, Spans, joined
from helpline.callbacks.tables import Absence, Counsellor, CounsellorId, WeeklyHours

WARNED_AHEAD = timedelta(weeks=3)
"""As long before its last day a rota warns; sooner where visitors see further than that."""

Wishes = dict[tuple[CounsellorId, date, Half], WishKind]


def away(session: Session, month: date, *, zone: ZoneInfo) -> dict[Shift, Spans]:
    """Return when counsellors are away, for each day of *month* on which somebody is."""
    days = days_of(month)
    begin, end = day_bounds(days[0], zone=zone)[0], day_bounds(days[-1], zone=zone)[1]
    found = defaultdict[Shift, list[tuple[int, int]]](list)
    for absence in session.scalars(select(Absence).where(Absence.starts_at < end, Absence.ends_at > begin)):
        first, last = max(begin, absence.starts_at), min(end, absence.ends_at) - timedelta(seconds=1)
        for day in days_between(local_day(first, zone=zone), local_day(last, zone=zone)):
            starts = _minute_of(absence.starts_at, day=day, zone=zone)
            ends = _minute_of(absence.ends_at, day=day, zone=zone)
            found[absence.counsellor_id, day].append((starts, ends))
    return {shift: joined(span for span in spans if span[0] < span[1]) for shift, spans in found.items()}


def wishes(session: Session, *, first: date, last: date) -> Wishes:
    """Return what everybody wishes of the half days from *first* to *last*."""
    asked = session.scalars(select(ShiftWish).where(ShiftWish.day.between(first, last)))
    return {(wish.counsellor_id, wish.day, wish.half): wish.kind for wish in asked}


def rota_ends(session: Session, *, languages: Iterable[str], today: date, ahead: timedelta) -> dict[str, date]:
    """Return the last day with hours for each language whose rota ends within *ahead*, or WARNED_AHEAD if that is more.

    A language that nobody has hours in any more ended yesterday. Hours without a last day never end.
    """
    ends = _last_days(session)
    soon = today + max(ahead, WARNED_AHEAD)
    found = {}
    for language in languages:
        days = [last for spoken, last in ends if language in spoken]
        last = max(days, default=today - timedelta(days=1))
        if last < soon:
            found[language] = max(last, today - timedelta(days=1))
    return found


def _last_days(session: Session) -> list[tuple[list[str], date]]:
    """Return until when hours hold, each with the languages of whose they are."""
    weekly = session.execute(
        select(Counsellor.languages, WeeklyHours.weekday, WeeklyHours.valid_from, WeeklyHours.valid_until)
        .join(Counsellor, Counsellor.id == WeeklyHours.counsellor_id)
        .where(Counsellor.active)
    )
    found = [
        (languages.split(), _last_of(weekday, first=first, last=last)) for languages, weekday, first, last in weekly
    ]
    single = session.execute(
        select(Counsellor.languages, ExceptionHours.day)
        .join(Counsellor, Counsellor.id == ExceptionHours.counsellor_id)
        .where(Counsellor.active)
    )
    return found + [(languages.split(), day) for languages, day in single]


def _last_of(weekday: int, *, first: date, last: date | None) -> date:
    """Return the last such weekday from *first* to *last*; without a last day that of the calendar itself."""
    if last is None:
        return date.max
    found = last - timedelta(days=(last.weekday() - weekday) % 7)
    return found if found >= first else date.min


def _minute_of(moment: datetime, *, day: date, zone: ZoneInfo) -> int:
    """Return what the clock shows at *moment* as a minute of *day*: 0 before it, 1440 after it."""
    shown = moment.astimezone(zone).replace(tzinfo=None) - datetime.combine(day, time())
    return min(max(shown // timedelta(minutes=1), 0), MINUTES_OF_A_DAY)
