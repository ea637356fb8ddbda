"""Signposts: who else can help, in one jurisdiction, and when they answer. Data of the release, never of a database."""

import enum
import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from helpline.programme.hours import Hours
from helpline.programme.placeholders import INLINE, KINDS, placeholder_faults
from helpline.programme.reading import (
    all_faults,
    only,
    optional,
    optional_date,
    optional_tables,
    optional_texts,
    read_toml,
)
from helpline.programme.words import Words
from helpline.settings.faults import Faults, TableReader
from helpline.settings.programme import LANGUAGES, MINUTES_OF_A_DAY, WEEKDAYS, OpenHours, minute_of_day

FILE = "pack.toml"
CONFIRMED_FOR = timedelta(days=180)
"""Two people died in 2019 after trying a wrong number for suicide prevention (content.md)."""

RING_AGAIN_BEFORE = timedelta(days=30)
"""As long before that the staff are told: past it, visitors would find no number."""

CRISIS = ("emergency", "suicide", "child_protection", "children")
"""Production does not start before each of these is confirmed."""

WHOLE_WEEK = OpenHours(weekdays=tuple(range(len(WEEKDAYS))), starts=0, ends=MINUTES_OF_A_DAY)
CONFIDENTIALITY_LINES = 5

Said = Mapping[str, str]
"""The same words by language."""


class Way(enum.StrEnum):
    """How a service can be reached."""

    PHONE = "phone"
    CHAT = "chat"
    MAIL = "mail"
    RELAY = "relay"
    VISIT = "visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """One service: its name, its name inside a sentence, how to reach it, and what a person must know before."""

    id: str
    names: Said
    said: Said
    about: Said
    numbers: tuple[str, ...]
    site: str
    ways: tuple[Way, ...]
    hours: Hours | None
    cost: Said
    asks: Said
    keeps: Said
    on_bill: Said
    ages: Said
    confirmed: date | None
    source: str

    def is_confirmed(self, *, now: datetime) -> bool:
        """Return whether somebody rang and wrote it down in the last 180 days."""
        return self.confirmed is not None and timedelta() <= now.date() - self.confirmed <= CONFIRMED_FOR

    def must_be_rung(self, *, now: datetime) -> bool:
        """Return whether it is time to ring and write it down again, a month before visitors are no longer shown it."""
        return not self.is_confirmed(now=now + RING_AGAIN_BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One jurisdiction: who answers there, and what a promise of confidentiality is worth."""

    code: str
    names: Said
    zone: ZoneInfo
    confidentiality: Mapping[str, tuple[str, ...]]
    telephone: Mapping[str, tuple[str, ...]]
    signposts: tuple[Signpost, ...]

    def signpost(self, wanted: str) -> Signpost | None:
        """Return the signpost with the id *wanted*, or None when this jurisdiction has none."""
        return next((signpost for signpost in self.signposts if signpost.id == wanted), None)


def load_packs(root: Path) -> dict[str, Pack]:
    """Return the packs in *root*, one folder each, by code.

    Raises:
        ContentError: with everything that is missing or wrong, in all of them.
    """
    with all_faults() as faults:
        folders = sorted(path.parent for path in root.glob(f"*/{FILE}"))
        if not folders:
            faults.add("there is no jurisdiction pack")
        packs = {folder.name: _pack(folder, faults=faults) for folder in folders}
    return packs


def shown(pack: Pack, *, now: datetime, demo: bool) -> tuple[Signpost, ...]:
    """Return the signposts that a visitor may see at *now*: outside a demo only those confirmed of late."""
    return tuple(signpost for signpost in pack.signposts if demo or signpost.is_confirmed(now=now))


def crisis_block(pack: Pack, *, now: datetime, demo: bool) -> tuple[Signpost, ...]:
    """Return what a person in danger can reach at any hour: no closed door is ever in it."""
    seen = {signpost.id: signpost for signpost in shown(pack, now=now, demo=demo)}
    return tuple(seen[wanted] for wanted in CRISIS if wanted in seen and _always_answers(seen[wanted]))


def unconfirmed(pack: Pack, *, now: datetime) -> tuple[str, ...]:
    """Return the ids of what must be confirmed before production starts, and is not."""
    ready = {signpost.id for signpost in shown(pack, now=now, demo=False)}
    return tuple(wanted for wanted in CRISIS if wanted not in ready)


def inline_values(
    pack: Pack, *, words: Words, now: datetime, demo: bool, programme: str, helpline: str
) -> dict[str, str]:
    """Return the HTML of each placeholder inside a sentence; a number in a demo is text and rings nobody.

    What may not be shown is called by its kind ("a lawyer"), so that the sentence around it stays whole.
    """
    seen = {signpost.id: signpost for signpost in shown(pack, now=now, demo=demo)}
    kinds = {
        kind: _inline(seen[kind], words=words, linked=not demo) if kind in seen else html.escape(words.kinds[kind])
        for kind in KINDS
    }
    own = number_html(helpline, linked=not demo)
    return kinds | {"programme": html.escape(programme), "helpline": own}


def number_html(number: str, *, linked: bool) -> str:
    """Return *number* as HTML on one line, as a link that dials it where *linked*."""
    said = html.escape(unbroken(number))
    if not linked:
        return said
    dialled = "".join(sign for sign in number if sign in "+0123456789")
    return f'<a href="tel:{dialled}">{said}</a>'


def unbroken(number: str) -> str:
    """Return *number* with spaces that end no line: half a number at the edge of a telephone is read as a whole one."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def _inline(signpost: Signpost, *, words: Words, linked: bool) -> str:
    name = signpost.said[words.language]
    numbers = f" {html.escape(words.either)} ".join(number_html(number, linked=linked) for number in signpost.numbers)
    if signpost.numbers == (name,):
        return numbers
    return f"{html.escape(name)} ({numbers or html.escape(signpost.site)})"


def _always_answers(signpost: Signpost) -> bool:
    return signpost.hours is not None and signpost.hours.is_day_and_night


def _pack(folder: Path, *, faults: Faults) -> Pack:
    reader = read_toml(folder / FILE, name=f"{folder.name}/{FILE}", faults=faults)
    only(reader, known=("code", "names", "zone", "signed", "confidentiality", "telephone", "signpost"))
    zone = _zone(reader)
    pack = Pack(
        code=reader.text("code"),
        names=_said(reader, "names"),
        zone=zone,
        confidentiality=_lines(reader, "confidentiality"),
        telephone=_lines(reader, "telephone"),
        signposts=tuple(_signpost(row, zone=zone) for row in reader.tables("signpost")),
    )
    ids = [signpost.id for signpost in pack.signposts]
    reader.check("code", holds=pack.code == folder.name, wanted="the name of its folder")
    reader.check("signpost", holds=len(set(ids)) == len(ids), wanted="without an id twice")
    reader.check("signpost", holds=set(KINDS) <= set(ids), wanted=f"with each of {', '.join(KINDS)}")
    for language, lines in pack.confidentiality.items():
        whole = len(lines) == CONFIDENTIALITY_LINES
        reader.check("confidentiality", holds=whole, wanted=f"{CONFIDENTIALITY_LINES} lines in {language}")
    for line in (line for lines in (*pack.confidentiality.values(), *pack.telephone.values()) for line in lines):
        for fault in placeholder_faults(line, allowed=INLINE):
            faults.add(f"{folder.name}/{FILE}: {fault}")
    return pack


def _zone(reader: TableReader) -> ZoneInfo:
    name = reader.text("zone")
    known = name in available_timezones()
    reader.check("zone", holds=known, wanted="a zone of the IANA list, as Europe/Amsterdam")
    return ZoneInfo(name if known else "UTC")


def _signpost(reader: TableReader, *, zone: ZoneInfo) -> Signpost:
    only(reader, known=(*Signpost.__dataclass_fields__, "day_and_night", "closed_on_holidays"))
    signpost = Signpost(
        id=reader.text("id"),
        names=_said(reader, "names"),
        said=_optionally_said(reader, "said") or _said(reader, "names"),
        about=_said(reader, "about"),
        numbers=optional_texts(reader, "numbers"),
        site=optional(reader, "site"),
        ways=tuple(Way(way) for way in reader.texts("ways", allowed=tuple(Way)) if way in set(Way)),
        hours=_hours(reader, zone=zone),
        cost=_optionally_said(reader, "cost"),
        asks=_optionally_said(reader, "asks"),
        keeps=_optionally_said(reader, "keeps"),
        on_bill=_optionally_said(reader, "on_bill"),
        ages=_optionally_said(reader, "ages"),
        confirmed=optional_date(reader, "confirmed"),
        source=reader.text("source"),
    )
    reader.check("numbers", holds=bool(signpost.numbers or signpost.site), wanted="there, or a site")
    return signpost


def _hours(reader: TableReader, *, zone: ZoneInfo) -> Hours | None:
    """Return the hours; None when the pack gives none, because nobody confirmed any."""
    weekly = tuple(_stretch(row) for row in optional_tables(reader, "hours"))
    if reader.switch("day_and_night", default=False):
        reader.check("hours", holds=not weekly, wanted="left out of what answers day and night")
        weekly = (WHOLE_WEEK,)
    closed = reader.switch("closed_on_holidays", default=False)
    return Hours(weekly=weekly, zone=zone, closed_on_holidays=closed) if weekly else None


def _stretch(reader: TableReader) -> OpenHours:
    only(reader, known=("days", "from", "until"))
    days = reader.texts("days", allowed=WEEKDAYS)
    starts, ends = minute_of_day(reader.text("from")), minute_of_day(reader.text("until"))
    in_order = starts is not None and ends is not None and starts < ends
    reader.check("from", holds=in_order, wanted="a time before until, both as 09:00")
    weekdays = tuple(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)
    return OpenHours(weekdays=weekdays, starts=starts or 0, ends=ends or 0)


def _said(reader: TableReader, key: str) -> dict[str, str]:
    table = reader.table(key)
    only(table, known=LANGUAGES)
    return {language: table.text(language) for language in LANGUAGES}


def _optionally_said(reader: TableReader, key: str) -> dict[str, str]:
    return _said(reader, key) if key in reader.names() else {}


def _lines(reader: TableReader, key: str) -> dict[str, tuple[str, ...]]:
    table = reader.table(key)
    only(table, known=LANGUAGES)
    return {language: table.texts(language) for language in LANGUAGES}
