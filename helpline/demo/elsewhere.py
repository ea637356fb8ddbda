"""Invented totals that others would have counted, so that a report of the demo has every part."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from helpline.callbacks.rota import days_between
from helpline.outside.missed import replace_days
from helpline.outside.tables import Cause, Entry, SeriesYear
from helpline.outside.yearly import keep_register, keep_series_year
from helpline.usage.periods import year_of

SERIES, SOURCE = "contacten, alle wegen", "verzonnen (invented) voor de demo: niemand heeft dit gepubliceerd"
PUBLISHED = (1_420, 1_655)
"""The two years before the first that has counts."""

SUNDAY = 6


def fill_elsewhere(session: Session, *, since: date, today: date) -> None:
    """Write totals of every day from *since* until yesterday, and of the years around it. The same ones every time."""
    days = days_between(since, today - timedelta(days=1))
    replace_days(session, {day: _missed(day) for day in days})
    first = int(year_of(since).name)
    for year, value in enumerate(PUBLISHED, start=first - len(PUBLISHED)):
        keep_series_year(session, SeriesYear(series=SERIES, year=year, value=value, source=SOURCE))
    keep_register(session, year=first, numbers={Entry.BREACHES: 1, Entry.HANDED_ON: 9, Entry.COMPLAINTS: 2})


def _missed(day: date) -> dict[Cause, int]:
    """Return a few calls: more at the weekend, when the line is shut."""
    swing = day.toordinal() * 7 % 5
    is_weekend = day.weekday() >= SUNDAY - 1
    return {
        Cause.CLOSED: 6 + swing if is_weekend else 2 + swing,
        Cause.ENGAGED: 0 if is_weekend else 3 + swing,
        Cause.GAVE_UP: 0 if is_weekend else swing // 2,
    }
