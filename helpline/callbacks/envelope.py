"""What a counsellor needs for one talk, and what may be believed of it once it is open."""

import enum
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from helpline.callbacks.numbers import RefusedNumberError, read_number
from helpline.languages import LANGUAGES
from helpline.settings.programme import Way

OPENING_SENTENCES = 3
"""The counsellor opens with the everyday sentence that the visitor chose from this many (scheduling.md)."""

MOST_MODULES = 99

LONGEST_WORD = 12
"""Longer than any word of our lists: an envelope of somebody else's making cannot say a sentence to a counsellor."""


class Group(enum.StrEnum):
    """What the talk is about, as softly as a counsellor needs to know it."""

    ABOUT_ME = "about_me"
    ABOUT_SOMEBODY = "about_somebody"
    PROFESSIONAL = "professional"
    RATHER_NOT_SAY = "rather_not_say"


class EnvelopeFault(enum.StrEnum):
    """What is wrong with an opened envelope."""

    DAMAGED = "damaged"
    OF_ANOTHER_TALK = "of_another_talk"
    NUMBER_REFUSED = "number_refused"


class EnvelopeError(Exception):
    """An opened envelope is not what its place says; ``fault`` says how, and nothing of its content is in here."""

    def __init__(self, fault: EnvelopeFault) -> None:
        """Keep the *fault* only."""
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Place:
    """Which talk an envelope belongs to. It stands inside, so an envelope cannot be moved to another talk."""

    programme: str
    booking: str
    counsellor: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor asks for. Lives in memory and in envelopes only.

    *youth* is whether it was asked for as somebody under 18: on their list, or by a tick where a talk moves.
    """

    starts_at: datetime
    way: Way
    group: Group
    language: str
    opening: int = 0
    module: int | None = None
    number: str | None = None
    number_shown: bool = False
    try_again: bool = False
    ring_earlier: bool = False
    youth: bool = False

    def cleaned(self) -> bytes:
        """Return the fields in one fixed form, from which the code is derived."""
        return json.dumps(asdict(self) | {"starts_at": int(self.starts_at.timestamp())}, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in an envelope: the wish and the two halves of the call word."""

    wish: Wish
    words: tuple[str, str]


def write_contents(contents: Contents, *, place: Place) -> bytes:
    """Return the plaintext to seal: JSON of the contents and of the place."""
    plain = {
        "place": asdict(place) | {"starts_at": int(place.starts_at.timestamp())},
        "wish": json.loads(contents.wish.cleaned()),
        "words": list(contents.words),
    }
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()


def read_contents(plaintext: bytes, *, place: Place, countries: Sequence[str], own: Sequence[str]) -> Contents:
    """Return what was sealed, checked again: whoever can write to the store can put an envelope there.

    Raises:
        EnvelopeError: it is damaged, belongs to another talk, or holds a number that we do not ring.
    """
    try:
        plain = json.loads(plaintext)
        found = plain["place"] | {"starts_at": datetime.fromtimestamp(plain["place"]["starts_at"], tz=UTC)}
        contents = Contents(wish=_wish(plain["wish"]), words=_words(plain["words"]))
        in_place = Place(**found) == place
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        # The cause would carry the contents into a traceback.
        raise EnvelopeError(EnvelopeFault.DAMAGED) from None
    if not in_place:
        raise EnvelopeError(EnvelopeFault.OF_ANOTHER_TALK)
    _check_number(contents.wish, countries=countries, own=own)
    return contents


def _wish(plain: dict[str, object]) -> Wish:
    """Return the wish, each field of the type and the list it must be of.

    Raises:
        TypeError: a field has another type.
        ValueError: a field is not on its list.
    """
    number, module, opening = plain["number"], plain["module"], plain["opening"]
    starts_at, language = plain["starts_at"], str(plain["language"])
    if not isinstance(number, str | None) or not isinstance(starts_at, int) or not isinstance(opening, int):
        raise TypeError
    if opening not in range(OPENING_SENTENCES) or language not in LANGUAGES:
        raise ValueError
    if module is not None and (not isinstance(module, int) or module not in range(MOST_MODULES)):
        raise ValueError
    return Wish(
        starts_at=datetime.fromtimestamp(starts_at, tz=UTC),
        way=Way(str(plain["way"])),
        group=Group(str(plain["group"])),
        language=language,
        opening=opening,
        module=module,
        number=number,
        number_shown=plain["number_shown"] is True,
        try_again=plain["try_again"] is True,
        ring_earlier=plain["ring_earlier"] is True,
        # Envelopes of releases without a list for under-18s do not say it.
        youth=plain.get("youth") is True,
    )


def _words(plain: object) -> tuple[str, str]:
    if not isinstance(plain, list) or not all(isinstance(word, str) for word in plain):
        raise TypeError
    if not all(word.isascii() and word.isalpha() and len(word) <= LONGEST_WORD for word in plain):
        raise ValueError
    first, second = plain
    return first, second


def _check_number(wish: Wish, *, countries: Sequence[str], own: Sequence[str]) -> None:
    if wish.number is None:
        return
    try:
        written = read_number(wish.number, countries=countries, own=own)
    except RefusedNumberError:
        raise EnvelopeError(EnvelopeFault.NUMBER_REFUSED) from None
    if written != wish.number:  # we seal E.164 only: what is shown and what was checked must be one
        raise EnvelopeError(EnvelopeFault.NUMBER_REFUSED)
