"""Book a talk: one function for every door, one arbiter for every race."""

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.desk import Desk
from helpline.callbacks.doors import BY_CODE_AS_THE_PUBLIC, Asked, Door
from helpline.callbacks.draw import newest_draw, read_draw, read_today
from helpline.callbacks.envelope import Contents, Wish
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.keeping import destroy_hour_at, destroy_talk_at, hour_of
from helpline.callbacks.offered import occupied
from helpline.callbacks.public_door import WrongDoorWordError, read_door
from helpline.callbacks.sealing import seal_envelopes
from helpline.callbacks.spending import is_recent, spend, token_mark
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, TalkState
from helpline.callbacks.times import FreeTime, free_times
from helpline.codes import AccessCode, code_digest, derive_code, language_of
from helpline.crypto.digest import Digest
from helpline.roster import Roster
from helpline.settings.programme import Programme, Way
from helpline.store.types import random_id
from helpline.store.writing import insert_free, wait_for_turn

NEAREST = 3
"""How many other times are offered when one is taken."""

ALL_SHOWN = (*BY_CODE_AS_THE_PUBLIC, Door.FOLLOW_UP, Door.STAFF)
"""Doors whose every free time is shown: the others have their lists."""

READERS_TO_RING = 2
"""Nobody gives a number that only one person can read: she may be ill."""


class SlotTakenError(Exception):
    """The time is no longer free; ``nearest`` holds others of the same list."""

    def __init__(self, nearest: tuple[datetime, ...]) -> None:
        """Keep the *nearest* free times, in order."""
        super().__init__("the time is taken")
        self.nearest = nearest


class AlreadyBookedError(Exception):
    """This form was sent before, with other fields or too long ago to show its code again."""


class PauseReason(enum.StrEnum):
    """Why nothing can be booked now."""

    NO_ROSTER = "no_roster"
    NO_DRAW = "no_draw"
    BY_STAFF = "by_staff"


class BookingPausedError(Exception):
    """Nothing can be booked now; visitors see the number to ring, staff see the ``reason``."""

    def __init__(self, reason: PauseReason) -> None:
        """Keep the *reason*."""
        super().__init__(reason.value)
        self.reason = reason


class TooFewReadersError(Exception):
    """We cannot ring at that time, because too few people could read the number; the visitor can ring us."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a visitor is shown once."""

    code: AccessCode
    words: tuple[str, str]
    starts_at: datetime
    ends_at: datetime
    way: Way
    is_repeat: bool


def request_callback(
    session: Session, wish: Wish, *, token: FormToken, desk: Desk, now: datetime, door: Door = Door.PUBLIC
) -> Receipt:
    """Book the talk that *wish* asks for and return its receipt; the same form again returns the same one.

    Everything or nothing: token, booking, atoms and envelopes are one transaction, the caller's.

    Raises:
        SlotTakenError: somebody was earlier, or the time is no longer offered.
        AlreadyBookedError: the form was sent before.
        BookingPausedError: there is nobody to seal to, the clock stands still, or staff paused booking.
        WrongDoorWordError: the word of the public door is on, and the form does not say it.
        TooFewReadersError: "we ring you" at a time when one person only could read the number.
    """
    wait_for_turn(session)
    code = derive_code(token.bits + wish.cleaned(), language=wish.language, key=desk.keys.code)
    if spend(session, token_mark(token, desk=desk), now=now):
        if door is Door.PUBLIC:
            pass_public_door(session, token)
        asked = Asked(language=wish.language, youth=wish.youth, door=door)
        booking = book_and_seal(session, wish, code=code, asked=asked, desk=desk, now=now)
        return receipt_of(booking, code, way=wish.way, desk=desk)
    booking = replayed(session, token, code=code, desk=desk, now=now)
    return receipt_of(booking, code, way=wish.way, desk=desk, is_repeat=True)


def book_and_seal(
    session: Session, wish: Wish, *, code: AccessCode, asked: Asked, desk: Desk, now: datetime
) -> Booking:
    """Return a new booking under *code* of the time that *wish* asks for and that fits what is *asked*, sealed.

    Raises:
        SlotTakenError: somebody was earlier, or the time is no longer offered.
        BookingPausedError: there is nobody to seal to, or the clock stands still.
        TooFewReadersError: "we ring you" at a time when one person only could read the number.
    """
    roster = _open_roster(session, asked, desk=desk, now=now)
    digest = code_digest(code, key=desk.keys.digest)
    booking = book(session, wish.starts_at, asked=asked, digest=digest, desk=desk, now=now)
    contents = Contents(wish=wish, words=desk.call_words(code, language=language_of(code)))
    readers = seal_envelopes(session, booking, contents=contents, programme=desk.programme, roster=roster)
    if wish.way is Way.WE_RING and readers < READERS_TO_RING:
        raise TooFewReadersError
    return booking


def book(session: Session, starts_at: datetime, *, asked: Asked, digest: Digest, desk: Desk, now: datetime) -> Booking:
    """Return a new booking of the time that begins at *starts_at*, with its atoms, in the caller's transaction.

    Every rule is checked here by the function that found the free times; each candidate gets a savepoint, the
    primary key of the atoms decides.

    Raises:
        SlotTakenError: no counsellor is free then.
        BookingPausedError: no roster is in force.
    """
    wait_for_turn(session)
    if desk.roster is None:
        raise BookingPausedError(PauseReason.NO_ROSTER)
    asked_at = _asked_at(session, starts_at, asked=asked, now=now)
    free = _free(session, asked, desk=desk, roster=desk.roster, now=asked_at, only=starts_at)
    for time, counsellor in _candidates(free):
        booking = _new_booking(time, counsellor, digest=digest, now=now)
        with session.begin_nested() as savepoint:
            session.add(booking)
            session.flush()
            if _take_atoms(session, booking, lines=time.lines, programme=desk.programme):
                return booking
            savepoint.rollback()
    raise SlotTakenError(_nearest(session, starts_at, asked=asked, desk=desk, now=now))


def _asked_at(session: Session, starts_at: datetime, *, asked: Asked, now: datetime) -> datetime:
    """Return from when the notice of *starts_at* counts: for a time on the public list from its draw.

    A list holds for a quarter of an hour and more. Whoever takes a time that is on it must not come too late for it.
    """
    if asked.door is Door.STAFF or starts_at not in _listed(session, asked, now=now):
        return now
    return newest_draw(session, language=asked.language, youth=asked.youth, now=now) or now


def _listed(session: Session, asked: Asked, *, now: datetime) -> frozenset[datetime]:
    """Return the times that visitors see, on the ordinary list and on that of today."""
    ordinary = read_draw(session, language=asked.language, youth=asked.youth, now=now) or ()
    return frozenset((*ordinary, *read_today(session, language=asked.language, youth=asked.youth, now=now)))


def _free(
    session: Session, asked: Asked, *, desk: Desk, roster: Roster, now: datetime, only: datetime | None = None
) -> list[FreeTime]:
    """Return what is free for *asked*: a time kept for today to every visitor, but the others go first.

    Nobody is asked by which page she came. Who takes a time that somebody else could hold as well leaves the kept one.
    """
    doors = (asked.door,) if asked.door is Door.STAFF else (asked.door, Door.TODAY)
    return [
        time
        for door in doors
        for time in free_times(
            session, replace(asked, door=door), programme=desk.programme, roster=roster, now=now, only=only
        )
    ]


def _candidates(free: Iterable[FreeTime]) -> Iterator[tuple[FreeTime, CounsellorId]]:
    for time in free:
        for counsellor in time.counsellors:
            yield time, counsellor


def replayed(session: Session, token: FormToken, *, code: AccessCode, desk: Desk, now: datetime) -> Booking:
    """Return the booking that this very form made within the last two minutes.

    Raises:
        AlreadyBookedError: it made none, or longer ago.
    """
    digest = code_digest(code, key=desk.keys.digest)
    booking = session.scalar(select(Booking).where(Booking.code_digest == digest, Booking.state == TalkState.BOOKED))
    if booking is None or not is_recent(session, token_mark(token, desk=desk), now=now):
        raise AlreadyBookedError
    return booking


def pass_public_door(session: Session, token: FormToken) -> None:
    """Let whoever sent *token* through the public door, or raise BookingPausedError or WrongDoorWordError."""
    state = read_door(session)
    if state.paused:
        raise BookingPausedError(PauseReason.BY_STAFF)
    if not state.lets_in(token.said):
        raise WrongDoorWordError


def _open_roster(session: Session, asked: Asked, *, desk: Desk, now: datetime) -> Roster:
    if desk.roster is None or not desk.roster.is_in_force(now):
        raise BookingPausedError(PauseReason.NO_ROSTER)
    is_listed = read_draw(session, language=asked.language, youth=asked.youth, now=now) is not None
    if asked.door is not Door.STAFF and not is_listed:
        raise BookingPausedError(PauseReason.NO_DRAW)
    return desk.roster


def _new_booking(time: FreeTime, counsellor: CounsellorId, *, digest: Digest, now: datetime) -> Booking:
    hour = hour_of(now)
    destroy_at = destroy_talk_at(time.ends_at)
    return Booking(
        id=random_id(),
        code_digest=digest,
        counsellor_id=counsellor,
        starts_at=time.starts_at,
        ends_at=time.ends_at,
        state=TalkState.BOOKED,
        version=1,
        booked_hour=hour,
        hour_until=min(destroy_hour_at(hour), destroy_at),
        destroy_at=destroy_at,
    )


def _take_atoms(session: Session, booking: Booking, *, lines: Sequence[str], programme: Programme) -> bool:
    """Write the atoms of *booking*'s counsellor and of the first free of *lines*; return whether both were free."""
    wanted = occupied(booking.starts_at, programme=programme)
    if not _take(session, booking, resource=booking.counsellor_id, wanted=wanted):
        return False
    return not programme.booked_lines or any(_take_line(session, booking, line=line, wanted=wanted) for line in lines)


def _take_line(session: Session, booking: Booking, *, line: str, wanted: range) -> bool:
    with session.begin_nested() as savepoint:
        if _take(session, booking, resource=line, wanted=wanted):
            return True
        savepoint.rollback()
    return False


def _take(session: Session, booking: Booking, *, resource: str, wanted: range) -> bool:
    rows = [
        {
            "resource": resource,
            "atom": atom,
            "booking_id": booking.id,
            "absence_id": None,
            "destroy_at": booking.destroy_at,
        }
        for atom in wanted
    ]
    return insert_free(session, BusyAtom, rows=rows) == len(rows)


def _nearest(session: Session, starts_at: datetime, *, asked: Asked, desk: Desk, now: datetime) -> tuple[datetime, ...]:
    """Return up to NEAREST free times of the lists that were shown, the ones closest to *starts_at*, in order.

    Those are the public lists, or every time of the door for whoever has a code for it, and for staff.
    """
    if desk.roster is None:
        return ()
    drawn_at = newest_draw(session, language=asked.language, youth=asked.youth, now=now)
    asked_at = now if asked.door is Door.STAFF or drawn_at is None else drawn_at
    free = {time.starts_at for time in _free(session, asked, desk=desk, roster=desk.roster, now=asked_at)}
    shown = free if asked.door in ALL_SHOWN else free.intersection(_listed(session, asked, now=now))
    closest = sorted(shown, key=lambda time: (abs(time - starts_at), time))
    return tuple(sorted(closest[:NEAREST]))


def receipt_of(booking: Booking, code: AccessCode, *, way: Way, desk: Desk, is_repeat: bool = False) -> Receipt:
    """Return what the visitor of *booking* is shown once."""
    return Receipt(
        code=code,
        words=desk.call_words(code, language=language_of(code)),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        way=way,
        is_repeat=is_repeat,
    )
