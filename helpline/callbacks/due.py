"""The talks that are due, as a counsellor may see them: nothing of a visitor but the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.callbacks.tables import Booking, BookingId, Counsellor, CounsellorId, Envelope, TalkState

STAND_IN_FROM = timedelta(minutes=30)
"""A stand-in may open a colleague's envelope from this long before the talk."""

LATE_FROM = timedelta(minutes=60)
"""We can say that we are running late from this long before the talk."""

STANDING = frozenset({TalkState.BOOKED, TalkState.EMERGENCY})


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
    ring_again_at: datetime | None = None
    running_late: bool = False
    recorded: bool = False

    @property
    def stands(self) -> bool:
        """Return whether an outcome is still to be recorded."""
        return self.state in STANDING

    @property
    def needs_record(self) -> bool:
        """Return whether it was held, and nobody has said for the counts what kind of talk it was."""
        return self.state is TalkState.HELD and not self.recorded

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

    def can_be_late(self, now: datetime) -> bool:
        """Return whether at *now* its code can say that we are running late: it is due, and somebody can hold it."""
        return is_due(self.state, starts_at=self.starts_at, ends_at=self.ends_at, now=now) and self.readers > 0


def is_due(state: TalkState, *, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Return whether a talk in this *state* is near enough at *now* for us to be late, and not yet over."""
    return state is TalkState.BOOKED and starts_at - LATE_FROM <= now < ends_at


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


def may_open(booking: Booking, reader: CounsellorId, *, now: datetime) -> bool:
    """Return whether *reader* may open an envelope of *booking* at *now*: a stand-in not too early."""
    is_time = booking.state is TalkState.EMERGENCY or now >= booking.starts_at - STAND_IN_FROM
    return booking.counsellor_id == reader or is_time


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
        can_open=has_envelope and may_open(booking, reader, now=now),
        readers=readers,
        has_left=not whose.active,
        ring_again_at=booking.ring_again_at,
        running_late=booking.running_late,
        recorded=booking.recorded,
    )
