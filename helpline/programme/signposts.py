"""Signposts: who else can help, in one jurisdiction, and when they answer. Data of the release, never of a database."""

import enum
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpline.programme.agreed import Answer, Reporting, Scheme, is_signed
from helpline.programme.hours import Hours
from helpline.programme.pages import Signature
from helpline.programme.placeholders import KINDS
from helpline.programme.public_holidays import Calendar
from helpline.programme.words import Words

CONFIRMED_FOR = timedelta(days=180)
"""Two people died in 2019 after trying a wrong number for suicide prevention (content.md)."""

RING_AGAIN_BEFORE = timedelta(days=30)
"""As long before that the staff are told: past it, visitors would find no number."""

CRISIS = ("emergency", "suicide", "child_protection", "children")
"""Production does not start before each of these is confirmed."""

TAG = re.compile(r"<[^>]*>")

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
        return _is_recent(self.confirmed, now=now)

    def must_be_rung(self, *, now: datetime) -> bool:
        """Return whether it is time to ring and write it down again, a month before visitors are no longer shown it."""
        return not self.is_confirmed(now=now + RING_AGAIN_BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingNumber:
    """How a caller hides the own number there: a wrong line shows it, so somebody has to have tried it."""

    lines: Mapping[str, tuple[str, ...]]
    confirmed: date | None
    source: str

    def lines_at(self, now: datetime, *, language: str, demo: bool) -> tuple[str, ...]:
        """Return the lines, where somebody tried them in the last 180 days; else none."""
        return self.lines[language] if demo or _is_recent(self.confirmed, now=now) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One jurisdiction: who answers there, and what a promise of confidentiality is worth.

    *signed* stands for the lines on confidentiality; *unknown* are the kinds of services that nobody has found yet.
    """

    code: str
    names: Said
    zone: ZoneInfo
    calendar: Calendar
    unknown: tuple[str, ...]
    signed: tuple[Signature, ...]
    confidentiality: Mapping[str, tuple[str, ...]]
    telephone: Mapping[str, tuple[str, ...]]
    hiding_number: HidingNumber | None
    answers: tuple[Answer, ...]
    schemes: tuple[Scheme, ...]
    reporting: Reporting
    signposts: tuple[Signpost, ...]

    @property
    def is_signed(self) -> bool:
        """Whether lawyer and clinician stand for what it says on confidentiality."""
        return is_signed(self.signed)

    def signpost(self, wanted: str) -> Signpost | None:
        """Return the signpost with the id *wanted*, or None when this jurisdiction has none."""
        return next((signpost for signpost in self.signposts if signpost.id == wanted), None)


def shown(pack: Pack, *, now: datetime, demo: bool) -> tuple[Signpost, ...]:
    """Return the signposts that a visitor may see at *now*: outside a demo only those confirmed of late."""
    return tuple(signpost for signpost in pack.signposts if demo or signpost.is_confirmed(now=now))


def crisis_block(pack: Pack, *, now: datetime, demo: bool) -> tuple[Signpost, ...]:
    """Return what a person in danger can reach at any hour: no closed door is ever in it."""
    seen = {signpost.id: signpost for signpost in shown(pack, now=now, demo=demo)}
    return tuple(seen[wanted] for wanted in CRISIS if wanted in seen and _always_answers(seen[wanted]))


def hiding_lines(pack: Pack, *, language: str, now: datetime, demo: bool) -> tuple[str, ...]:
    """Return how to hide one's number when ringing, if somebody tried it of late; else none: a phone company knows."""
    found = pack.hiding_number
    return found.lines_at(now, language=language, demo=demo) if found else ()


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


def plain_values(values: Mapping[str, str]) -> dict[str, str]:
    """Return the HTML of ``inline_values`` as plain text: what it says, without its links."""
    return {name: html.unescape(TAG.sub("", value)) for name, value in values.items()}


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


def _is_recent(confirmed: date | None, *, now: datetime) -> bool:
    return confirmed is not None and timedelta() <= now.date() - confirmed <= CONFIRMED_FOR
