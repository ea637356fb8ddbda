"""What on the pages moves with time, read outside any request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from helpline.callbacks.draw import read_draw, read_for_young, read_today
from helpline.callbacks.free_now import free_until
from helpline.callbacks.keeping import DRAW_LIFE
from helpline.callbacks.public_door import read_door
from helpline.programme.hours import Hours, is_open, opening_words
from helpline.programme.public_holidays import Calendar
from helpline.programme.signposts import Said, Signpost, crisis_block, hiding_lines, inline_values, shown
from helpline.programme.words import Words
from helpline.roster import NoValidRosterError, Roster, SerialFile, read_roster
from helpline.settings.environment import VisitorsSettings
from helpline.settings.programme import Programme
from helpline.store.engine import Sessions
from selfhelp.library import Library

Times = Mapping[str, tuple[datetime, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the store says: who may open, the drawn times by language, until when somebody is free to talk now.

    *young* are those of the lists for under-18s, today's among them. No times (None): nothing can be booked. Also
    whether staff paused booking, and whether the form asks for the door word; the word itself stays in the store.
    """

    roster: Roster | None = None
    times: Times = field(default_factory=dict)
    kept_for_today: Times = field(default_factory=dict)
    young: Times = field(default_factory=dict)
    free_until: Mapping[str, datetime] = field(default_factory=dict)
    is_paused: bool = False
    asks_word: bool = False
    read_at: datetime | None = field(default=None, compare=False)

    def aged(self, now: datetime) -> "Offer":
        """Return what is left of this offer at *now*, when the store could not be read again.

        That somebody is free now is not said any more: whether she still is, nobody knows.
        """
        is_over = self.read_at is None or now - self.read_at >= DRAW_LIFE
        lists = (self.times, self.kept_for_today, self.young)
        times, kept, young = ({} if is_over else _aged(found, now) for found in lists)
        return replace(self, times=times, kept_for_today=kept, young=young, free_until={})


@dataclass(frozen=True, slots=True)
class Place:
    """A signpost as one language shows it."""

    signpost: Signpost
    opening: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which words, by which clock, when."""

    said: Mapping[str, Words]
    zone: ZoneInfo
    now: datetime

    def opening(self, hours: Hours | None, *, holidays: Collection[date]) -> dict[str, str]:
        """Return by language when somebody answers."""
        return {
            tongue: opening_words(hours, now=self.now, words=words, zone=self.zone, holidays=holidays)
            for tongue, words in self.said.items()
        }


Places = Mapping[str, tuple[Place, ...]]
Elsewhere = tuple[Said, Places]
"""The names of another jurisdiction, and what answers there day and night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What every page is made from. Two that are equal make the same pages."""

    offer: Offer
    zone: ZoneInfo
    today: date
    opening: Mapping[str, str]
    places: Places
    crisis: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    values: Mapping[str, Mapping[str, str]]
    hiding_number: Mapping[str, tuple[str, ...]]

    def times(self, language: str, *, youth: bool = False) -> tuple[datetime, ...] | None:
        """Return the times to talk in *language*, or None while nothing can be booked.

        Those for *youth* are with counsellors trained for under-18s, on one list with what is kept for today.
        """
        is_closed = self.offer.roster is None or self.offer.is_paused
        return None if is_closed else (self.offer.young if youth else self.offer.times).get(language)

    def times_today(self, language: str) -> tuple[datetime, ...]:
        """Return the times of this very day, in order: those for who needs somebody today, and those on the list."""
        times = self.times(language)
        if times is None:
            return ()
        ordinary = (time for time in times if time.astimezone(self.zone).date() == self.today)
        return tuple(sorted((*ordinary, *(self.offer.kept_for_today.get(language) or ()))))

    def others(self, language: str) -> tuple[Place, ...]:
        """Return who may be shown besides the crisis numbers, which every page has anyway."""
        return tuple(place for place in self.places[language] if place.signpost.id not in self.crisis)

    def place(self, language: str, *, wanted: str) -> Place | None:
        """Return the signpost with the id *wanted*, if it may be shown now."""
        return next((place for place in self.places[language] if place.signpost.id == wanted), None)


def read_offer(sessions: Sessions, *, settings: VisitorsSettings, now: datetime) -> Offer:
    """Return what can be booked at *now*: the only thing on the site's pages that comes out of a database."""
    keys = settings.roster_verify_keys
    seen = SerialFile.of(settings.run_dir / "visitors", verify_keys=keys)
    with sessions.read() as session:
        try:
            roster = read_roster(session, verify_keys=keys, now=now, seen=seen)
        except NoValidRosterError:
            roster = None
        door, languages = read_door(session), settings.programme.languages
        return Offer(
            roster=roster,
            times={language: read_draw(session, language=language, now=now) for language in languages},
            kept_for_today={language: read_today(session, language=language, now=now) for language in languages},
            young={language: read_for_young(session, language=language, now=now) for language in languages},
            free_until=free_until(session, languages=languages, now=now),
            is_paused=door.paused,
            asks_word=door.word is not None,
            read_at=now,
        )


def take_snapshot(offer: Offer, *, settings: VisitorsSettings, library: Library, now: datetime) -> Snapshot:
    """Return everything that the pages say at *now*."""
    programme, pack, demo = settings.programme, library.pack, settings.is_demo
    said = {tongue: library.words[tongue] for tongue in programme.languages}
    reader = Reader(said, zone=programme.zone, now=now)
    return Snapshot(
        offer=offer,
        zone=programme.zone,
        today=now.astimezone(programme.zone).date(),
        opening=_opening(programme, reader=reader, calendar=pack.calendar),
        places=_places(shown(pack, now=now, demo=demo), reader=reader, calendar=pack.calendar),
        crisis=tuple(signpost.id for signpost in crisis_block(pack, now=now, demo=demo)),
        elsewhere=tuple(
            (other.names, _places(found, reader=reader, calendar=other.calendar))
            for other in library.others
            if (found := crisis_block(other, now=now, demo=demo))
        ),
        values={
            tongue: inline_values(
                pack, words=words, now=now, demo=demo, programme=programme.name, helpline=programme.number
            )
            for tongue, words in said.items()
        },
        hiding_number={tongue: hiding_lines(pack, language=tongue, now=now, demo=demo) for tongue in said},
    )


def _opening(programme: Programme, *, reader: Reader, calendar: Calendar) -> dict[str, str]:
    """Return whether our own line is open, by language."""
    hours = Hours(weekly=programme.open_hours, zone=programme.zone, closed_on_holidays=programme.closed_on_holidays)
    return reader.opening(hours, holidays=calendar.days_off(near=reader.now))


def _places(signposts: Sequence[Signpost], *, reader: Reader, calendar: Calendar) -> Places:
    holidays = calendar.days_off(near=reader.now)
    openings = [reader.opening(it.hours, holidays=holidays) for it in signposts]
    opened = [it.hours is not None and is_open(it.hours, now=reader.now, holidays=holidays) for it in signposts]
    return {
        tongue: tuple(
            Place(it, opening=opening[tongue], is_open=answers)
            for it, opening, answers in zip(signposts, openings, opened, strict=True)
        )
        for tongue in reader.said
    }


def _aged(lists: Times, now: datetime) -> Times:
    return {
        language: None if times is None else tuple(time for time in times if time > now)
        for language, times in lists.items()
    }
