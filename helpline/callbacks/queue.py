"""The counsellor's side of a talk: see what is due, open an envelope, close the talk. Spans two stores."""

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from helpline.callbacks.desk import own_numbers, place_of
from helpline.callbacks.envelope import Contents, read_contents
from helpline.callbacks.rota import day_bounds, local_day
from helpline.callbacks.tables import Booking, BookingId, Counsellor, CounsellorId, Envelope, TalkState
from helpline.callbacks.talk import change_state, destroy_envelopes, leave_cancelled
from helpline.crypto.opening import open_sealed
from helpline.day_keys import DayKeys
from helpline.settings.programme import Programme
from helpline.staff.audit import Deed, append
from helpline.staff.tables import Act, StaffId
from helpline.store.engine import Sessions
from helpline.store.writing import wait_for_turn

STAND_IN_FROM = timedelta(minutes=30)
"""A stand-in may open a colleague's envelope from this long before the talk."""

STANDING = frozenset({TalkState.BOOKED, TalkState.EMERGENCY})


class TalkGoneError(Exception):
    """There is no such talk, or no envelope of it for this person."""


class NotYoursError(Exception):
    """The talk is a colleague's, and it is too early to stand in."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed the talk since the page was shown."""


class TooEarlyError(Exception):
    """A talk of another day cannot have been held or missed: a slip of the hand would destroy its envelope."""


class Outcome(enum.StrEnum):
    """How a talk ended, as its counsellor says it."""

    HELD = "held"
    MISSED = "missed"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    CANCELLED_BY_US = "cancelled_by_us"


@dataclass(frozen=True, slots=True)
class DueTalk:
    """A line of the day: nothing of the visitor but the time. *readers* is how many can open it or will be able to."""

    booking_id: BookingId
    counsellor_id: CounsellorId
    alias: str
    starts_at: datetime
    ends_at: datetime
    state: TalkState
    version: int
    is_mine: bool
    has_envelope: bool
    can_open: bool
    readers: int
    has_left: bool

    @property
    def stands(self) -> bool:
        """Return whether an outcome is still to be recorded."""
        return self.state in STANDING

    @property
    def is_running(self) -> bool:
        """Return whether an emergency is running."""
        return self.state is TalkState.EMERGENCY

    @property
    def nobody_can_open(self) -> bool:
        """Return whether it is still to be held and no envelope of it is left."""
        return self.stands and self.readers == 0

    @property
    def is_adrift(self) -> bool:
        """Return whether it is still to be held and its counsellor has left, or nobody can open it."""
        return self.stands and (self.has_left or self.readers == 0)

    @property
    def is_hers_alone(self) -> bool:
        """Return whether it is still to be held and nobody but the reader can open it."""
        return self.stands and self.has_envelope and self.readers == 1


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
class Closing:
    """The outcome form as it was sent: by whom, what, for which version of the talk, and the form's own id."""

    person: StaffId
    outcome: Outcome
    version: int
    form: str


def talks_between(
    session: Session, reader: CounsellorId, *, first: datetime, last: datetime, now: datetime
) -> list[DueTalk]:
    """Return the talks of all counsellors that begin from *first* until before *last*, as *reader* may see them."""
    left = select(func.count()).where(Envelope.booking_id == Booking.id, Envelope.destroy_at > now)
    rows = session.execute(
        select(Booking, Counsellor, Envelope.counsellor_id, left.correlate(Booking).scalar_subquery())
        .join(Counsellor, Booking.counsellor_id == Counsellor.id)
        .outerjoin(
            Envelope,
            (Envelope.booking_id == Booking.id) & (Envelope.counsellor_id == reader) & (Envelope.destroy_at > now),
        )
        .where(Booking.starts_at >= first, Booking.starts_at < last, Booking.destroy_at > now)
        .order_by(Booking.starts_at, Counsellor.alias)
    )
    return [
        _due(booking, whose, reader=reader, has_envelope=sealed_to is not None, readers=readers, now=now)
        for booking, whose, sealed_to, readers in rows
    ]


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
    if not (opener.hands_over or _may_open(booking, reader, now=now)):
        raise NotYoursError
    act = Act.HAND_OVER_SENT if opener.hands_over else Act.ENVELOPE_OPENED
    with files.office.begin() as session:
        append(session, _deed(act, booking, person=opener.staff_id), now=now, zone=files.zone)
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
    with files.office.begin() as session:
        append(session, _deed(Act.EMERGENCY_HELD, booking, person=person), now=now, zone=files.zone)
    with files.helpline.begin() as session:
        if not change_state(session, booking, to=TalkState.EMERGENCY):
            raise ChangedMeanwhileError


def close_talk(files: Files, booking_id: BookingId, *, closing: Closing, now: datetime) -> bool:
    """Record how a talk ended and destroy its envelope, in one transaction; return whether this call did it.

    The same form sent again after a crash closes what it began to close; sent again after it had worked, it does
    nothing and returns False.

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
    with files.office.begin() as session:
        deed = _deed(Act.OUTCOME_SENT, booking, person=closing.person, form=closing.form)
        is_new = append(session, deed, now=now, zone=files.zone)
    if booking.state is TalkState(closing.outcome) and not is_new:
        return False
    _check_unchanged(booking, version=closing.version)
    with files.helpline.begin() as session:
        wait_for_turn(session)
        if not change_state(session, booking, to=TalkState(closing.outcome)):
            raise ChangedMeanwhileError
        _forget(session, booking, outcome=closing.outcome, now=now)
    return True


def may_have_ended(starts_at: datetime, *, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether a talk that begins at *starts_at* can have been held: on its day, for we may ring earlier."""
    begins_at, _ = day_bounds(local_day(starts_at, zone=zone), zone=zone)
    return now >= min(begins_at, starts_at - STAND_IN_FROM)


def _deed(act: Act, booking: Booking, *, person: StaffId, form: str | None = None) -> Deed:
    return Deed(person, act, detail=booking.id, form_id=form, slot_end=booking.ends_at)


def _forget(session: Session, booking: Booking, *, outcome: Outcome, now: datetime) -> None:
    """Destroy what the talk needs no longer; a talk that we cancel keeps its envelope, for they may still ring."""
    if outcome is Outcome.CANCELLED_BY_US:
        leave_cancelled(session, booking, now=now)
    else:
        destroy_envelopes(session, booking)


def destroy_envelopes_of(session: Session, counsellor_id: CounsellorId) -> int:
    """Destroy every envelope sealed to somebody who left or got a new key, and return how many there were."""
    return session.connection().execute(delete(Envelope).where(Envelope.counsellor_id == counsellor_id)).rowcount


def _due(
    booking: Booking, whose: Counsellor, *, reader: CounsellorId, has_envelope: bool, readers: int, now: datetime
) -> DueTalk:
    return DueTalk(
        booking_id=booking.id,
        counsellor_id=booking.counsellor_id,
        alias=whose.alias,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        state=booking.state,
        version=booking.version,
        is_mine=booking.counsellor_id == reader,
        has_envelope=has_envelope,
        can_open=has_envelope and _may_open(booking, reader, now=now),
        readers=readers,
        has_left=not whose.active,
    )


def _may_open(booking: Booking, reader: CounsellorId, *, now: datetime) -> bool:
    is_time = booking.state is TalkState.EMERGENCY or now >= booking.starts_at - STAND_IN_FROM
    return booking.counsellor_id == reader or is_time


def _check_unchanged(booking: Booking, *, version: int) -> None:
    if booking.version != version or booking.state not in STANDING:
        raise ChangedMeanwhileError


def _booking(session: Session, booking_id: BookingId, *, now: datetime) -> Booking:
    booking = session.scalar(select(Booking).where(Booking.id == booking_id, Booking.destroy_at > now))
    if booking is None:
        raise TalkGoneError
    return booking
