"""Running late: what the code of a talk says until the talk is held, ended or handed over, or its time is over."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.callbacks.due import is_due
from helpline.callbacks.queue import ChangedMeanwhileError, TalkGoneError
from helpline.callbacks.tables import Booking, BookingId
from helpline.store.writing import wait_for_turn


def say_late(session: Session, booking_id: BookingId, *, late: bool, version: int, now: datetime) -> None:
    """Let the code of a talk say that we are running late, or no longer. What it says already is not said again.

    Raises:
        TalkGoneError: there is no such talk.
        ChangedMeanwhileError: somebody else changed it since *version*, or it is not due: too early, ended or over.
    """
    wait_for_turn(session)
    booking = session.scalar(select(Booking).where(Booking.id == booking_id, Booking.destroy_at > now))
    if booking is None:
        raise TalkGoneError
    if not is_due(booking.state, starts_at=booking.starts_at, ends_at=booking.ends_at, now=now):
        raise ChangedMeanwhileError
    if booking.running_late is late:
        return
    unchanged = (
        update(Booking)
        .where(Booking.id == booking_id, Booking.state == booking.state, Booking.version == version)
        .values(running_late=late, version=Booking.version + 1)
    )
    if session.connection().execute(unchanged).rowcount != 1:
        raise ChangedMeanwhileError
