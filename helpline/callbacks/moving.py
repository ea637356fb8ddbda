"""Move a talk to another time: its visitor's code and words stay, all else is new."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpline.callbacks.booking import AlreadyBookedError, Receipt, SlotTakenError, book_and_seal, receipt_of
from helpline.callbacks.desk import Desk
from helpline.callbacks.envelope import Wish
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.keeping import destroy_hour_at
from helpline.callbacks.spending import is_recent, spend, token_mark
from helpline.callbacks.tables import Booking, TalkState
from helpline.callbacks.talk import TalkNotFoundError, booking_of, remove_talk
from helpline.callbacks.times import Door
from helpline.codes import AccessCode
from helpline.crypto.digest import Digest
from helpline.store.writing import wait_for_turn


def move_talk(
    session: Session, wish: Wish, *, code: AccessCode, token: FormToken, desk: Desk, now: datetime
) -> Receipt:
    """Move the talk of *code* to what *wish* asks for and return its receipt; the same form again returns the same one.

    The old time is free before the new one is looked for, so a talk can move by less than its own length. Everything
    or nothing: a move that fails leaves the old talk as it was, for all of it is one transaction, the caller's.

    Raises:
        TalkNotFoundError: no talk of this code is still ahead.
        SlotTakenError: somebody was earlier, or the time is no longer offered.
        AlreadyBookedError: the form was sent before.
        BookingPausedError: there is nobody to seal to, or the clock stands still.
        TooFewReadersError: "we ring you" at a time when one person only could read the number.
    """
    wait_for_turn(session)
    if not spend(session, token_mark(token, desk=desk), now=now):
        booking = _moved_before(session, wish, code=code, token=token, desk=desk, now=now)
        return receipt_of(booking, code, way=wish.way, desk=desk, is_repeat=True)
    old = booking_of(session, code, desk=desk, now=now)
    if now >= old.ends_at:
        raise TalkNotFoundError
    old_start, booked_hour = old.starts_at, old.booked_hour
    remove_talk(session, old)
    try:
        booking = book_and_seal(session, wish, code=code, door=Door.PUBLIC, desk=desk, now=now)
    except SlotTakenError as taken:
        raise SlotTakenError(tuple(time for time in taken.nearest if time != old_start)) from None
    _keep_hour(booking, booked_hour)
    spend(session, _answer_mark(booking, wish=wish, token=token, desk=desk), now=now)
    return receipt_of(booking, code, way=wish.way, desk=desk)


def _moved_before(
    session: Session, wish: Wish, *, code: AccessCode, token: FormToken, desk: Desk, now: datetime
) -> Booking:
    """Return the booking that this very form moved within the last two minutes, if nobody has moved it since."""
    try:
        booking = booking_of(session, code, desk=desk, now=now)
    except TalkNotFoundError:
        raise AlreadyBookedError from None
    mark = _answer_mark(booking, wish=wish, token=token, desk=desk)
    if booking.state is not TalkState.BOOKED or not is_recent(session, mark, now=now):
        raise AlreadyBookedError
    return booking


def _answer_mark(booking: Booking, *, wish: Wish, token: FormToken, desk: Desk) -> Digest:
    """Return by what a form and the booking it made know each other: a code that stays cannot tell (0021)."""
    return token_mark(token, desk=desk, answer=booking.id.encode() + wish.cleaned())


def _keep_hour(booking: Booking, booked_hour: datetime | None) -> None:
    """Let *booking* have been made when the talk was first booked: moving takes nobody out of a flood's release."""
    booking.booked_hour = booked_hour
    booking.hour_until = None if booked_hour is None else min(destroy_hour_at(booked_hour), booking.destroy_at)
