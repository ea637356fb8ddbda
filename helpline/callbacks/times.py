"""Which times are free, and with whom: the one function that finds them and that checks them again."""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.rota import Interval, atoms, day_bounds, days_between, local_day, starts_of_day
from helpline.callbacks.tables import Absence, Booking, BusyAtom, Counsellor, CounsellorId, TalkState, WeeklyHours
from helpline.callbacks.today import NOTICE, Chair, Kept, Kind, keep_back
from helpline.callbacks.today_tables import FreeNow
from helpline.roster import Roster
from helpline.settings.programme import Programme

OCCUPYING = frozenset(TalkState) - {TalkState.CANCELLED_BY_US, TalkState.NUMBER_DESTROYED}
"""Talks that count against a counsellor's cap of a day: those that took her time."""


class Door(enum.StrEnum):
    """By which door a time is asked for; notice and horizon belong to the door, and which kept times it opens.

    TODAY is open to everybody, for times of this very day: it leaves closed what is not released yet. PUBLIC leaves
    every kept time to TODAY. For STAFF nothing is kept: a talk that must be handed over goes before an empty chair.
    """

    PUBLIC = "public"
    TODAY = "today"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a talk must fit: the language it is in, whether the visitor is under 18, by which door."""

    language: str
    youth: bool = False
    door: Door = Door.PUBLIC

    @property
    def kind(self) -> Kind:
        """Return the kind of draw that this is asked of."""
        return self.language, self.youth


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which a talk can begin, who could take it, the least busy first, and the lines it may use."""

    starts_at: datetime
    ends_at: datetime
    counsellors: tuple[CounsellorId, ...]
    lines: tuple[str, ...]
    is_kept: bool


@dataclass(frozen=True, slots=True)
class _Shift:
    """The weekly hours of somebody who takes talks, and which draws she serves."""

    counsellor_id: CounsellorId
    intervals: Sequence[Interval]
    serves: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class _Load:
    """What is taken in a window of time."""

    atoms: Mapping[str, frozenset[int]]
    talks: Counter[tuple[CounsellorId, date]]

    def is_free(self, resource: str, wanted: range) -> bool:
        return self.atoms.get(resource, frozenset()).isdisjoint(wanted)

    def beside(self, kept: Sequence[Kept], *, zone: ZoneInfo) -> "_Load":
        """Return what is taken if in each of the *kept* chairs somebody sat already."""
        atoms, talks = dict(self.atoms), self.talks.copy()
        for it in kept:
            for resource in (it.chair.counsellor_id, it.line) if it.line else (it.chair.counsellor_id,):
                atoms[resource] = atoms.get(resource, frozenset()).union(it.chair.atoms)
            talks[it.chair.counsellor_id, local_day(it.chair.starts_at, zone=zone)] += 1
        return _Load(atoms, talks)


def line_names(count: int) -> tuple[str, ...]:
    """Return the names of *count* telephone lines as resources."""
    return tuple(f"line:{number}" for number in range(1, count + 1))


def occupied(starts_at: datetime, *, programme: Programme) -> range:
    """Return the atoms of a talk that begins at *starts_at*, its buffer included."""
    return atoms(starts_at, starts_at + timedelta(minutes=programme.slots.length + programme.slots.buffer))


def window(asked: Asked, *, programme: Programme, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment at which a talk may begin by this door; the last before the first: never.

    A programme that keeps no time for today has no such door.
    """
    rules = programme.slots
    if asked.door is Door.TODAY:
        _, midnight = day_bounds(local_day(now, zone=programme.zone), zone=programme.zone)
        return now + NOTICE, midnight - timedelta.resolution if programme.today_slots else now
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

    A time is free when a counsellor who speaks the language has hours then, is on the *roster* of that day, is under
    her cap and not busy until the end of her buffer, and a telephone line is not busy either; and when that leaves
    the times that are kept for today to whom they are kept for.
    """
    first, last = window(asked, programme=programme, now=now)
    if only is not None:
        first, last = max(first, only), min(last, only)
    if last < first:
        return []
    shifts = _shifts(session)
    kept = []
    if asked.door is not Door.STAFF:
        kept = _kept(session, shifts, between=(first, last), roster=roster, programme=programme)
    closed = [it for it in kept if asked.door is Door.PUBLIC or now < it.released_at]
    load = _load(session, first=first, last=last, now=now, programme=programme).beside(closed, zone=programme.zone)
    free = defaultdict[datetime, list[CounsellorId]](list)
    for shift in shifts:
        if asked.kind in shift.serves:
            for start in _offered(shift, between=(first, last), roster=roster, programme=programme):
                if _is_free(start, shift.counsellor_id, load=load, programme=programme):
                    free[start].append(shift.counsellor_id)
    return [_free_time(start, free[start], load=load, kept=kept, programme=programme) for start in sorted(free)]


def _kept(
    session: Session,
    shifts: Sequence[_Shift],
    *,
    between: tuple[datetime, datetime],
    roster: Roster,
    programme: Programme,
) -> list[Kept]:
    """Return the times that are kept on the days of *between*, and on the day before: its last talk may reach over."""
    if not programme.today_slots:
        return []
    first, last = (local_day(moment, zone=programme.zone) for moment in between)
    days = days_between(first - timedelta(days=1), last)
    begin, end = day_bounds(days[0], zone=programme.zone)[0], day_bounds(days[-1], zone=programme.zone)[1]
    away = defaultdict[CounsellorId, list[range]](list)
    for absence in session.scalars(select(Absence).where(Absence.ends_at > begin, Absence.starts_at < end)):
        away[absence.counsellor_id].append(atoms(absence.starts_at, absence.ends_at))
    chairs = defaultdict[date, list[Chair]](list)
    for shift in shifts:
        for start in _offered(shift, between=(begin, end), roster=roster, programme=programme):
            wanted = occupied(start, programme=programme)
            if all(wanted.stop <= gone.start or gone.stop <= wanted.start for gone in away[shift.counsellor_id]):
                chair = Chair(shift.counsellor_id, start, wanted, shift.serves)
                chairs[local_day(start, zone=programme.zone)].append(chair)
    lines = line_names(programme.booked_lines)
    return [it for day in days for it in keep_back(chairs[day], day=day, lines=lines, programme=programme)]


def _offered(
    shift: _Shift, *, between: tuple[datetime, datetime], roster: Roster, programme: Programme
) -> Iterator[datetime]:
    """Yield the starts of a counsellor's hours on days on which a talk could be sealed to her."""
    rules, zone = programme.slots, programme.zone
    first, last = between
    for day in days_between(local_day(first, zone=zone), local_day(last, zone=zone)):
        if roster.reader(shift.counsellor_id, day=day) is not None and day in roster.day_keys:
            starts = starts_of_day(day, shift.intervals, zone=zone, length=rules.length, grid=rules.grid)
            yield from (start for start in starts if first <= start <= last)


def _is_free(start: datetime, counsellor: CounsellorId, *, load: _Load, programme: Programme) -> bool:
    if load.talks[counsellor, local_day(start, zone=programme.zone)] >= programme.slots.cap_per_day:
        return False
    has_line = not programme.booked_lines or bool(_lines(start, load=load, programme=programme))
    return has_line and load.is_free(counsellor, occupied(start, programme=programme))


def _lines(start: datetime, *, load: _Load, programme: Programme) -> tuple[str, ...]:
    wanted = occupied(start, programme=programme)
    return tuple(line for line in line_names(programme.booked_lines) if load.is_free(line, wanted))


def _free_time(
    start: datetime, counsellors: list[CounsellorId], *, load: _Load, kept: Iterable[Kept], programme: Programme
) -> FreeTime:
    by_load = sorted(counsellors, key=lambda counsellor: (_talks(counsellor, load=load), counsellor))
    return FreeTime(
        starts_at=start,
        ends_at=start + timedelta(minutes=programme.slots.length),
        counsellors=tuple(by_load),
        lines=_lines(start, load=load, programme=programme),
        is_kept=any(it.chair.starts_at == start and it.chair.counsellor_id in counsellors for it in kept),
    )


def _talks(counsellor: CounsellorId, *, load: _Load) -> int:
    return sum(count for (whose, _), count in load.talks.items() if whose == counsellor)


def _shifts(session: Session) -> list[_Shift]:
    rows = session.execute(
        select(WeeklyHours, Counsellor)
        .join(Counsellor, WeeklyHours.counsellor_id == Counsellor.id)
        .where(Counsellor.active)
    )
    hours = defaultdict[Counsellor, list[Interval]](list)
    for row, counsellor in rows:
        interval = Interval(row.weekday, row.starts, row.ends, row.valid_from, row.valid_until)
        hours[counsellor].append(interval)
    return [_Shift(counsellor.id, intervals, _serves(counsellor)) for counsellor, intervals in hours.items()]


def _serves(counsellor: Counsellor) -> frozenset[Kind]:
    ages = (False, True) if counsellor.youth else (False,)
    return frozenset(product(counsellor.languages.split(), ages))


def _load(session: Session, *, first: datetime, last: datetime, now: datetime, programme: Programme) -> _Load:
    """Return what is taken from the first local day of the window to its last: three queries, however long it is."""
    begin = occupied(first, programme=programme).start
    end = occupied(last, programme=programme).stop
    taken = defaultdict[str, set[int]](set)
    for resource, atom in session.execute(
        select(BusyAtom.resource, BusyAtom.atom).where(BusyAtom.atom >= begin, BusyAtom.atom < end)
    ):
        taken[resource].add(atom)
    # Who is said to be free now is not booked meanwhile, or the hour that visitors read would have to change.
    buffer = timedelta(minutes=programme.slots.buffer)
    for counsellor, until in session.execute(select(FreeNow.counsellor_id, FreeNow.until).where(FreeNow.until > now)):
        taken[counsellor].update(atoms(now, until + buffer))
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
