"""The counsellor's side of a talk: open an envelope, try again, close the talk. Spans two stores."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.breaks import take_break
from helpline.callbacks.desk import own_numbers, place_of
from helpline.callbacks.due import STAND_IN_FROM, STANDING, may_open
from helpline.callbacks.envelope import Contents, read_contents
from helpline.callbacks.keeping import ring_again_after
from helpline.callbacks.rota import day_bounds, local_day
from helpline.callbacks.tables import Booking, BookingId, CounsellorId, Envelope, TalkState
from helpline.callbacks.talk import change_state, destroy_envelopes, leave_failed
from helpline.crypto.opening import open_sealed
from helpline.day_keys import DayKeys
from helpline.settings.programme import Programme
from helpline.staff.audit import Deed, append
from helpline.staff.tables import Act, StaffId
from helpline.store.engine import Sessions
from helpline.store.writing import wait_for_turn


class TalkGoneError(Exception):
    """There is no such talk, or no envelope of it for this person."""


class NotYoursError(Exception):
    """The talk is a colleague's, and it is too early to stand in."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed the talk since the page was shown."""


class TooEarlyError(Exception):
    """A talk of another day cannot have been held or missed: a slip of the hand would destroy its envelope."""


class RangTwiceError(Exception):
    """We rang once in vain and once more; whoever does not answer then is left in peace."""


class Outcome(enum.StrEnum):
    """How a talk ended, as its counsellor says it."""

    HELD = "held"
    HEAVY = "heavy"
    MISSED = "missed"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    MISUSE = "misuse"
    NOT_THERE = "not_there"
    CANCELLED_BY_US = "cancelled_by_us"

    @property
    def state(self) -> TalkState:
        """Where the talk stands then. That a talk was heavy is about the counsellor, and stays nowhere with it."""
        return TalkState.HELD if self is Outcome.HEAVY else TalkState(self)

    @property
    def counted_as(self) -> "Outcome":
        """As which outcome of the codebook it is counted: a cell for each would make every cell less sure."""
        return COUNTED_AS.get(self, self)


COUNTED_AS: Mapping[Outcome, Outcome] = {
    Outcome.HEAVY: Outcome.HELD,
    Outcome.MISUSE: Outcome.MISSED,
    Outcome.NOT_THERE: Outcome.CANCELLED_BY_US,
}

OUR_FAULT = frozenset({Outcome.NOT_THERE, Outcome.CANCELLED_BY_US})
"""The code says so for seven days, and the envelope stays until the slot is over: they may still ring."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where the counsellor's side reads and writes: two stores, never both open, and the days' keys."""

    helpline: Sessions
    office: Sessions
    day_keys: DayKeys
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Opener:
    """Somebody who opens an envelope, to read it or only to seal it to a colleague; her key lasts for the request."""

    staff_id: StaffId
    private_key: bytes = field(repr=False)
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """The form that says that we rang in vain: by whom, for which version of the talk, and the form's own id."""

    person: StaffId
    version: int
    form: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The outcome form as it was sent: by whom, what, for which version of the talk, and the form's own id."""

    person: StaffId
    outcome: Outcome
    version: int
    form: str


def open_envelope(
    files: Files, booking_id: BookingId, *, opener: Opener, programme: Programme, now: datetime
) -> Contents:
    """Return what the visitor chose and typed; the audit row is on disk before the envelope is read.

    Raises:
        TalkGoneError: there is no such talk, or nothing of it is sealed to this person.
        NotYoursError: it is a colleague's and not yet time to stand in.
        DayKeyGoneError: the day's key is destroyed.
        CannotOpenError: the key does not open it.
        EnvelopeError: what is inside does not belong here.
    """
    reader = CounsellorId(opener.staff_id)
    with files.helpline.read() as session:
        booking = _booking(session, booking_id, now=now)
    if not (opener.hands_over or may_open(booking, reader, now=now)):
        raise NotYoursError
    act = Act.HAND_OVER_SENT if opener.hands_over else Act.ENVELOPE_OPENED
    _note(files, _deed(act, booking, person=opener.staff_id), now=now)
    with files.helpline.read() as session:
        sealed = session.scalar(
            select(Envelope.sealed).where(
                Envelope.booking_id == booking_id, Envelope.counsellor_id == reader, Envelope.destroy_at > now
            )
        )
    if sealed is None:
        raise TalkGoneError
    day = files.day_keys.private(local_day(booking.starts_at, zone=programme.zone))
    return read_contents(
        open_sealed(sealed, reader=opener.private_key, day=day),
        place=place_of(booking, counsellor_id=reader, programme=programme),
        countries=programme.countries,
        own=own_numbers(programme),
    )


def start_emergency(files: Files, booking_id: BookingId, *, person: StaffId, version: int, now: datetime) -> None:
    """Keep the envelope readable for the counsellor and her stand-ins until the talk is closed.

    At the latest it goes 24 hours after the slot, as every envelope.

    Raises:
        TalkGoneError: there is no such talk.
        ChangedMeanwhileError: somebody else changed it.
    """
    with files.helpline.read() as session:
        booking = _booking(session, booking_id, now=now)
    _check_unchanged(booking, version=version)
    _note(files, _deed(Act.EMERGENCY_HELD, booking, person=person), now=now)
    with files.helpline.begin() as session:
        if not change_state(session, booking, to=TalkState.EMERGENCY):
            raise ChangedMeanwhileError


def note_attempt(files: Files, booking_id: BookingId, *, attempt: Attempt, now: datetime) -> datetime:
    """Note that we rang in vain, and return when we ring once more. The talk stays open; its code says nothing of it.

    Whether the visitor allows it stands in the envelope, so the call screen asks. The same form again changes nothing.

    Raises:
        TalkGoneError: there is no such talk.
        ChangedMeanwhileError: somebody else changed it.
        TooEarlyError: its day has not come.
        RangTwiceError: it was noted before, by another form.
    """
    with files.helpline.read() as session:
        booking = _booking(session, booking_id, now=now)
    if not may_have_ended(booking.starts_at, zone=files.zone, now=now):
        raise TooEarlyError
    deed = _deed(Act.ATTEMPT_MADE, booking, person=attempt.person, form=attempt.form)
    is_new = _note(files, deed, now=now)
    if booking.ring_again_at is not None and not is_new:
        return booking.ring_again_at
    _check_unchanged(booking, version=attempt.version)
    if booking.ring_again_at is not None:
        raise RangTwiceError
    again_at = ring_again_after(now)
    with files.helpline.begin() as session:
        wait_for_turn(session)
        if not change_state(session, booking, to=booking.state):
            raise ChangedMeanwhileError
        session.execute(update(Booking).where(Booking.id == booking.id).values(ring_again_at=again_at))
    return again_at


def close_talk(files: Files, booking_id: BookingId, *, closing: Closing, now: datetime) -> bool:
    """Record how a talk ended and destroy its envelope, in one transaction; return whether this call did it.

    Whoever says that it was heavy has a break from now on, in the same transaction. The same form sent again after a
    crash closes what it began to close; sent again after it had worked, it does nothing and returns False.

    Raises:
        TalkGoneError: there is no such talk.
        ChangedMeanwhileError: somebody else changed it.
        TooEarlyError: its day has not come; before that it can only be cancelled.
    """
    with files.helpline.read() as session:
        booking = _booking(session, booking_id, now=now)
    if closing.outcome is not Outcome.CANCELLED_BY_US and not may_have_ended(
        booking.starts_at, zone=files.zone, now=now
    ):
        raise TooEarlyError
    deed = _deed(Act.OUTCOME_SENT, booking, person=closing.person, form=closing.form)
    is_new = _note(files, deed, now=now)
    if booking.state is closing.outcome.state and not is_new:
        return False
    _check_unchanged(booking, version=closing.version)
    with files.helpline.begin() as session:
        wait_for_turn(session)
        if not change_state(session, booking, to=closing.outcome.state):
            raise ChangedMeanwhileError
        _forget(session, booking, outcome=closing.outcome, now=now)
        if closing.outcome is Outcome.HEAVY:
            take_break(session, CounsellorId(closing.person), now=now)
    return True


def may_have_ended(starts_at: datetime, *, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether a talk that begins at *starts_at* can have been held: on its day, for we may ring earlier."""
    begins_at, _ = day_bounds(local_day(starts_at, zone=zone), zone=zone)
    return now >= min(begins_at, starts_at - STAND_IN_FROM)


def _deed(act: Act, booking: Booking, *, person: StaffId, form: str | None = None) -> Deed:
    return Deed(person, act, detail=booking.id, form_id=form, slot_end=booking.ends_at)


def _note(files: Files, deed: Deed, *, now: datetime) -> bool:
    """Write *deed* down before it is done, and return whether its form was not known yet."""
    with files.office.begin() as session:
        return append(session, deed, now=now, zone=files.zone)


def _forget(session: Session, booking: Booking, *, outcome: Outcome, now: datetime) -> None:
    """Destroy what the talk needs no longer; a talk that we failed keeps its envelope, for they may still ring."""
    session.execute(update(Booking).where(Booking.id == booking.id).values(ring_again_at=None))
    if outcome in OUR_FAULT:
        leave_failed(session, booking, now=now)
    else:
        destroy_envelopes(session, booking)


def destroy_envelopes_of(session: Session, counsellor_id: CounsellorId) -> int:
    """Destroy every envelope sealed to somebody who left or got a new key, and return how many there were."""
    return session.connection().execute(delete(Envelope).where(Envelope.counsellor_id == counsellor_id)).rowcount


def _check_unchanged(booking: Booking, *, version: int) -> None:
    if booking.version != version or booking.state not in STANDING:
        raise ChangedMeanwhileError


def _booking(session: Session, booking_id: BookingId, *, now: datetime) -> Booking:
    booking = session.scalar(select(Booking).where(Booking.id == booking_id, Booking.destroy_at > now))
    if booking is None:
        raise TalkGoneError
    return booking
