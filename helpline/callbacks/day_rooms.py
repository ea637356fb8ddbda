"""What each day holds and still holds, read from the store: who talks, when by the rota, what is taken."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import DayHours, read_hours
from helpline.callbacks.doors import Asked
from helpline.callbacks.offered import line_names, occupied, offered
from helpline.callbacks.room import Chair, DayRoom, Limits, Load
from helpline.callbacks.rota import atoms, day_bounds, local_day
from helpline.callbacks.tables import FAILED_BY_US, Booking, BusyAtom, Counsellor, CounsellorId, TalkState
from helpline.roster import Roster
from helpline.settings.programme import Programme

OCCUPYING = frozenset(TalkState) - FAILED_BY_US - {TalkState.NUMBER_DESTROYED}
"""Talks that count against a counsellor's cap of a day: those that took her time."""

Kind = frozenset[CounsellorId]
"""Who takes one kind of talk."""


@dataclass(frozen=True, slots=True)
class Rota:
    """The beginnings of talks that the rota offers, of each counsellor on each day."""

    hours: DayHours
    roster: Roster
    programme: Programme
    _found: dict[tuple[CounsellorId, date], list[datetime]] = field(default_factory=dict)

    def starts(self, counsellor: CounsellorId, day: date) -> list[datetime]:
        """Return them in order."""
        if (counsellor, day) not in self._found:
            whole = day_bounds(day, zone=self.programme.zone)
            found = offered(counsellor, self.hours, between=whole, roster=self.roster, programme=self.programme)
            self._found[counsellor, day] = list(found)
        return self._found[counsellor, day]


@dataclass(frozen=True, slots=True)
class Days:
    """The room of each day under a *load*, or of what begins *after* a moment, for each kind of talk."""

    kinds: Sequence[Kind]
    rota: Rota
    load: Load
    after: datetime | None = None
    _found: dict[date, list[DayRoom]] = field(default_factory=dict)

    def rooms(self, day: date) -> list[DayRoom]:
        """Return the room of *day* for each kind."""
        if day not in self._found:
            self._found[day] = [self._room(day, kind) for kind in self.kinds]
        return self._found[day]

    def rooms_with(self, counsellor: str, day: date) -> Iterator[DayRoom]:
        """Yield the room of *day* for each kind that *counsellor* takes."""
        rooms = zip(self.rooms(day), self.kinds, strict=True)
        yield from (room for room, kind in rooms if counsellor in kind)

    def _room(self, day: date, kind: Kind) -> DayRoom:
        programme = self.rota.programme
        chairs = [
            Chair(counsellor, occupied(start, programme=programme))
            for counsellor in kind
            for start in self.rota.starts(counsellor, day)
            if self.after is None or start > self.after
        ]
        limits = Limits(line_names(programme.booked_lines), each=programme.slots.cap_per_day)
        return DayRoom(day, chairs, load=self.load, limits=limits)


def rooms_of_days(
    session: Session, days: Sequence[date], *, programme: Programme, roster: Roster
) -> dict[date, DayRoom]:
    """Return how many talks each of *days* holds, of whatever kind, and how many it still holds."""
    between = day_bounds(min(days), zone=programme.zone)[0], day_bounds(max(days), zone=programme.zone)[1]
    load = load_of(session, between=between, programme=programme)
    everybody = everybody_who_talks(session)
    rota = rota_of(session, everybody, between=between, roster=roster, programme=programme)
    found = Days([frozenset(counsellor.id for counsellor in everybody)], rota, load)
    return {day: found.rooms(day)[0] for day in days}


def everybody_who_talks(session: Session) -> list[Counsellor]:
    """Return who takes talks."""
    return list(session.scalars(select(Counsellor).where(Counsellor.active)))


def rota_of(
    session: Session,
    everybody: Sequence[Counsellor],
    *,
    between: tuple[datetime, datetime],
    roster: Roster,
    programme: Programme,
) -> Rota:
    """Return the rota of *everybody* on the days of *between*."""
    first, last = (local_day(moment, zone=programme.zone) for moment in between)
    whose = [counsellor.id for counsellor in everybody]
    return Rota(read_hours(session, whose, first=first, last=last), roster, programme)


def able(everybody: Sequence[Counsellor], asked: Asked) -> Kind:
    """Return who of *everybody* takes what is *asked*."""
    return frozenset(counsellor.id for counsellor in everybody if asked.fits(counsellor))


def load_of(session: Session, *, between: tuple[datetime, datetime], programme: Programme) -> Load:
    """Return what is taken on the days of *between*: two queries, however many they are."""
    zone = programme.zone
    (begin, _), (_, end) = (day_bounds(local_day(moment, zone=zone), zone=zone) for moment in between)
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


def kinds_of(everybody: Sequence[Counsellor], *, programme: Programme) -> list[Kind]:
    """Return who takes each kind of talk: a flood in one language must leave times for who speaks another."""
    kinds = product(programme.languages, (False, True))
    # Mostly everybody takes most kinds: each group of people is reckoned once.
    return list({able(everybody, Asked(language, youth=youth)) for language, youth in kinds})
