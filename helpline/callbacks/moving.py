"""Book under a code that somebody has already: another time for a talk, or the talk that follows. The code stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpline.callbacks.booking import (
    AlreadyBookedError,
    Receipt,
    SlotTakenError,
    book_and_seal,
    pass_public_door,
    receipt_of,
)
from helpline.callbacks.desk import Desk
from helpline.callbacks.doors import BY_CODE_AS_THE_PUBLIC, Asked
from helpline.callbacks.envelope import Wish
from helpline.callbacks.follow_up import asked_by, asked_to_move, find_right
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.keeping import destroy_hour_at, hour_of
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.spending import is_recent, spend, token_mark
from helpline.callbacks.tables import Booking, TalkState
from helpline.callbacks.talk import TalkNotFoundError, booking_of, is_trained, remove_talk
from helpline.codes import AccessCode, code_digest
from helpline.crypto.digest import Digest
from helpline.store.writing import wait_for_turn


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came with a code."""

    wish: Wish
    code: AccessCode
    token: FormToken


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the new booking must fit and takes over; *leaves* is the time that is given up for it."""

    asked: Asked
    talks_left: int
    booked_hour: datetime | None = None
    leaves: datetime | None = None


class _Claim(Protocol):
    """Take away what a code stands for and return on which terms it books."""

    def __call__(self, session: Session, sent: Sent, *, desk: Desk, now: datetime) -> _Terms: ...


def move_talk(session: Session, sent: Sent, *, desk: Desk, now: datetime) -> Receipt:
    """Move the talk of a code to what was asked for and return its receipt; the same form again returns the same one.

    The old time is free before the new one is looked for, so a talk can move by less than its own length. Everything
    or nothing: a move that fails leaves the old talk as it was, for all of it is one transaction, the caller's.

    Raises:
        TalkNotFoundError: no talk of this code is still ahead.
        SlotTakenError: somebody was earlier, or the time is no longer offered.
        AlreadyBookedError: the form was sent before.
        BookingPausedError: there is nobody to seal to, or the clock stands still.
        TooFewReadersError: "we ring you" at a time when one person only could read the number.
    """
    return _booked(session, sent, claim=_leave_talk, desk=desk, now=now)


def book_next(session: Session, sent: Sent, *, desk: Desk, now: datetime) -> Receipt:
    """Book the talk that a handed over code gives, or the one in place of a talk that we cancelled.

    Raises:
        TalkNotFoundError: the code gives none.
        AlreadyBookedError: the form was sent before, or the code has booked by another one.
        SlotTakenError, BookingPausedError, TooFewReadersError: as in a move.
        BookingPausedError, WrongDoorWordError: as at the public door, in place of a first talk that we cancelled.
    """
    return _booked(session, sent, claim=_use_right, desk=desk, now=now)


def _booked(session: Session, sent: Sent, *, claim: _Claim, desk: Desk, now: datetime) -> Receipt:
    wait_for_turn(session)
    if not spend(session, token_mark(sent.token, desk=desk), now=now):
        booking = _booked_before(session, sent, desk=desk, now=now)
        return receipt_of(booking, sent.code, way=sent.wish.way, desk=desk, is_repeat=True)
    terms = claim(session, sent, desk=desk, now=now)
    try:
        booking = book_and_seal(session, sent.wish, code=sent.code, asked=terms.asked, desk=desk, now=now)
    except SlotTakenError as taken:
        raise SlotTakenError(tuple(time for time in taken.nearest if time != terms.leaves)) from None
    _take_over(booking, terms)
    spend(session, _answer_mark(booking, sent, desk=desk), now=now)
    return receipt_of(booking, sent.code, way=sent.wish.way, desk=desk)


def _leave_talk(session: Session, sent: Sent, *, desk: Desk, now: datetime) -> _Terms:
    old = booking_of(session, sent.code, desk=desk, now=now)
    if now >= old.ends_at:
        raise TalkNotFoundError
    whose = old.counsellor_id
    youth = is_trained(session, whose)
    asked = asked_to_move(old.talks_left, whose, youth=youth, language=sent.wish.language)
    terms = _Terms(asked, old.talks_left, booked_hour=old.booked_hour, leaves=old.starts_at)
    remove_talk(session, old)
    return terms


def _use_right(session: Session, sent: Sent, *, desk: Desk, now: datetime) -> _Terms:
    right = find_right(session, sent.code, desk=desk, now=now)
    if right is None:
        if booking_of(session, sent.code, desk=desk, now=now).state is TalkState.BOOKED:
            raise AlreadyBookedError
        raise TalkNotFoundError
    hour = None
    if right.door in BY_CODE_AS_THE_PUBLIC:
        # What staff have released must not come back without the word, nor out of reach of the next release.
        pass_public_door(session, sent.token)
        hour = hour_of(now)
    used = delete(FollowUp).where(FollowUp.code_digest == code_digest(sent.code, key=desk.keys.digest))
    if session.connection().execute(used).rowcount == 0:
        failed = booking_of(session, sent.code, desk=desk, now=now)
        remove_talk(session, failed, state=failed.state)
    return _Terms(asked_by(right, language=sent.wish.language), right.talks_left - 1, booked_hour=hour)


def _booked_before(session: Session, sent: Sent, *, desk: Desk, now: datetime) -> Booking:
    """Return the booking that this very form made within the last two minutes, if nobody has moved it since."""
    try:
        booking = booking_of(session, sent.code, desk=desk, now=now)
    except TalkNotFoundError:
        raise AlreadyBookedError from None
    mark = _answer_mark(booking, sent, desk=desk)
    if booking.state is not TalkState.BOOKED or not is_recent(session, mark, now=now):
        raise AlreadyBookedError
    return booking


def _answer_mark(booking: Booking, sent: Sent, *, desk: Desk) -> Digest:
    """Return by what a form and the booking it made know each other: a code that stays cannot tell (0021)."""
    return token_mark(sent.token, desk=desk, answer=booking.id.encode() + sent.wish.cleaned())


def _take_over(booking: Booking, terms: _Terms) -> None:
    """Let *booking* be as old as the talk was: moving takes nobody out of the release of a flood."""
    booking.talks_left = terms.talks_left
    booking.booked_hour = terms.booked_hour
    hour = terms.booked_hour
    booking.hour_until = None if hour is None else min(destroy_hour_at(hour), booking.destroy_at)
