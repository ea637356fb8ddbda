"""Hours, times, bookings and envelopes, in the store that both sites open."""

import enum
from datetime import date, datetime
from typing import NewType

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.callbacks.keeping import MOST_TALKS
from helpline.store.kept import kept, ours
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant, closed_list, random_id

BookingId = NewType("BookingId", str)
CounsellorId = NewType("CounsellorId", str)

NO_ROWID = {"sqlite_with_rowid": False}
"""A rowid gave back the exact order of 40 bookings (contacts.md)."""


class TalkState(enum.StrEnum):
    """Where a talk stands, as its code page says it."""

    BOOKED = "booked"
    EMERGENCY = "emergency"
    NUMBER_DESTROYED = "number_destroyed"
    CANCELLED_BY_US = "cancelled_by_us"
    HELD = "held"
    MISSED = "missed"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    MISUSE = "misuse"
    NOT_THERE = "not_there"
    RELEASED = "released"


FAILED_BY_US = frozenset({TalkState.CANCELLED_BY_US, TalkState.NOT_THERE, TalkState.RELEASED})
"""Our fault: the code says so for seven days, and offers another time."""


class Counsellor(HelplineBase):
    """Somebody who talks with visitors, as the rota knows her. Who signs in is in another store."""

    __tablename__ = "counsellor"

    id: Mapped[CounsellorId] = mapped_column(
        String, primary_key=True, info=ours("the id that the staff table uses too")
    )
    alias: Mapped[str] = mapped_column(unique=True, info=ours("the name that visitors may hear"))
    languages: Mapped[str] = mapped_column(info=ours("the languages she speaks, separated by spaces"))
    youth: Mapped[bool] = mapped_column(info=ours("trained to talk with under-18s"))
    active: Mapped[bool] = mapped_column(default=True, info=ours("whether she takes talks"))


class WeeklyHours(HelplineBase):
    """An interval of a weekday, in local wall time, in which a counsellor takes talks."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name="within_a_day"),
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="a_weekday"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=random_id, info=ours("an id"))
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), index=True, info=ours("whose hours")
    )
    weekday: Mapped[int] = mapped_column(info=ours("0 = Monday"))
    starts: Mapped[int] = mapped_column(info=ours("minute of the local day"))
    ends: Mapped[int] = mapped_column(info=ours("minute of the local day, 1440 = midnight"))
    valid_from: Mapped[date] = mapped_column(info=ours("first day on which it holds"))
    valid_until: Mapped[date | None] = mapped_column(info=ours("last day on which it holds"))


class Absence(HelplineBase):
    """A time in which a counsellor takes no talk. It occupies her atoms as a talk would."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="in_order"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=random_id, info=ours("an id"))
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), index=True, info=ours("who is away")
    )
    starts_at: Mapped[datetime] = mapped_column(Instant, info=ours("from when"))
    ends_at: Mapped[datetime] = mapped_column(Instant, info=ours("until when"))
    rest_until: Mapped[datetime | None] = mapped_column(
        Instant, index=True, info=ours("for a break after a heavy talk: when it is over; all of this goes then")
    )


class Booking(HelplineBase):
    """A visitor's hold on a slot. Who the visitor is, is not in here."""

    __tablename__ = "booking"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="in_order"), NO_ROWID)

    id: Mapped[BookingId] = mapped_column(
        String,
        primary_key=True,
        default=random_id,
        info=kept("a random number", why="so that the envelope and the time find each other", until="destroy_at"),
    )
    code_digest: Mapped[bytes] = mapped_column(
        unique=True,
        info=kept(
            "a fingerprint of the code, made with a secret key; not the code itself",
            why="to find the booking again",
            until="destroy_at",
        ),
    )
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String,
        ForeignKey("counsellor.id"),
        index=True,
        info=kept("which counsellor takes the talk", why="so that she can be there", until="destroy_at"),
    )
    starts_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept("the time of the talk", why="so that it can take place", until="destroy_at"),
    )
    ends_at: Mapped[datetime] = mapped_column(
        Instant,
        info=kept("the end of the talk", why="so that the next one can be planned", until="destroy_at"),
    )
    state: Mapped[TalkState] = mapped_column(
        closed_list(TalkState),
        default=TalkState.BOOKED,
        info=kept("where the talk stands", why="so that the code page can say it", until="destroy_at"),
    )
    version: Mapped[int] = mapped_column(
        default=1,
        info=kept(
            "how often something about the talk was changed",
            why="so that two people who change it at once do not spoil each other's work",
            until="destroy_at",
        ),
    )
    talks_left: Mapped[int] = mapped_column(
        default=MOST_TALKS - 1,
        info=kept(
            "how many talks with the same counsellor may follow", why="so that we can offer them", until="destroy_at"
        ),
    )
    handed_over: Mapped[bool] = mapped_column(
        default=False,
        info=kept(
            "whether a colleague has taken the talk over", why="so that your code can tell you", until="destroy_at"
        ),
    )
    running_late: Mapped[bool] = mapped_column(
        default=False,
        info=kept("whether we are running late", why="so that your code can tell you", until="destroy_at"),
    )
    ring_again_at: Mapped[datetime | None] = mapped_column(
        Instant,
        info=kept("when we ring again, after we rang in vain", why="so that we ring at most twice", until="destroy_at"),
    )
    recorded: Mapped[bool] = mapped_column(
        default=False, info=kept("whether the talk is counted", why="so that none is counted twice", until="destroy_at")
    )
    booked_hour: Mapped[datetime | None] = mapped_column(
        Instant,
        info=kept(
            "the hour in which it was booked",
            why="so that we can take away many false bookings at once",
            until="hour_until",
            nulled=True,
        ),
    )
    hour_until: Mapped[datetime | None] = mapped_column(
        Instant,
        info=kept(
            "when we forget that hour",
            why="so that nothing stays longer than it should",
            until="hour_until",
            nulled=True,
        ),
    )
    destroy_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when all of this is destroyed", why="so that nothing stays longer than it should", until="destroy_at"
        ),
    )


class BusyAtom(HelplineBase):
    """Five minutes of a counsellor or of a telephone line that are taken. The primary key is the one arbiter."""

    __tablename__ = "busy_atom"
    __table_args__ = (
        CheckConstraint("(booking_id IS NULL) <> (absence_id IS NULL)", name="one_cause"),
        # In a key that began with the resource, a long past lay between the days to come.
        NO_ROWID,
    )

    atom: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        info=kept("which five minutes", why="so that nobody is booked twice", until="destroy_at"),
    )
    resource: Mapped[str] = mapped_column(
        primary_key=True,
        info=kept("a counsellor or a telephone line", why="so that nobody is booked twice", until="destroy_at"),
    )
    booking_id: Mapped[BookingId | None] = mapped_column(
        String,
        ForeignKey("booking.id", ondelete="CASCADE"),
        index=True,
        info=kept("for which talk", why="so that the time is free again after it", until="destroy_at"),
    )
    absence_id: Mapped[str | None] = mapped_column(
        ForeignKey("absence.id", ondelete="CASCADE"), index=True, info=ours("for which absence")
    )
    destroy_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when all of this is destroyed", why="so that nothing stays longer than it should", until="destroy_at"
        ),
    )


class Envelope(HelplineBase):
    """What a visitor chose and typed for a talk, sealed to one reader and to the day of the talk."""

    __tablename__ = "envelope"
    __table_args__ = (NO_ROWID,)

    booking_id: Mapped[BookingId] = mapped_column(
        String,
        ForeignKey("booking.id", ondelete="CASCADE"),
        primary_key=True,
        info=kept("which talk it is for", why="so that the counsellor finds it", until="destroy_at"),
    )
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, primary_key=True, info=kept("who can open it", why="so that nobody else tries", until="destroy_at")
    )
    sealed: Mapped[bytes] = mapped_column(
        info=kept(
            "your choices, call word and number if you gave one, sealed",
            why="the counsellor needs them for the call",
            until="destroy_at",
        )
    )
    destroy_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when all of this is destroyed", why="so that nothing stays longer than it should", until="destroy_at"
        ),
    )


class SpentToken(HelplineBase):
    """A form that was sent and counted. Nothing links it to a booking."""

    __tablename__ = "spent_token"
    __table_args__ = (NO_ROWID,)

    digest: Mapped[bytes] = mapped_column(
        primary_key=True,
        info=kept(
            "a fingerprint of the form's number, made with a secret key",
            why="so that no form books twice",
            until="destroy_at",
        ),
    )
    replay_until: Mapped[datetime | None] = mapped_column(
        Instant,
        info=kept(
            "until when sending again shows the same answer",
            why="a double press must not cost you the code",
            until="replay_until",
            nulled=True,
        ),
    )
    destroy_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when all of this is destroyed", why="so that nothing stays longer than it should", until="destroy_at"
        ),
    )


class Drawn(HelplineBase):
    """A time on the public list of a quarter of an hour; the same list for everybody."""

    __tablename__ = "drawn"

    quarter: Mapped[datetime] = mapped_column(Instant, primary_key=True, info=ours("the quarter it was drawn in"))
    language: Mapped[str] = mapped_column(primary_key=True, info=ours("for which language"))
    youth: Mapped[bool] = mapped_column(primary_key=True, info=ours("for under-18s"))
    starts_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, info=ours("a time to talk"))
