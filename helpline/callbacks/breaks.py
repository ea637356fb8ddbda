"""The break after a heavy talk: at once, seen by whoever coordinates, forgotten when it is over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from helpline.callbacks.keeping import BREAK_LASTS
from helpline.callbacks.rota import next_mark
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Absence, Counsellor, CounsellorId


@dataclass(frozen=True, slots=True)
class Break:
    """Who rests, and until when. After which talk, nobody is told."""

    counsellor_id: CounsellorId
    alias: str
    until: datetime


def take_break(session: Session, counsellor_id: CounsellorId, *, now: datetime) -> None:
    """Let nobody book *counsellor_id* for half an hour from *now*, whatever stands there; who has no hours needs none.

    It waits for no talk: those that stand in it stay, to be handed over.
    """
    if session.get(Counsellor, counsellor_id) is not None:
        add_absence(session, counsellor_id, starts_at=now, ends_at=next_mark(now + BREAK_LASTS), is_rest=True)


def breaks(session: Session, *, now: datetime) -> list[Break]:
    """Return who has a break at *now*, by alias: of two breaks of one counsellor the longer one."""
    running = session.execute(
        select(Counsellor.id, Counsellor.alias, func.max(Absence.ends_at))
        .join(Absence, Absence.counsellor_id == Counsellor.id)
        .where(Absence.rest_until > now)
        .group_by(Counsellor.id, Counsellor.alias)
        .order_by(Counsellor.alias)
    )
    return [Break(counsellor_id, alias, until) for counsellor_id, alias, until in running]


def forget_breaks(session: Session, *, now: datetime) -> None:
    """Forget the breaks that are over: they would tell for good who found which hour heavy."""
    session.execute(delete(Absence).where(Absence.rest_until <= now))
