"""Keep the rota: who takes talks, her weekly hours, her absences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from helpline.callbacks.free_now import end_free_time
from helpline.callbacks.rota import atoms
from helpline.callbacks.rota_tables import DateException
from helpline.callbacks.tables import Absence, Booking, BusyAtom, Counsellor, CounsellorId, TalkState, WeeklyHours
from helpline.store.writing import insert_free, wait_for_turn

LONGEST_ABSENCE = timedelta(days=366)
"""A slip of the year must not fill the store with atoms."""


class AbsenceTooLongError(Exception):
    """An absence of more than a year is a slip of the pen."""


class AliasTakenError(Exception):
    """Visitors hear this name for somebody else, or did once."""


class OverlappingHoursError(Exception):
    """These hours overlap others of the same weekday."""


class UnknownRotaRowError(Exception):
    """There is no such counsellor, hours or absence, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class NewHours:
    """Weekly hours to add: minutes of the local day, 1440 is midnight; *valid_until* None means for good."""

    weekday: int
    starts: int
    ends: int
    valid_from: date
    valid_until: date | None = None


def add_counsellor(
    session: Session, counsellor_id: CounsellorId, *, alias: str, languages: Sequence[str], youth: bool
) -> Counsellor:
    """Return a new counsellor of the rota, under the id of her staff account.

    Raises:
        AliasTakenError: visitors hear that name for somebody else.
    """
    check_alias(session, alias)
    counsellor = Counsellor(id=counsellor_id, alias=alias, languages=" ".join(languages), youth=youth, active=True)
    session.add(counsellor)
    session.flush()
    return counsellor


def check_alias(session: Session, alias: str) -> None:
    """Go on when *alias* is free.

    Raises:
        AliasTakenError: visitors hear that name for somebody else.
    """
    if session.scalar(select(Counsellor.id).where(Counsellor.alias == alias)) is not None:
        raise AliasTakenError


def retire_counsellor(session: Session, counsellor_id: CounsellorId, *, today: date) -> None:
    """Take a counsellor off the rota from *today* on; talks that stand stay with her until they are handed over.

    The hours that she had until then stay: what the helpline offered in a year is read from them.
    """
    session.execute(update(Counsellor).where(Counsellor.id == counsellor_id).values(active=False))
    last = today - timedelta(days=1)
    hers = WeeklyHours.counsellor_id == counsellor_id
    session.execute(delete(WeeklyHours).where(hers, WeeklyHours.valid_from > last))
    is_longer = or_(WeeklyHours.valid_until.is_(None), WeeklyHours.valid_until > last)
    session.execute(update(WeeklyHours).where(hers, is_longer).values(valid_until=last))
    session.execute(delete(DateException).where(DateException.counsellor_id == counsellor_id, DateException.day > last))


def active_counsellors(session: Session) -> list[Counsellor]:
    """Return who takes talks, by alias."""
    return list(session.scalars(select(Counsellor).where(Counsellor.active).order_by(Counsellor.alias)))


def weekly_hours(session: Session, counsellor_id: CounsellorId, *, today: date) -> list[WeeklyHours]:
    """Return the hours of a counsellor that hold today or later, by weekday and time."""
    hours = select(WeeklyHours).where(
        WeeklyHours.counsellor_id == counsellor_id,
        WeeklyHours.valid_until.is_(None) | (WeeklyHours.valid_until >= today),
    )
    return list(session.scalars(hours.order_by(WeeklyHours.weekday, WeeklyHours.starts)))


def add_hours(session: Session, counsellor_id: CounsellorId, *, hours: NewHours) -> WeeklyHours:
    """Return new weekly hours of a counsellor.

    Raises:
        OverlappingHoursError: they overlap others that hold on a common day.
    """
    last_day = hours.valid_until or date.max
    overlapping = select(WeeklyHours.id).where(
        WeeklyHours.counsellor_id == counsellor_id,
        WeeklyHours.weekday == hours.weekday,
        WeeklyHours.starts < hours.ends,
        WeeklyHours.ends > hours.starts,
        WeeklyHours.valid_from <= last_day,
        WeeklyHours.valid_until.is_(None) | (WeeklyHours.valid_until >= hours.valid_from),
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise OverlappingHoursError
    row = WeeklyHours(
        counsellor_id=counsellor_id,
        weekday=hours.weekday,
        starts=hours.starts,
        ends=hours.ends,
        valid_from=hours.valid_from,
        valid_until=hours.valid_until,
    )
    session.add(row)
    session.flush()
    return row


def end_hours(session: Session, hours_id: str, *, counsellor_id: CounsellorId, last_day: date) -> None:
    """Let weekly hours hold until *last_day*; hours that would never have held go. Talks that stand stay.

    Raises:
        UnknownRotaRowError: there are no such hours of hers.
    """
    row = session.get(WeeklyHours, hours_id)
    if row is None or row.counsellor_id != counsellor_id:
        raise UnknownRotaRowError
    if last_day < row.valid_from:
        session.delete(row)
    else:
        row.valid_until = last_day


def absences(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> list[Absence]:
    """Return the absences of a counsellor that are not over, in order."""
    ahead = select(Absence).where(Absence.counsellor_id == counsellor_id, Absence.ends_at > now)
    return list(session.scalars(ahead.order_by(Absence.starts_at)))


def add_absence(
    session: Session, counsellor_id: CounsellorId, *, starts_at: datetime, ends_at: datetime, is_rest: bool = False
) -> list[Booking]:
    """Make an absence that takes every free atom at once, and return the talks of hers that it meets, in order.

    A sick colleague's absence never waits for her talks, and no new talk slips in: the atoms under those talks pass
    to nobody else while they stand. A rest is forgotten when it is over.

    Raises:
        UnknownRotaRowError: there is no such counsellor.
        AbsenceTooLongError: it is longer than LONGEST_ABSENCE.
    """
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise AbsenceTooLongError
    wait_for_turn(session)
    if session.get(Counsellor, counsellor_id) is None:
        raise UnknownRotaRowError
    rest_until = ends_at if is_rest else None
    absence = Absence(counsellor_id=counsellor_id, starts_at=starts_at, ends_at=ends_at, rest_until=rest_until)
    session.add(absence)
    session.flush()
    _take_free_atoms(session, absence, wanted=atoms(starts_at, ends_at))
    end_free_time(session, counsellor_id, at=starts_at)
    return talks_in_absence(session, absence)


def remove_absence(session: Session, absence_id: str, *, counsellor_id: CounsellorId) -> None:
    """Take an absence back; its atoms go with it (ON DELETE CASCADE), but not those that lie in another of hers.

    Raises:
        UnknownRotaRowError: there is no such absence of hers.
    """
    wait_for_turn(session)
    freed = session.scalars(select(BusyAtom.atom).where(BusyAtom.absence_id == absence_id)).all()
    gone = delete(Absence).where(Absence.id == absence_id, Absence.counsellor_id == counsellor_id)
    if session.connection().execute(gone).rowcount != 1:
        raise UnknownRotaRowError
    reclaim_atoms(session, counsellor_id, freed=freed)


def talks_in_absence(session: Session, absence: Absence) -> list[Booking]:
    """Return the talks that stand in the time of *absence*, in order."""
    standing = select(Booking).where(
        Booking.counsellor_id == absence.counsellor_id,
        Booking.state == TalkState.BOOKED,
        Booking.starts_at < absence.ends_at,
        Booking.ends_at > absence.starts_at,
    )
    return list(session.scalars(standing.order_by(Booking.starts_at)))


def reclaim_atoms(session: Session, counsellor_id: CounsellorId, *, freed: Sequence[int]) -> None:
    """Let the counsellor's absences take those of the *freed* atoms that lie in them: nobody books into an absence."""
    for absence in session.scalars(select(Absence).where(Absence.counsellor_id == counsellor_id)):
        away = atoms(absence.starts_at, absence.ends_at)
        _take_free_atoms(session, absence, wanted=[atom for atom in freed if atom in away])


def _take_free_atoms(session: Session, absence: Absence, *, wanted: Iterable[int]) -> None:
    rows = [
        {
            "resource": absence.counsellor_id,
            "atom": atom,
            "booking_id": None,
            "absence_id": absence.id,
            "destroy_at": absence.ends_at,
        }
        for atom in wanted
    ]
    insert_free(session, BusyAtom, rows=rows)
