"""Hand a talk over: who could take it, and the one step in which it becomes hers, whole or not at all."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.envelope import Contents, Wish
from helpline.callbacks.free_now import end_free_time
from helpline.callbacks.offered import occupied
from helpline.callbacks.queue import ChangedMeanwhileError, Files, Opener, TalkGoneError, open_envelope
from helpline.callbacks.rota import local_day
from helpline.callbacks.rota_keeping import active_counsellors, reclaim_atoms
from helpline.callbacks.sealing import seal_envelopes
from helpline.callbacks.tables import Booking, BookingId, BusyAtom, Counsellor, CounsellorId, Envelope, TalkState
from helpline.callbacks.talk import destroy_envelopes
from helpline.callbacks.times import free_times
from helpline.roster import Roster
from helpline.settings.programme import Programme
from helpline.store.writing import insert_free, wait_for_turn


class Hindrance(enum.StrEnum):
    """Why nobody, or not the one who was chosen, can take a talk."""

    NOBODY_FREE = "nobody_free"
    NOBODY_SPEAKS_IT = "nobody_speaks_it"
    TAKER_BUSY = "taker_busy"
    TAKER_CANNOT_OPEN = "taker_cannot_open"
    TAKER_SPEAKS_OTHERWISE = "taker_speaks_otherwise"
    NOBODY_TRAINED = "nobody_trained"
    TAKER_NOT_TRAINED = "taker_not_trained"


class CannotTakeError(Exception):
    """The talk stays where it is; ``hindrance`` says why, and nothing of what is in the envelope."""

    def __init__(self, hindrance: Hindrance) -> None:
        """Keep the *hindrance*."""
        super().__init__(hindrance.value)
        self.hindrance = hindrance


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides who can take a talk: the programme's rules, and the roster in force, by which it is sealed."""

    programme: Programme
    roster: Roster

    def can_be_sealed_to(self, taker: CounsellorId, *, starts_at: datetime) -> bool:
        """Return whether a talk that begins at *starts_at* can be sealed to *taker*."""
        day = local_day(starts_at, zone=self.programme.zone)
        return self.roster.reader(taker, day=day) is not None and day in self.roster.day_keys


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who is free for a talk and whom it can be sealed to.

    The language of a talk is in its envelope only, so all that a list can show is which languages she speaks.
    *on_shift* is whether she could be booked then; if not, she has no hours or her day is full: ask her first.
    """

    counsellor_id: CounsellorId
    alias: str
    languages: tuple[str, ...]
    youth: bool
    on_shift: bool


@dataclass(frozen=True, slots=True)
class Errand:
    """A talk to hand over, in the version that was seen, by whom; *to* None is whoever is free and speaks its language.

    Whoever is chosen by name may have no hours then: people may help each other out.
    """

    booking_id: BookingId
    version: int
    opener: Opener
    to: CounsellorId | None = None


def who_could_take(session: Session, starts_at: datetime, *, terms: Terms, now: datetime) -> list[Taker]:
    """Return who could take the talk that begins at *starts_at*: those on shift, the least busy first, then others."""
    on_shift = _on_shift(session, starts_at, languages=terms.programme.languages, terms=terms, now=now)
    wanted = occupied(starts_at, programme=terms.programme)
    taken = select(BusyAtom.resource).where(BusyAtom.atom >= wanted.start, BusyAtom.atom < wanted.stop)
    busy = set(session.scalars(taken.distinct()))
    takers = [
        Taker(it.id, it.alias, tuple(it.languages.split()), it.youth, it.id in on_shift)
        for it in active_counsellors(session)
        if it.id not in busy and terms.can_be_sealed_to(it.id, starts_at=starts_at)
    ]
    places = {counsellor: place for place, counsellor in enumerate(on_shift)}
    return sorted(takers, key=lambda taker: places.get(taker.counsellor_id, len(places)))


def openers_of(session: Session, talks: Collection[BookingId], *, now: datetime) -> dict[BookingId, list[CounsellorId]]:
    """Return who can open each of *talks*, and so hand it over: its counsellor and her stand-ins."""
    found: dict[BookingId, list[CounsellorId]] = {talk: [] for talk in talks}
    sealed = select(Envelope.booking_id, Envelope.counsellor_id).where(
        Envelope.booking_id.in_(talks), Envelope.destroy_at > now
    )
    for booking_id, counsellor_id in session.execute(sealed):
        found[booking_id].append(counsellor_id)
    return found


def hand_over(files: Files, errand: Errand, *, terms: Terms, now: datetime) -> CounsellorId:
    """Give a talk to a colleague and return who has it now.

    The audit row is on disk first. Then the envelope is opened with the key of who is signed in, and in one
    transaction the time, the row and the envelopes become the new counsellor's; the line, the code, the words and the
    time stay. Killed anywhere, it has happened or it has not. One reader is enough here even where we ring: the other
    choice is to cancel.

    Raises:
        TalkGoneError: there is no such talk, or nothing of it is sealed to who is signed in.
        ChangedMeanwhileError: somebody else changed it, or it stands no more.
        CannotTakeError: nobody can take it, or not the one who was chosen.
        DayKeyGoneError: the day's key is destroyed.
        CannotOpenError: the key does not open it.
        EnvelopeError: what is inside does not belong here.
    """
    with files.helpline.read() as session:
        _unchanged(session, errand, now=now)
    opener = replace(errand.opener, hands_over=True)
    contents = open_envelope(files, errand.booking_id, opener=opener, programme=terms.programme, now=now)
    return files.helpline.transact(lambda session: _pass_on(session, errand, contents=contents, terms=terms, now=now))


def _pass_on(session: Session, errand: Errand, *, contents: Contents, terms: Terms, now: datetime) -> CounsellorId:
    wait_for_turn(session)
    booking = _unchanged(session, errand, now=now)
    takers = _takers(session, booking, to=errand.to, wish=contents.wish, terms=terms, now=now)
    taker = next((it for it in takers if _give_time(session, booking, to=it)), None)
    if taker is None:
        raise CannotTakeError(Hindrance.TAKER_BUSY)
    _give_row(session, booking, to=taker)
    end_free_time(session, taker, at=booking.starts_at - timedelta(minutes=terms.programme.slots.buffer))
    destroy_envelopes(session, booking)
    seal_envelopes(session, booking, contents=contents, programme=terms.programme, roster=terms.roster)
    return taker


def _unchanged(session: Session, errand: Errand, *, now: datetime) -> Booking:
    booking = session.scalar(select(Booking).where(Booking.id == errand.booking_id, Booking.destroy_at > now))
    if booking is None:
        raise TalkGoneError
    if booking.state is not TalkState.BOOKED or booking.version != errand.version or booking.ends_at <= now:
        raise ChangedMeanwhileError
    return booking


def _takers(
    session: Session, booking: Booking, *, to: CounsellorId | None, wish: Wish, terms: Terms, now: datetime
) -> list[CounsellorId]:
    """Return who may get *booking*, in the order in which they are tried."""
    if to is not None:
        _check_chosen(session, booking, to=to, wish=wish, terms=terms)
        return [to]
    takers = _on_shift(session, booking.starts_at, languages=[wish.language], terms=terms, now=now)
    if not takers:
        others = who_could_take(session, booking.starts_at, terms=terms, now=now)
        is_free = any(taker.on_shift for taker in others)
        raise CannotTakeError(Hindrance.NOBODY_SPEAKS_IT if is_free else Hindrance.NOBODY_FREE)
    trained = set(session.scalars(select(Counsellor.id).where(Counsellor.youth)))
    if wish.youth:
        able = [taker for taker in takers if taker in trained]
        if not able:
            raise CannotTakeError(Hindrance.NOBODY_TRAINED)
        return able
    # Nobody else is asked for an age: what the counsellor was trained for is the best that is known.
    is_hers = booking.counsellor_id in trained
    return sorted(takers, key=lambda taker: (taker in trained) is not is_hers)


def _check_chosen(session: Session, booking: Booking, *, to: CounsellorId, wish: Wish, terms: Terms) -> None:
    found = session.get(Counsellor, to)
    if found is None or not found.active or not terms.can_be_sealed_to(to, starts_at=booking.starts_at):
        raise CannotTakeError(Hindrance.TAKER_CANNOT_OPEN)
    if wish.language not in found.languages.split():
        raise CannotTakeError(Hindrance.TAKER_SPEAKS_OTHERWISE)
    if wish.youth and not found.youth:
        raise CannotTakeError(Hindrance.TAKER_NOT_TRAINED)


def _on_shift(
    session: Session, starts_at: datetime, *, languages: Sequence[str], terms: Terms, now: datetime
) -> list[CounsellorId]:
    """Return who could be booked then by the door of the staff, in any of *languages*, the least busy first.

    The talk keeps its line, so no line is asked for.
    """
    lineless = replace(terms.programme, booked_lines=0)
    found: dict[CounsellorId, None] = {}
    for language in languages:
        asked = Asked(language=language, door=Door.STAFF)
        for time in free_times(session, asked, programme=lineless, roster=terms.roster, now=now, only=starts_at):
            found |= dict.fromkeys(time.counsellors)
    return list(found)


def _give_time(session: Session, booking: Booking, *, to: CounsellorId) -> bool:
    """Let *to* hold the atoms that the counsellor holds, and return whether all of hers were free.

    What the counsellor held is free again, or her absence takes it.
    """
    held = (BusyAtom.booking_id == booking.id, BusyAtom.resource == booking.counsellor_id)
    atoms = session.scalars(select(BusyAtom.atom).where(*held).order_by(BusyAtom.atom)).all()
    rows = [
        {
            "resource": to,
            "atom": atom,
            "booking_id": booking.id,
            "absence_id": None,
            "destroy_at": booking.destroy_at,
        }
        for atom in atoms
    ]
    with session.begin_nested() as savepoint:
        if insert_free(session, BusyAtom, rows=rows) != len(rows):
            savepoint.rollback()
            return False
    session.execute(delete(BusyAtom).where(*held))
    reclaim_atoms(session, booking.counsellor_id, freed=atoms)
    return True


def _give_row(session: Session, booking: Booking, *, to: CounsellorId) -> None:
    """Let *booking* be a talk of *to*, if it still is as it was read."""
    unchanged = (
        update(Booking)
        .where(Booking.id == booking.id, Booking.state == booking.state, Booking.version == booking.version)
        .values(counsellor_id=to, version=Booking.version + 1, handed_over=True, running_late=False)
    )
    if session.connection().execute(unchanged).rowcount != 1:
        raise ChangedMeanwhileError
    session.refresh(booking)
