"""Who cannot go on: an absence that begins now, and the talks that stand in it until a colleague has them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import read_hours
from helpline.callbacks.rota import instant, local_day
from helpline.callbacks.rota_keeping import absences, add_absence
from helpline.callbacks.tables import Absence, Booking, BookingId, CounsellorId, TalkState
from helpline.store.writing import wait_for_turn


def go_away(session: Session, counsellor_id: CounsellorId, *, until: datetime, now: datetime) -> None:
    """Make an absence from *now* until *until*, unless one covers that already: pressed twice, it is made once.

    Raises:
        UnknownRotaRowError: there is no such counsellor.
        AbsenceTooLongError: it is longer than LONGEST_ABSENCE.
    """
    wait_for_turn(session)
    is_away = any(it.starts_at <= now and until <= it.ends_at for it in absences(session, counsellor_id, now=now))
    if not is_away:
        add_absence(session, counsellor_id, starts_at=now, ends_at=until)


def rest_of_shift(session: Session, counsellor_id: CounsellorId, *, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the hours of today end that run at *now* or are the next to come, None where there are none."""
    day = local_day(now, zone=zone)
    hours = read_hours(session, [counsellor_id], first=day, last=day).open_on(counsellor_id, day)
    ends = [instant(day, it.ends, zone=zone) for it in hours]
    return min((end for end in ends if end > now), default=None)


def talks_of_the_absent(session: Session, *, now: datetime) -> frozenset[BookingId]:
    """Return the talks that stand, are not over, and lie in an absence of their counsellor."""
    standing = (
        select(Booking.id)
        .join(Absence, Absence.counsellor_id == Booking.counsellor_id)
        .where(
            Booking.state == TalkState.BOOKED,
            Booking.ends_at > now,
            Booking.destroy_at > now,
            Booking.starts_at < Absence.ends_at,
            Booking.ends_at > Absence.starts_at,
        )
    )
    return frozenset(session.scalars(standing))


def taken_over(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> list[datetime]:
    """Return when the talks begin that a colleague handed to a counsellor and that are still to come, in order."""
    hers = select(Booking.starts_at).where(
        Booking.counsellor_id == counsellor_id,
        Booking.handed_over,
        Booking.state == TalkState.BOOKED,
        Booking.ends_at > now,
    )
    return list(session.scalars(hers.order_by(Booking.starts_at)))
