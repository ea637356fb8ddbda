"""Block an hour, or open it again: a press of a button is no reason to block it twice."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.rota_keeping import UnknownRotaRowError, add_absence, remove_absence, talks_in_absence
from helpline.callbacks.tables import Absence, Booking, CounsellorId
from helpline.store.writing import wait_for_turn


def block_time(
    session: Session, counsellor_id: CounsellorId, *, starts_at: datetime, ends_at: datetime
) -> list[Booking]:
    """Let nobody book *counsellor_id* from *starts_at* until *ends_at*; return her talks that still stand in it.

    The same again changes nothing.

    Raises:
        UnknownRotaRowError: there is no such counsellor.
    """
    wait_for_turn(session)
    same = select(Absence).where(
        Absence.counsellor_id == counsellor_id, Absence.starts_at == starts_at, Absence.ends_at == ends_at
    )
    known = session.scalar(same.limit(1))
    if known is not None:
        return talks_in_absence(session, known)
    return add_absence(session, counsellor_id, starts_at=starts_at, ends_at=ends_at)


def whose_absence(session: Session, absence_id: str) -> CounsellorId:
    """Return who is away by *absence_id*.

    Raises:
        UnknownRotaRowError: there is no such absence, or no longer.
    """
    found = session.get(Absence, absence_id)
    if found is None:
        raise UnknownRotaRowError
    return found.counsellor_id


def open_again(session: Session, absence_id: str) -> None:
    """Take an absence back, whoever's it is.

    Raises:
        UnknownRotaRowError: there is no such absence, or no longer.
    """
    remove_absence(session, absence_id, counsellor_id=whose_absence(session, absence_id))
