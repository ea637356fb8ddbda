"""The days of all counsellors side by side: talks, free time, absences. What is none of these is closed."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, product
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import read_hours
from helpline.callbacks.day_rooms import OCCUPYING
from helpline.callbacks.due import DueTalk
from helpline.callbacks.offered import occupied
from helpline.callbacks.rota import ATOM_MINUTES, atoms, day_bounds, days_between, instant
from helpline.callbacks.tables import Absence, Counsellor, CounsellorId
from helpline.settings.programme import Programme

Painted = dict[int, tuple["Kind", DueTalk | None]]
"""What each atom of a counsellor is, last painted."""


class Kind(enum.StrEnum):
    """What a stretch of a day is; when two lie on each other, the later one of this list is shown."""

    FREE = "free"
    AWAY = "away"
    BREAK = "break"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day that is one thing, in whole atoms. Of a colleague's talk a page shows that the time is taken."""

    kind: Kind
    starts_at: datetime
    ends_at: datetime
    talk: DueTalk | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which somebody takes no talk, as the pages show it."""

    id: str
    counsellor_id: CounsellorId
    starts_at: datetime
    ends_at: datetime
    is_break: bool


@dataclass(frozen=True, slots=True)
class Diary:
    """Who talks (id and alias, by alias), what each of her days holds in order, and who is away."""

    counsellors: Sequence[tuple[CounsellorId, str]]
    days: Mapping[tuple[CounsellorId, date], Sequence[Stretch]]
    away: Sequence[Away]

    def of(self, counsellor: CounsellorId, day: date) -> Sequence[Stretch]:
        """Return what *day* of *counsellor* holds, in order; nothing when she is closed all day."""
        return self.days.get((counsellor, day), ())


@dataclass(frozen=True, slots=True)
class Days:
    """Which days a diary is read for, under which rules, and from when time can be free at all."""

    first: date
    last: date
    programme: Programme
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its days begin and end."""
        return self.programme.zone

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The moments at which the first day begins and the last one ends."""
        return day_bounds(self.first, zone=self.zone)[0], day_bounds(self.last, zone=self.zone)[1]


def read_diary(session: Session, talks: Sequence[DueTalk], *, days: Days) -> Diary:
    """Return *days* for all who take talks or have one of *talks* in them: as many queries, however many there are."""
    names = {it.id: it.alias for it in session.scalars(select(Counsellor).where(Counsellor.active))}
    names |= {talk.counsellor_id: talk.alias for talk in talks}
    away = _away(session, days=days)
    painted = defaultdict[CounsellorId, Painted](dict)
    for counsellor, hours in _hours(session, days=days):
        _paint(painted[counsellor], hours, kind=Kind.FREE)
    for talk in talks:
        _clear(painted[talk.counsellor_id], talk, programme=days.programme)
    begin, end = days.bounds
    for it in sorted(away, key=lambda it: it.is_break):
        kind = Kind.BREAK if it.is_break else Kind.AWAY
        _paint(painted[it.counsellor_id], atoms(max(begin, it.starts_at), min(end, it.ends_at)), kind=kind)
    # A talk that was given up may still ring, but its time is free: what is booked there now is shown instead.
    for talk in sorted(talks, key=lambda talk: talk.state in OCCUPYING):
        _paint(painted[talk.counsellor_id], atoms(talk.starts_at, talk.ends_at), kind=Kind.TALK, talk=talk)
    found = {
        (counsellor, day): list(_stretches(painted[counsellor], day, zone=days.zone))
        for counsellor in names
        for day in days_between(days.first, days.last)
    }
    return Diary(sorted(names.items(), key=itemgetter(1)), found, away)


def hours_of(stretches: Iterable[Stretch], day: date, *, zone: ZoneInfo) -> list[datetime]:
    """Return the beginnings of the hours of *day* from the first to the last of *stretches*, stepped in UTC."""
    found = list(stretches)
    begin, end = day_bounds(day, zone=zone)
    first = min((it.starts_at for it in found), default=begin)
    last = max((it.ends_at for it in found), default=begin)
    hours = []
    while begin < end:
        if first < begin + timedelta(hours=1) and begin < last:
            hours.append(begin)
        begin += timedelta(hours=1)
    return hours


def parts_of(stretches: Iterable[Stretch], *, first: datetime, last: datetime) -> list[Stretch]:
    """Return what of *stretches* lies from *first* until *last*, cut there."""
    return [
        replace(it, starts_at=max(first, it.starts_at), ends_at=min(last, it.ends_at))
        for it in stretches
        if it.starts_at < last and first < it.ends_at
    ]


def _hours(session: Session, *, days: Days) -> Iterator[tuple[CounsellorId, range]]:
    """Yield the hours of everybody on each day, as far as they are not over."""
    everybody = session.scalars(select(Counsellor.id).where(Counsellor.active)).all()
    found = read_hours(session, everybody, first=days.first, last=days.last)
    for whose, day in product(everybody, days_between(days.first, days.last)):
        for hours in found.open_on(whose, day):
            starts_at, ends_at = (instant(day, minute, zone=days.zone) for minute in (hours.starts, hours.ends))
            yield whose, atoms(max(starts_at, min(days.now, ends_at)), ends_at)


def _away(session: Session, *, days: Days) -> list[Away]:
    begin, end = days.bounds
    met = select(Absence).where(Absence.starts_at < end, Absence.ends_at > begin)
    return [
        Away(it.id, it.counsellor_id, it.starts_at, it.ends_at, is_break=it.rest_until is not None)
        for it in session.scalars(met.order_by(Absence.starts_at, Absence.ends_at))
    ]


def _paint(day: Painted, taken: range, *, kind: Kind, talk: DueTalk | None = None) -> None:
    day.update(dict.fromkeys(taken, (kind, talk)))


def _clear(day: Painted, talk: DueTalk, *, programme: Programme) -> None:
    """Take out what *talk* occupies, its buffer included: nobody can be booked in it."""
    if talk.state in OCCUPYING:
        for atom in occupied(talk.starts_at, programme=programme):
            day.pop(atom, None)


def _stretches(painted: Painted, day: date, *, zone: ZoneInfo) -> Iterator[Stretch]:
    """Yield the runs of *day* that are one thing; where atoms are missing, a run ends."""
    within = [atom for atom in atoms(*day_bounds(day, zone=zone)) if atom in painted]
    # The difference between an atom and its place grows where some are missing.
    for ((kind, talk), _), run in groupby(enumerate(within), key=lambda item: (painted[item[1]], item[1] - item[0])):
        found = [atom for _, atom in run]
        yield Stretch(kind, _moment(found[0]), _moment(found[-1] + 1), talk)


def _moment(atom: int) -> datetime:
    return datetime.fromtimestamp(60 * ATOM_MINUTES * atom, tz=UTC)
