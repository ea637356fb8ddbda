"""What the rota offers before anybody takes any of it: beginnings of talks, lines, and what a talk occupies."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from helpline.callbacks.day_hours import DayHours
from helpline.callbacks.rota import atoms, days_between, local_day, starts_of_day
from helpline.callbacks.tables import CounsellorId
from helpline.roster import Roster
from helpline.settings.programme import Programme


def line_names(count: int) -> tuple[str, ...]:
    """Return the names of *count* telephone lines as resources."""
    return tuple(f"line:{number}" for number in range(1, count + 1))


def occupied(starts_at: datetime, *, programme: Programme) -> range:
    """Return the atoms of a talk that begins at *starts_at*, its buffer included."""
    return atoms(starts_at, starts_at + timedelta(minutes=programme.slots.length + programme.slots.buffer))


def offered(
    counsellor: CounsellorId,
    hours: DayHours,
    *,
    between: tuple[datetime, datetime],
    roster: Roster,
    programme: Programme,
) -> Iterator[datetime]:
    """Yield the starts of *counsellor*'s hours on days on which a talk could be sealed to her."""
    rules, zone = programme.slots, programme.zone
    first, last = between
    for day in days_between(local_day(first, zone=zone), local_day(last, zone=zone)):
        if roster.reader(counsellor, day=day) is not None and day in roster.day_keys:
            intervals = hours.open_on(counsellor, day)
            starts = starts_of_day(day, intervals, zone=zone, length=rules.length, grid=rules.grid)
            yield from (start for start in starts if first <= start <= last)
