"""Free now: a counsellor says that she can talk at once, and visitors read until when. Nobody reads why."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import read_hours
from helpline.callbacks.rota import ATOM_MINUTES, instant, local_day
from helpline.callbacks.tables import Absence, Booking, Counsellor, CounsellorId, TalkState
from helpline.callbacks.today_tables import FreeNow
from helpline.settings.programme import Programme
from helpline.store.types import Instant
from helpline.store.writing import wait_for_turn

STILL_EXPECTED = timedelta(minutes=10)
"""As long as this into a slot the visitor may still ring, as the slip says."""

LONGEST = timedelta(hours=1)
"""After this the switch falls back by itself; one press sets it again."""

SHORTEST = timedelta(minutes=10)
"""Nobody is called to a telephone for less."""


class NotFreeError(Exception):
    """She has no free time now: a talk, an absence or the end of her hours is too near."""


def free_until(session: Session, *, languages: Collection[str], now: datetime) -> dict[str, datetime]:
    """Return for each of *languages* in which somebody is free to talk now until when the last of them is."""
    found: dict[str, datetime] = {}
    # Who is ill since keeps her row until its hour, but is not there.
    away = select(Absence.counsellor_id).where(Absence.starts_at <= now, Absence.ends_at > now)
    rows = session.execute(
        select(FreeNow.until, Counsellor.languages)
        .join(Counsellor, FreeNow.counsellor_id == Counsellor.id)
        .where(FreeNow.until > now, Counsellor.active, Counsellor.id.not_in(away))
        .order_by(FreeNow.until)
    )
    for until, spoken in rows:
        found |= {language: until for language in spoken.split() if language in languages}
    return found


def said_until(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> datetime | None:
    """Return until when visitors are told that *counsellor_id* is free, or None when they are not."""
    return session.scalar(select(FreeNow.until).where(FreeNow.counsellor_id == counsellor_id, FreeNow.until > now))


def could_say(session: Session, counsellor_id: CounsellorId, *, programme: Programme, now: datetime) -> datetime | None:
    """Return until when *counsellor_id* could be free from *now* on, or None when that is no time for a talk.

    Her free time ends with her hours, with the slot of a talk whose visitor did not ring, a buffer before her next
    talk, or with an absence; and after LONGEST, so that who forgets it leaves nobody ringing in vain.
    """
    slot = _missed_slot(session, counsellor_id, now=now)
    ends = [moment for moment in (_end_of_hours(session, counsellor_id, programme=programme, now=now), slot) if moment]
    if not ends or _is_engaged(session, counsellor_id, now=now):
        return None
    ahead = _next_of(session, counsellor_id, buffer=timedelta(minutes=programme.slots.buffer), now=now)
    until = min(max(ends), now + LONGEST, *ahead)
    until -= timedelta(minutes=until.minute % ATOM_MINUTES, seconds=until.second, microseconds=until.microsecond)
    return until if until - now >= SHORTEST else None


def switch_on(session: Session, counsellor_id: CounsellorId, *, programme: Programme, now: datetime) -> datetime:
    """Tell visitors that *counsellor_id* is free to talk, and return until when. Nobody can book her in that time.

    Raises:
        NotFreeError: she is not, or not for long enough.
    """
    wait_for_turn(session)
    until = could_say(session, counsellor_id, programme=programme, now=now)
    if until is None:
        raise NotFreeError
    switch_off(session, counsellor_id)
    session.add(FreeNow(counsellor_id=counsellor_id, until=until))
    return until


def switch_off(session: Session, counsellor_id: CounsellorId) -> None:
    """Tell visitors no more that *counsellor_id* is free; who is not said to be free stays so."""
    wait_for_turn(session)
    session.execute(delete(FreeNow).where(FreeNow.counsellor_id == counsellor_id))


def end_free_time(session: Session, counsellor_id: CounsellorId, *, at: datetime) -> None:
    """Let *counsellor_id* be said to be free until *at* at the latest: she is away then, or has a colleague's talk.

    For good: when a break is over, or a blocked hour is opened again, she presses once more.
    """
    longer = update(FreeNow).where(FreeNow.counsellor_id == counsellor_id, FreeNow.until > at)
    session.execute(longer.values(until=at))


def forget_free_times(session: Session, *, now: datetime) -> None:
    """Forget who was free: it would tell for good in which hours nobody came."""
    session.execute(delete(FreeNow).where(FreeNow.until <= now))


def _end_of_hours(
    session: Session, counsellor_id: CounsellorId, *, programme: Programme, now: datetime
) -> datetime | None:
    """Return when the hours end in which *counsellor_id* takes talks at *now*, or None outside of them."""
    if not session.scalar(select(Counsellor.active).where(Counsellor.id == counsellor_id)):
        return None
    day = local_day(now, zone=programme.zone)
    hours = read_hours(session, [counsellor_id], first=day, last=day).open_on(counsellor_id, day)
    spans = ([instant(day, minute, zone=programme.zone) for minute in (it.starts, it.ends)] for it in hours)
    return next((ends for starts, ends in spans if starts <= now < ends), None)


def _missed_slot(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> datetime | None:
    """Return when the slot of a talk of hers ends whose visitor would have rung by now, or None."""
    return session.scalar(
        select(Booking.ends_at).where(
            Booking.counsellor_id == counsellor_id,
            Booking.state == TalkState.BOOKED,
            Booking.starts_at <= now - STILL_EXPECTED,
            Booking.ends_at > now,
        )
    )


def _is_engaged(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> bool:
    """Return whether she is away, in an emergency, a visitor may still ring her, or she rings one once more."""
    away = select(Absence.id).where(
        Absence.counsellor_id == counsellor_id, Absence.starts_at <= now, Absence.ends_at > now
    )
    hers = select(Booking.id).where(Booking.counsellor_id == counsellor_id)
    talk = hers.where(
        (Booking.state == TalkState.EMERGENCY)
        | ((Booking.state == TalkState.BOOKED) & (Booking.starts_at > now - STILL_EXPECTED)),
        Booking.starts_at <= now,
    )
    again = hers.where(Booking.state == TalkState.BOOKED, Booking.ring_again_at > now - STILL_EXPECTED)
    return any(session.scalar(found.limit(1)) is not None for found in (away, talk, again))


def _next_of(session: Session, counsellor_id: CounsellorId, *, buffer: timedelta, now: datetime) -> list[datetime]:
    """Return the moments at which she must be free again: for her next talk, for her next absence."""
    talk = session.scalar(
        select(func.min(Booking.starts_at, type_=Instant)).where(
            Booking.counsellor_id == counsellor_id, Booking.state == TalkState.BOOKED, Booking.starts_at > now
        )
    )
    absence = session.scalar(
        select(func.min(Absence.starts_at, type_=Instant)).where(
            Absence.counsellor_id == counsellor_id, Absence.starts_at > now
        )
    )
    return [*([talk - buffer] if talk else ()), *([absence] if absence else ())]
