"""Which times are free, and with whom: the one function that finds them and that checks them again."""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import DayHours, read_hours
from helpline.callbacks.kept_times import Plan, kept_times, with_free_now, with_kept
from helpline.callbacks.offered import line_names, occupied, offered
from helpline.callbacks.public_door import read_door
from helpline.callbacks.room import Chair, DayRoom, Limits, Load, far_from
from helpline.callbacks.rota import atoms, day_bounds, local_day
from helpline.callbacks.tables import FAILED_BY_US, Booking, BusyAtom, Counsellor, CounsellorId, TalkState
from helpline.callbacks.today import NOTICE, Kept
from helpline.roster import Roster
from helpline.settings.programme import Programme

OCCUPYING = frozenset(TalkState) - FAILED_BY_US - {TalkState.NUMBER_DESTROYED}
"""Talks that count against a counsellor's cap of a day: those that took her time."""


class Door(enum.StrEnum):
    """By which door a time is asked for; notice and horizon belong to the door, and which kept times it opens.

    TODAY is open to every visitor, for times of this very day: it leaves closed what is not released yet. PUBLIC and
    FOLLOW_UP leave every kept time to TODAY. AGAIN is for who had a first talk that failed on our side: as far ahead
    as the public and no further, for a flood that staff released holds such codes too. For STAFF nothing is kept: a
    talk that must be handed over goes before an empty chair.
    """

    PUBLIC = "public"
    AGAIN = "again"
    TODAY = "today"
    FOLLOW_UP = "follow_up"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a talk must fit: the language it is in, whether the visitor is under 18, by which door, with whom."""

    language: str
    youth: bool = False
    door: Door = Door.PUBLIC
    counsellor: CounsellorId | None = None

    def fits(self, counsellor: Counsellor) -> bool:
        """Return whether *counsellor* could hold such a talk."""
        speaks = self.language in counsellor.languages.split() and (counsellor.youth or not self.youth)
        return speaks and self.counsellor in (None, counsellor.id)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which a talk can begin, who could take it, the least busy first, and the lines it may use."""

    starts_at: datetime
    ends_at: datetime
    counsellors: tuple[CounsellorId, ...]
    lines: tuple[str, ...]
    is_kept: bool


AS_THE_PUBLIC = frozenset({Door.PUBLIC, Door.AGAIN})
"""Doors that a flood can come through: they leave a part of every day, and see as far ahead as the public."""

Kind = frozenset[CounsellorId]
"""Who takes one kind of talk."""


@dataclass(frozen=True, slots=True)
class _Days:
    """The room of each day in its *hours*, for each of the *kinds* of talk that can be asked for."""

    kinds: Sequence[Kind]
    hours: DayHours
    load: Load
    roster: Roster
    programme: Programme
    _found: dict[date, list[DayRoom]] = field(default_factory=dict)

    def rooms(self, day: date) -> list[DayRoom]:
        """Return the room of *day* for each kind."""
        if day not in self._found:
            self._found[day] = [self._room(day, kind) for kind in self.kinds]
        return self._found[day]

    def may_go_far(self, start: datetime, counsellor: CounsellorId) -> bool:
        """Return whether the far door may give that time away, for every kind of talk that *counsellor* takes."""
        chair = Chair(counsellor, occupied(start, programme=self.programme))
        rooms = zip(self.rooms(local_day(start, zone=self.programme.zone)), self.kinds, strict=True)
        percent = self.programme.slots.far_ahead_percent
        return all(room.may_go_far(chair, percent=percent) for room, kind in rooms if counsellor in kind)

    def _room(self, day: date, kind: Kind) -> DayRoom:
        whole = day_bounds(day, zone=self.programme.zone)
        chairs = [
            Chair(counsellor, occupied(start, programme=self.programme))
            for counsellor in kind
            for start in offered(counsellor, self.hours, between=whole, roster=self.roster, programme=self.programme)
        ]
        limits = Limits(line_names(self.programme.booked_lines), each=self.programme.slots.cap_per_day)
        return DayRoom(day, chairs, load=self.load, limits=limits)


def window(asked: Asked, *, programme: Programme, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment at which a talk may begin by this door; the last before the first: never.

    A programme that keeps no time for today has no such door.
    """
    rules = programme.slots
    if asked.door is Door.TODAY:
        _, midnight = day_bounds(local_day(now, zone=programme.zone), zone=programme.zone)
        return now + NOTICE, midnight - timedelta.resolution if programme.today_slots else now
    notice = timedelta(minutes=0 if asked.door is Door.STAFF else rules.notice)
    days = rules.horizon_days if asked.door in AS_THE_PUBLIC else rules.staff_horizon_days
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
    either; and when that leaves the times that are kept for today to whom they are kept for. What the public asks for
    far ahead must also leave something of its day, and is not free at all while the far door is shut.
    """
    first, last = window(asked, programme=programme, now=now)
    is_public, near = asked.door in AS_THE_PUBLIC, far_from(now)
    if is_public and read_door(session).is_far_shut:
        last = min(last, near)
    if only is not None:
        first, last = max(first, only), min(last, only)
    if last < first:
        return []
    load = _load(session, first=first, last=last, programme=programme)
    everybody, zone = _everybody(session), programme.zone
    whose = [counsellor.id for counsellor in everybody]
    hours = read_hours(session, whose, first=local_day(first, zone=zone), last=local_day(last, zone=zone))
    kept = _kept(session, asked, plan=Plan(everybody, roster, programme), between=(first, last))
    closed = [it for it in kept if asked.door is not Door.TODAY or now < it.released_at]
    left = with_kept(with_free_now(session, load, programme=programme, now=now), closed, programme=programme)
    days = _Days(_kinds(everybody, programme=programme), hours, load=load, roster=roster, programme=programme)
    free = defaultdict[datetime, list[CounsellorId]](list)
    for counsellor in _able(everybody, asked):
        for start in offered(counsellor, hours, between=(first, last), roster=roster, programme=programme):
            if _is_free(start, counsellor, load=left, programme=programme) and (
                not is_public or start <= near or days.may_go_far(start, counsellor)
            ):
                free[start].append(counsellor)
    return [_free_time(start, free[start], load=left, kept=kept, programme=programme) for start in sorted(free)]


def _kept(session: Session, asked: Asked, *, plan: Plan, between: tuple[datetime, datetime]) -> list[Kept]:
    return [] if asked.door is Door.STAFF else kept_times(session, plan, between=between)


def rooms_of_days(
    session: Session, days: Sequence[date], *, programme: Programme, roster: Roster
) -> dict[date, DayRoom]:
    """Return how many talks each of *days* holds, of whatever kind, and how many it still holds."""
    (first, _), (_, last) = (day_bounds(day, zone=programme.zone) for day in (min(days), max(days)))
    load = _load(session, first=first, last=last, programme=programme)
    whole = frozenset(counsellor.id for counsellor in _everybody(session))
    hours = read_hours(session, whole, first=min(days), last=max(days))
    found = _Days([whole], hours, load=load, roster=roster, programme=programme)
    return {day: found.rooms(day)[0] for day in days}


def _is_free(start: datetime, counsellor: CounsellorId, *, load: Load, programme: Programme) -> bool:
    if load.talks[counsellor, local_day(start, zone=programme.zone)] >= programme.slots.cap_per_day:
        return False
    has_line = not programme.booked_lines or bool(_lines(start, load=load, programme=programme))
    return has_line and load.is_free(counsellor, occupied(start, programme=programme))


def _lines(start: datetime, *, load: Load, programme: Programme) -> tuple[str, ...]:
    wanted = occupied(start, programme=programme)
    return tuple(line for line in line_names(programme.booked_lines) if load.is_free(line, wanted))


def _free_time(
    start: datetime, counsellors: list[CounsellorId], *, load: Load, kept: Iterable[Kept], programme: Programme
) -> FreeTime:
    by_load = sorted(counsellors, key=lambda counsellor: (_talks(counsellor, load=load), counsellor))
    return FreeTime(
        starts_at=start,
        ends_at=start + timedelta(minutes=programme.slots.length),
        counsellors=tuple(by_load),
        lines=_lines(start, load=load, programme=programme),
        is_kept=any(it.chair.starts_at == start and it.chair.counsellor_id in counsellors for it in kept),
    )


def _talks(counsellor: CounsellorId, *, load: Load) -> int:
    return sum(count for (whose, _), count in load.talks.items() if whose == counsellor)


def _everybody(session: Session) -> list[Counsellor]:
    """Return who takes talks."""
    return list(session.scalars(select(Counsellor).where(Counsellor.active)))


def _able(everybody: Sequence[Counsellor], asked: Asked) -> Kind:
    """Return who takes what is *asked*."""
    return frozenset(counsellor.id for counsellor in everybody if asked.fits(counsellor))


def _kinds(everybody: Sequence[Counsellor], *, programme: Programme) -> list[Kind]:
    """Return who takes each kind of talk: a flood in one language must leave times for who speaks another."""
    kinds = product(programme.languages, (False, True))
    # Mostly everybody takes most kinds: each group of people is reckoned once.
    return list({_able(everybody, Asked(language, youth=youth)) for language, youth in kinds})


def _load(session: Session, *, first: datetime, last: datetime, programme: Programme) -> Load:
    """Return what is taken from the first local day of the window to its last: two queries, however long it is."""
    zone = programme.zone
    begin, _ = day_bounds(local_day(first, zone=zone), zone=zone)
    _, end = day_bounds(local_day(last, zone=zone), zone=zone)
    wanted = range(atoms(begin, begin).start, occupied(end, programme=programme).stop)
    taken, away = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for resource, atom, booking in session.execute(
        select(BusyAtom.resource, BusyAtom.atom, BusyAtom.booking_id).where(
            BusyAtom.atom >= wanted.start, BusyAtom.atom < wanted.stop
        )
    ):
        taken[resource].add(atom)
        if booking is None:
            away[resource].add(atom)
    talks = Counter[tuple[str, date]](
        (counsellor, local_day(starts_at, zone=zone))
        for counsellor, starts_at in session.execute(
            select(Booking.counsellor_id, Booking.starts_at).where(
                Booking.starts_at >= begin, Booking.starts_at < end, Booking.state.in_(OCCUPYING)
            )
        )
    )
    return Load(taken, away, talks)
