"""What a visitor can do with a code: see the talk, cancel it, destroy the number."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.desk import Desk
from helpline.callbacks.keeping import destroy_failed_talk_at
from helpline.callbacks.rota_keeping import reclaim_atoms
from helpline.callbacks.tables import Booking, BusyAtom, Counsellor, CounsellorId, Envelope, TalkState
from helpline.codes import AccessCode, code_digest, language_of
from helpline.store.writing import wait_for_turn


class TalkNotFoundError(Exception):
    """No talk has this code: never, no longer, or not yet again. The three look the same."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What the code page knows: never a worry, a language or a digit of a number.

    *youth* is whether its counsellor is trained for under-18s; of the visitor's age nothing is known.
    """

    state: TalkState
    starts_at: datetime
    ends_at: datetime
    words: tuple[str, str] | None
    has_envelope: bool
    handed_over: bool
    running_late: bool
    version: int
    counsellor_id: CounsellorId
    talks_left: int
    youth: bool

    @property
    def is_unended(self) -> bool:
        """Return whether nobody has ended it; its time may have passed."""
        return self.state is TalkState.BOOKED

    def is_ahead(self, now: datetime) -> bool:
        """Return whether the talk is still to be held or is being held at *now*."""
        return self.is_unended and now < self.ends_at


def find_talk(session: Session, code: AccessCode, *, desk: Desk, now: datetime) -> Talk:
    """Return the talk of *code*; a row past its hour is gone even before the clock has come by.

    Raises:
        TalkNotFoundError: there is none.
    """
    booking = booking_of(session, code, desk=desk, now=now)
    envelope = session.scalar(
        select(Envelope.counsellor_id).where(Envelope.booking_id == booking.id, Envelope.destroy_at > now).limit(1)
    )
    talk = Talk(
        state=booking.state,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        words=desk.call_words(code, language=language_of(code)),
        has_envelope=envelope is not None,
        handed_over=booking.handed_over,
        running_late=booking.running_late,
        version=booking.version,
        counsellor_id=booking.counsellor_id,
        talks_left=booking.talks_left,
        youth=is_trained(session, booking.counsellor_id),
    )
    return talk if talk.is_ahead(now) else replace(talk, words=None)


def booking_of(session: Session, code: AccessCode, *, desk: Desk, now: datetime) -> Booking:
    """Return the booking of *code*, in whatever state.

    Raises:
        TalkNotFoundError: there is none, or it is past its hour.
    """
    digest = code_digest(code, key=desk.keys.digest)
    booking = session.scalar(select(Booking).where(Booking.code_digest == digest, Booking.destroy_at > now))
    if booking is None:
        raise TalkNotFoundError
    return booking


def is_trained(session: Session, counsellor_id: CounsellorId) -> bool:
    """Return whether *counsellor_id* is trained to talk with under-18s: her talks stay with such counsellors (0031)."""
    return session.scalar(select(Counsellor.youth).where(Counsellor.id == counsellor_id)) is True


def cancel_by_visitor(session: Session, code: AccessCode, *, desk: Desk, now: datetime) -> None:
    """Destroy the talk of *code* with all that belongs to it, at once; its time is free again.

    Raises:
        TalkNotFoundError: there is none that still stands.
    """
    wait_for_turn(session)
    remove_talk(session, booking_of(session, code, desk=desk, now=now))


def remove_talk(session: Session, booking: Booking, *, state: TalkState = TalkState.BOOKED) -> None:
    """Destroy *booking* with all that belongs to it and free its time. The caller has waited for its turn.

    Raises:
        TalkNotFoundError: it is not in that *state*, or somebody changed it meanwhile.
    """
    free_atoms(session, booking)
    # Envelopes go with the booking: ON DELETE CASCADE.
    standing = delete(Booking).where(
        Booking.id == booking.id, Booking.state == state, Booking.version == booking.version
    )
    if session.connection().execute(standing).rowcount != 1:
        raise TalkNotFoundError


def destroy_number(session: Session, code: AccessCode, *, desk: Desk, now: datetime) -> None:
    """Destroy what the visitor typed for the talk of *code* and free its time; the code can still say that it is gone.

    Raises:
        TalkNotFoundError: there is none that still stands.
    """
    wait_for_turn(session)
    booking = booking_of(session, code, desk=desk, now=now)
    if booking.state is not TalkState.BOOKED or not change_state(session, booking, to=TalkState.NUMBER_DESTROYED):
        raise TalkNotFoundError
    destroy_envelopes(session, booking)
    free_atoms(session, booking)


def change_state(session: Session, booking: Booking, *, to: TalkState) -> bool:
    """Move *booking* on from the state and version it was read in; return whether nobody else was earlier.

    Whatever happens to a talk, we are no longer late for it.
    """
    unchanged = (
        update(Booking)
        .where(Booking.id == booking.id, Booking.state == booking.state, Booking.version == booking.version)
        .values(state=to, version=Booking.version + 1, running_late=False)
    )
    return session.connection().execute(unchanged).rowcount == 1


def destroy_envelopes(session: Session, booking: Booking) -> None:
    """Destroy every copy of the envelope of *booking*."""
    session.execute(delete(Envelope).where(Envelope.booking_id == booking.id))


def leave_failed(session: Session, booking: Booking, *, now: datetime) -> None:
    """Free the time of *booking*, which failed on our side, and let its code say so until seven days after its slot.

    Its envelope stays until the slot is over, for they may still ring.
    """
    free_atoms(session, booking)
    if booking.ends_at <= now:
        destroy_envelopes(session, booking)
    session.execute(update(Envelope).where(Envelope.booking_id == booking.id).values(destroy_at=booking.ends_at))
    # The code must still say it at the time of the talk, however long before it we gave it up.
    gone_at = destroy_failed_talk_at(max(now, booking.ends_at))
    left = {"destroy_at": gone_at, "booked_hour": None, "hour_until": None}
    session.execute(update(Booking).where(Booking.id == booking.id).values(left))


def free_atoms(session: Session, booking: Booking) -> None:
    """Free the time of *booking*, of its counsellor and of its line; an absence of hers takes it over.

    The caller has waited for its turn: an absence that is being made would otherwise not be seen here, and its atoms
    would stay free.
    """
    held = BusyAtom.booking_id == booking.id
    hers = session.scalars(select(BusyAtom.atom).where(held, BusyAtom.resource == booking.counsellor_id)).all()
    session.execute(delete(BusyAtom).where(held))
    reclaim_atoms(session, booking.counsellor_id, freed=hers)


def lapsed_talks(session: Session, *, now: datetime) -> int:
    """Return how many talks are due for destruction although nobody said how they ended, for the counts."""
    unfinished = Booking.state.in_((TalkState.BOOKED, TalkState.EMERGENCY))
    due = select(func.count()).select_from(Booking).where(unfinished, Booking.destroy_at <= now)
    return session.scalar(due) or 0


def are_envelopes_left(session: Session, *, first: datetime, last: datetime, now: datetime) -> bool:
    """Return whether an envelope of a talk that begins from *first* until before *last* is still to be opened."""
    left = (
        select(Envelope.booking_id)
        .join(Booking, Envelope.booking_id == Booking.id)
        .where(
            Booking.starts_at >= first, Booking.starts_at < last, Envelope.destroy_at > now, Booking.destroy_at > now
        )
    )
    return session.scalar(left.limit(1)) is not None
