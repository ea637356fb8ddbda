"""Further talks with the same counsellor: hand a new code over, see what a code gives, and the times for it."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.draw import NOON, TIMES_PER_HALF_DAY, read_draw
from helpline.callbacks.keeping import MOST_TALKS, destroy_follow_up_at
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.tables import FAILED_BY_US, Booking, BookingId, Counsellor, CounsellorId, TalkState
from helpline.callbacks.talk import TalkNotFoundError, booking_of, is_trained
from helpline.callbacks.times import free_times
from helpline.codes import AccessCode, code_digest
from helpline.crypto.digest import Digest
from helpline.store.writing import wait_for_turn

DIGEST_BYTES = 32


class NothingToHandOverError(Exception):
    """No talk can follow: this one was not held, is a colleague's, was the last, or its code was handed over."""


@dataclass(frozen=True, slots=True)
class Right:
    """What a code gives: so many talks, until then, with one counsellor (None: with whoever is free).

    *youth* is whether whoever holds them is trained for under-18s, as who was to hold the talk before is. *door* is
    the one by which it is used.
    """

    counsellor_id: CounsellorId | None
    alias: str | None
    talks_left: int
    until: datetime
    youth: bool
    door: Door = Door.FOLLOW_UP


def hand_over(
    session: Session, booking_id: BookingId, *, code: AccessCode, whose: CounsellorId, keys: DeskKeys, now: datetime
) -> Right:
    """Make *code* the code of the talks that may follow, and the talk's own code nobody's; sent again it does nothing.

    Raises:
        NothingToHandOverError: no talk can follow, or somebody changed the talk meanwhile.
    """
    wait_for_turn(session)
    digest = code_digest(code, key=keys.digest)
    known = _find(session, digest, now=now)
    if known is not None and known.counsellor_id == whose:
        return known
    left = talks_to_follow(session, booking_id, whose=whose, now=now)
    # Nobody has the code of this digest: what is left of the talk and what follows it have nothing in common.
    closed = (
        update(Booking)
        .where(Booking.id == booking_id, Booking.state == TalkState.HELD, Booking.talks_left == left)
        .values(code_digest=secrets.token_bytes(DIGEST_BYTES), talks_left=0, version=Booking.version + 1)
    )
    if left == 0 or session.connection().execute(closed).rowcount != 1:
        raise NothingToHandOverError
    gone_at = destroy_follow_up_at(now)
    session.add(FollowUp(code_digest=digest, counsellor_id=whose, talks_left=left, destroy_at=gone_at))
    session.flush()
    return Right(whose, _alias(session, whose), left, gone_at, is_trained(session, whose))


def talks_to_follow(session: Session, booking_id: BookingId, *, whose: CounsellorId, now: datetime) -> int:
    """Return how many talks may follow this one, which was held by *whose*; 0 where none may."""
    left = select(Booking.talks_left).where(
        Booking.id == booking_id,
        Booking.counsellor_id == whose,
        Booking.state == TalkState.HELD,
        Booking.destroy_at > now,
    )
    return session.scalar(left) or 0


def find_right(session: Session, code: AccessCode, *, desk: Desk, now: datetime) -> Right | None:
    """Return what *code* gives: it was handed over, or its talk failed on our side; else None."""
    handed_over = _find(session, code_digest(code, key=desk.keys.digest), now=now)
    if handed_over is not None:
        return handed_over
    try:
        booking = booking_of(session, code, desk=desk, now=now)
    except TalkNotFoundError:
        return None
    if booking.state not in FAILED_BY_US:
        return None
    trained = is_trained(session, booking.counsellor_id)
    return Right(None, None, booking.talks_left + 1, booking.destroy_at, trained, _door_again(booking))


def times_to_choose(session: Session, asked: Asked, *, desk: Desk, now: datetime) -> tuple[datetime, ...] | None:
    """Return times that *asked* can book, a few of each half-day, or None while nothing can be booked."""
    is_drawn = read_draw(session, language=asked.language, youth=asked.youth, now=now) is not None
    if desk.roster is None or not is_drawn:
        return None
    free = free_times(session, asked, programme=desk.programme, roster=desk.roster, now=now)
    return tuple(_few_of_each_half((time.starts_at for time in free), zone=desk.programme.zone))


def asked_by(right: Right, *, language: str) -> Asked:
    """Return what a talk in *language* must fit that follows from *right*."""
    return Asked(language, youth=right.youth, door=right.door, counsellor=right.counsellor_id)


def asked_to_move(talks_left: int, whose: CounsellorId, *, youth: bool, language: str) -> Asked:
    """Return what a talk must fit at another time: one that follows another stays with its counsellor.

    *youth* is whether that counsellor is trained for under-18s: whoever has the talk then is as well.
    """
    if _is_first(talks_left):
        return Asked(language, youth=youth)
    return Asked(language, youth=youth, door=Door.FOLLOW_UP, counsellor=whose)


def _door_again(failed: Booking) -> Door:
    """Return by which door somebody comes back whose talk *failed* on our side."""
    if not _is_first(failed.talks_left):
        return Door.FOLLOW_UP
    # No counsellor has met who booked a first talk: it may be one of a flood, which we have just released.
    return Door.RELEASED if failed.state is TalkState.RELEASED else Door.AGAIN


def _is_first(talks_left: int) -> bool:
    """Return whether a talk that leaves so many is the first one of somebody."""
    return talks_left == MOST_TALKS - 1


def _few_of_each_half(times: Iterable[datetime], *, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield at most TIMES_PER_HALF_DAY of *times*, which are in order, of each morning and afternoon, far apart."""
    last = TIMES_PER_HALF_DAY - 1
    for _, half in groupby(times, key=lambda time: _half_of(time.astimezone(zone))):
        found = list(half)
        picked = found if len(found) <= last else [found[(len(found) - 1) * step // last] for step in range(last + 1)]
        yield from picked


def _half_of(local: datetime) -> tuple[date, bool]:
    return local.date(), local.hour >= NOON


def _find(session: Session, digest: Digest, *, now: datetime) -> Right | None:
    row = session.scalar(select(FollowUp).where(FollowUp.code_digest == digest, FollowUp.destroy_at > now))
    if row is None:
        return None
    whose = row.counsellor_id
    return Right(whose, _alias(session, whose), row.talks_left, row.destroy_at, is_trained(session, whose))


def _alias(session: Session, counsellor_id: CounsellorId) -> str | None:
    return session.scalar(select(Counsellor.alias).where(Counsellor.id == counsellor_id))
