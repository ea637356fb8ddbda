"""What booking stands on besides a store: the programme, the keys of codes, the words, who may open."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.callbacks.envelope import Place
from helpline.callbacks.tables import Booking
from helpline.codes import AccessCode, call_words
from helpline.crypto.digest import Subkey, subkey
from helpline.roster import Roster
from helpline.settings.programme import Programme


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """The keys of codes, one per purpose, all out of CODE_KEY."""

    code: Subkey
    digest: Subkey
    words: Subkey

    @classmethod
    def of(cls, code_key: bytes) -> "DeskKeys":
        """Return the keys that belong to *code_key*."""
        return cls(*(subkey(code_key, label=label) for label in ("code", "digest", "words")))


@dataclass(frozen=True, slots=True)
class Desk:
    """All that booking needs besides a session."""

    programme: Programme
    keys: DeskKeys
    words: Mapping[str, tuple[str, ...]]
    roster: Roster | None

    def call_words(self, code: AccessCode, *, language: str) -> tuple[str, str]:
        """Return the two halves of the call word of *code*."""
        return call_words(code, words=self.words[language], key=self.keys.words)


def own_numbers(programme: Programme) -> tuple[str, str]:
    """Return the numbers of the helpline itself, which it does not ring."""
    return programme.number, programme.booked_number


def place_of(booking: Booking, *, counsellor_id: str, programme: Programme) -> Place:
    """Return what an envelope of *booking* for *counsellor_id* must say of itself."""
    return Place(programme=programme.name, booking=booking.id, counsellor=counsellor_id, starts_at=booking.starts_at)
