"""Which times are free, and with whom: the one function that finds them and that checks them again."""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import DayHours, read_hours
from helpline.callbacks.rota import atoms, days_between, local_day, starts_of_day
from helpline.callbacks.tables import Booking, BusyAtom, Counsellor, CounsellorId, TalkState
from helpline.roster import Roster
from helpline.settings.programme import Programme

OCCUPYING = frozenset(TalkState) - {TalkState.CANCELLED_BY_US, TalkState.NUMBER_DESTROYED}
"""Talks that count against a counsellor's cap of a day: those that took her time."""


class Door(enum.StrEnum):
    """By which door a time is asked for; notice and horizon belong to the door."""

    PUBLIC = "public"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a talk must fit: the language it is in, whether the visitor is under 18, by which door."""

    language: str
    youth: bool = False
    door: Door = Door.PUBLIC


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which a talk can begin, and who could take it, the least busy first."""

    starts_at: datetime
    ends_at: datetime
    counsellors: tuple[CounsellorId, ...]


@dataclass(frozen=True, slots=True)
class _Load:
    """What is taken in a window of time."""

    atoms: Mapping[str, frozenset[int]]
    talks: Counter[tuple[CounsellorId, date]]

    def is_free(self, resource: str, wanted: range) -> bool:
        return self.atoms.get(resource, frozenset()).isdisjoint(wanted)


def line_names(count: int) -> tuple[str, ...]:
    """Return the names of *count* telephone lines as resources."""
    return tuple(f"line:{number}" for number in range(1, count + 1))


def occupied(starts_at: datetime, *, programme: Programme) -> range:
    """Return the atoms of a talk that begins at *starts_at*, its buffer included."""
    return atoms(starts_at, starts_at + timedelta(minutes=programme.slots.length + programme.slots.buffer))


def window(asked: Asked, *, programme: Programme, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment at which a talk may begin by this door."""
    rules = programme.slots
    is_public = asked.door is Door.PUBLIC
    notice = timedelta(minutes=rules.notice if is_public else 0)
    days = rules.horizon_days if is_public else rules.staff_horizon_days
    return now + notice, now + timedelta(days=days)


def free_times(
    session: Session,
    asked: Asked,
    *,
    programme: Programme,
    roster: Roster,
    now: datetime,
    only: datetime | None = None,
) -> list[FreeTime]:
    """Return every time that can be booked at *now*, in order, or the one that begins at *only*.

    A time is free when a counsellor who speaks the language has hours then, on a day that is not closed, is on the
    *roster* of that day, is under her cap and not busy until the end of her buffer, and a telephone line is not busy
    either.
    """
    first, last = window(asked, programme=programme, now=now)
    if only is not None:
        first, last = max(first, only), min(last, only)
    if last < first:
        return []
    load = _load(session, first=first, last=last, programme=programme)
    free = defaultdict[datetime, list[CounsellorId]](list)
    able, zone = _able(session, asked), programme.zone
    hours = read_hours(session, able, first=local_day(first, zone=zone), last=local_day(last, zone=zone))
    for counsellor in able:
        for start in _offered(counsellor, hours, between=(first, last), roster=roster, programme=programme):
            if _is_free(start, counsellor, load=load, programme=programme):
                free[start].append(counsellor)
    return [_free_time(start, free[start], load=load, programme=programme) for start in sorted(free)]


def _offered(
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


def _is_free(start: datetime, counsellor: CounsellorId, *, load: _Load, programme: Programme) -> bool:
    if load.talks[counsellor, local_day(start, zone=programme.zone)] >= programme.slots.cap_per_day:
        return False
    wanted = occupied(start, programme=programme)
    lines = line_names(programme.booked_lines)
    has_line = not lines or any(load.is_free(line, wanted) for line in lines)
    return has_line and load.is_free(counsellor, wanted)


def _free_time(start: datetime, counsellors: list[CounsellorId], *, load: _Load, programme: Programme) -> FreeTime:
    by_load = sorted(counsellors, key=lambda counsellor: (_talks(counsellor, load=load), counsellor))
    return FreeTime(start, start + timedelta(minutes=programme.slots.length), tuple(by_load))


def _talks(counsellor: CounsellorId, *, load: _Load) -> int:
    return sum(count for (whose, _), count in load.talks.items() if whose == counsellor)


def _able(session: Session, asked: Asked) -> list[CounsellorId]:
    """Return who of those that take talks speaks the language, and is trained for under-18s where that is asked."""
    return [
        counsellor.id
        for counsellor in session.scalars(select(Counsellor).where(Counsellor.active))
        if asked.language in counsellor.languages.split() and (counsellor.youth or not asked.youth)
    ]


def _load(session: Session, *, first: datetime, last: datetime, programme: Programme) -> _Load:
    """Return what is taken from the first local day of the window to its last: two queries, however long it is."""
    begin = occupied(first, programme=programme).start
    end = occupied(last, programme=programme).stop
    taken = defaultdict[str, set[int]](set)
    for resource, atom in session.execute(
        select(BusyAtom.resource, BusyAtom.atom).where(BusyAtom.atom >= begin, BusyAtom.atom < end)
    ):
        taken[resource].add(atom)
    margin = timedelta(days=2)  # a local day may have 25 hours
    talks = Counter[tuple[CounsellorId, date]](
        (counsellor, local_day(starts_at, zone=programme.zone))
        for counsellor, starts_at in session.execute(
            select(Booking.counsellor_id, Booking.starts_at).where(
                Booking.starts_at >= first - margin,
                Booking.starts_at <= last + margin,
                Booking.state.in_(OCCUPYING),
            )
        )
    )
    return _Load({resource: frozenset(found) for resource, found in taken.items()}, talks)
