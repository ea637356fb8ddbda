"""The public door: whether visitors can book, what they must have heard on the line, how far ahead they may ask."""

import enum
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.crypto.digest import is_same
from helpline.store.kept import ours
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant, closed_list
from helpline.store.writing import insert_free

PUBLIC = "public"
SINCE_EVER = datetime.fromtimestamp(0, tz=UTC)
LONGEST_WORD = 30
"""A word that somebody says on a recording, and somebody else types from memory."""


class FarDoor(enum.StrEnum):
    """Whether the public may book more than a day ahead."""

    OPEN = "open"
    SHUT_BY_ITSELF = "shut_by_itself"
    SHUT_BY_STAFF = "shut_by_staff"


class PublicDoor(HelplineBase):
    """How the public door stands: one row, or none while it stands as it was built."""

    __tablename__ = "public_door"

    name: Mapped[str] = mapped_column(primary_key=True, info=ours("which door"))
    paused: Mapped[bool] = mapped_column(info=ours("whether booking is paused"))
    word: Mapped[str | None] = mapped_column(info=ours("the word that the greeting of the public line says"))
    far: Mapped[FarDoor] = mapped_column(closed_list(FarDoor), info=ours("whether times far ahead can be booked"))
    far_since: Mapped[datetime] = mapped_column(Instant, info=ours("since when they can, or cannot"))


class WrongDoorWordError(Exception):
    """The door word is on, and another one was typed, or none."""


@dataclass(frozen=True, slots=True)
class DoorState:
    """How the public door stands. The word is the programme's own, said on its public line."""

    paused: bool = False
    word: str | None = None
    far: FarDoor = FarDoor.OPEN
    far_since: datetime = SINCE_EVER

    @property
    def is_far_shut(self) -> bool:
        """Return whether times far ahead cannot be booked."""
        return self.far is not FarDoor.OPEN

    def lets_in(self, said: str) -> bool:
        """Return whether somebody who *said* this may book: everybody, while no word is asked for."""
        return self.word is None or is_same(cleaned_word(said).encode(), cleaned_word(self.word).encode())


def cleaned_word(text: str) -> str:
    """Return *text* without what nobody hears: capitals, accents, spaces and signs."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if sign.isalnum())


def read_door(session: Session) -> DoorState:
    """Return how the public door stands."""
    row = session.get(PublicDoor, PUBLIC)
    return DoorState() if row is None else DoorState(row.paused, row.word, row.far, row.far_since)


def pause(session: Session, *, paused: bool) -> None:
    """Pause booking by the public, or let it go on."""
    _change(session, paused=paused)


def set_word(session: Session, word: str | None) -> None:
    """Ask for *word*, or for none any more."""
    _change(session, word=word)


def set_far(session: Session, far: FarDoor, *, now: datetime) -> None:
    """Shut or open the far door; what comes of the talks counts from *now* on."""
    _change(session, far=far, far_since=now)


def _change(session: Session, **values: bool | str | datetime | None) -> None:
    insert_free(session, PublicDoor, rows=[{"name": PUBLIC, **asdict(DoorState())}])
    session.execute(update(PublicDoor).where(PublicDoor.name == PUBLIC).values(values))
