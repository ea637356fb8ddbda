"""A flood of false bookings: what becomes of the talks shuts the far door; one action releases an hour's bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpline.callbacks.public_door import SINCE_EVER, FarDoor, read_door, set_far
from helpline.callbacks.tables import Booking, TalkState
from helpline.callbacks.talk import change_state, leave_failed
from helpline.store.writing import wait_for_turn

LOOKED_BACK = timedelta(hours=24)
"""As long as a talk is kept after its slot: what is weighed is there anyway."""

FEWEST = 5
"""Fewer talks than this say nothing: on a quiet day three people may well not ring (scheduling.md)."""

TIME_TO_RECORD = timedelta(hours=12)
"""A shift and the way home: a talk whose end nobody has recorded by then is taken for one that nobody came to."""

TOOK_PLACE = frozenset({TalkState.HELD, TalkState.EMERGENCY})
NOBODY_CAME = frozenset({TalkState.MISSED, TalkState.NOT_REACHED, TalkState.WRONG_NUMBER, TalkState.MISUSE})
"""Nobody rang, nobody answered, or nobody knew the word, or it was no call for help."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of the talks whose slot is over: how many took place, to how many nobody came."""

    took_place: int
    nobody_came: int

    @property
    def says_flood(self) -> bool:
        """Return whether nobody came to most of them, and they are enough to say so."""
        return self.took_place + self.nobody_came >= FEWEST and self.nobody_came > self.took_place

    @property
    def says_people(self) -> bool:
        """Return whether talks take place again."""
        return 0 < self.took_place >= self.nobody_came


@dataclass(frozen=True, slots=True)
class BookedHour:
    """How many talks to come were booked in an hour, which begins at *starts_at*."""

    starts_at: datetime
    talks: int


def passed_talks(session: Session, *, now: datetime, since: datetime = SINCE_EVER) -> Passed:
    """Return what became of the talks whose slot ended in the last 24 hours, and after *since*.

    A visitor who cancelled or destroyed the number counts on neither side, nor does a talk that we cancelled: their
    slots did not pass with somebody waiting.
    """
    over = select(Booking.state, Booking.ends_at).where(
        Booking.ends_at > max(since, now - LOOKED_BACK), Booking.ends_at <= now, Booking.destroy_at > now
    )
    rows = session.execute(over).all()
    forgotten = sum(state is TalkState.BOOKED and ends_at <= now - TIME_TO_RECORD for state, ends_at in rows)
    return Passed(
        took_place=sum(state in TOOK_PLACE for state, _ in rows),
        nobody_came=sum(state in NOBODY_CAME for state, _ in rows) + forgotten,
    )


def weigh_far_door(session: Session, *, now: datetime) -> None:
    """Shut the far door when nobody came to most talks, and open it when talks take place again.

    After it was opened only the talks that ended since then count, so that "real people" holds until as many slots
    have passed in vain once more. What staff shut, staff open.
    """
    door = read_door(session)
    if door.far is FarDoor.OPEN and passed_talks(session, now=now, since=door.far_since).says_flood:
        set_far(session, FarDoor.SHUT_BY_ITSELF, now=now)
    elif door.far is FarDoor.SHUT_BY_ITSELF and passed_talks(session, now=now).says_people:
        set_far(session, FarDoor.OPEN, now=now)


def booked_hours(session: Session, *, now: datetime) -> Sequence[BookedHour]:
    """Return the hours of the last 48 in which talks to come were booked, the newest first."""
    rows = session.execute(
        select(Booking.booked_hour, func.count())
        .where(Booking.booked_hour.is_not(None), *_to_come(now))
        .group_by(Booking.booked_hour)
        .order_by(Booking.booked_hour.desc())
    )
    return [BookedHour(hour, talks) for hour, talks in rows if hour is not None]


def release_hour(session: Session, hour: datetime, *, now: datetime) -> int:
    """Cancel every talk to come that was booked in the *hour* that begins then, and return how many there were.

    Their time is free at once; each code says that we cancelled and offers another time, until seven days after its
    slot. A talk that has begun stays: somebody may be speaking.
    """
    wait_for_turn(session)
    booked_then = session.scalars(select(Booking).where(Booking.booked_hour == hour, *_to_come(now))).all()
    released = [booking for booking in booked_then if change_state(session, booking, to=TalkState.RELEASED)]
    for booking in released:
        leave_failed(session, booking, now=now)
    return len(released)


def _to_come(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Booking.state == TalkState.BOOKED, Booking.starts_at > now, Booking.hour_until > now
