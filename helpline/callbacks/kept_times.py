"""Which times are kept for who needs somebody today, out of the rota, and who is said to be free now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.day_hours import read_hours
from helpline.callbacks.offered import line_names, occupied, offered
from helpline.callbacks.room import Load
from helpline.callbacks.rota import atoms, day_bounds, days_between, local_day
from helpline.callbacks.tables import Absence, Counsellor, CounsellorId
from helpline.callbacks.today import Chair, Kept, Kind, keep_back
from helpline.callbacks.today_tables import FreeNow
from helpline.roster import Roster
from helpline.settings.programme import Programme


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rota is read with: who takes talks, who may open them, by which rules."""

    everybody: Sequence[Counsellor]
    roster: Roster
    programme: Programme


def kept_times(session: Session, plan: Plan, *, between: tuple[datetime, datetime]) -> list[Kept]:
    """Return the times that are kept on the days of *between*, and on the day before: its last talk may reach over."""
    programme, zone = plan.programme, plan.programme.zone
    if not programme.today_slots:
        return []
    first, last = (local_day(moment, zone=zone) for moment in between)
    days = days_between(first - timedelta(days=1), last)
    whole = day_bounds(days[0], zone=zone)[0], day_bounds(days[-1], zone=zone)[1]
    away = _away(session, between=whole)
    hours = read_hours(session, [it.id for it in plan.everybody], first=days[0], last=days[-1])
    chairs = defaultdict[date, list[Chair]](list)
    for counsellor in plan.everybody:
        for start in offered(counsellor.id, hours, between=whole, roster=plan.roster, programme=programme):
            wanted = occupied(start, programme=programme)
            if all(wanted.stop <= gone.start or gone.stop <= wanted.start for gone in away[counsellor.id]):
                chairs[local_day(start, zone=zone)].append(Chair(counsellor.id, start, wanted, _serves(counsellor)))
    lines = line_names(programme.booked_lines)
    return [it for day in days for it in keep_back(chairs[day], day=day, lines=lines, programme=programme)]


def with_kept(load: Load, kept: Sequence[Kept], *, programme: Programme) -> Load:
    """Return *load* as it would be if in each of the *kept* chairs somebody sat already; who does counts once."""
    taken, talks = dict(load.atoms), load.talks.copy()
    for it in kept:
        whose = it.chair.counsellor_id
        for resource in (whose, it.line) if it.line else (whose,):
            taken[resource] = taken.get(resource, frozenset()) | set(it.chair.atoms)
        talks[whose, local_day(it.chair.starts_at, zone=programme.zone)] += load.is_free(whose, it.chair.atoms)
    return Load(taken, load.away, talks)


def with_free_now(session: Session, load: Load, *, programme: Programme, now: datetime) -> Load:
    """Return *load* with who is said to be free now taken: else the hour that visitors read would have to change."""
    taken, buffer = dict(load.atoms), timedelta(minutes=programme.slots.buffer)
    for whose, until in session.execute(select(FreeNow.counsellor_id, FreeNow.until).where(FreeNow.until > now)):
        taken[whose] = taken.get(whose, frozenset()) | set(atoms(now, until + buffer))
    return Load(taken, load.away, load.talks)


def _away(session: Session, *, between: tuple[datetime, datetime]) -> dict[CounsellorId, list[range]]:
    begin, end = between
    # A break is no part of the rota: it would move the kept times, and tell which talk was heavy.
    planned = select(Absence).where(Absence.ends_at > begin, Absence.starts_at < end, Absence.rest_until.is_(None))
    away = defaultdict[CounsellorId, list[range]](list)
    for absence in session.scalars(planned):
        away[absence.counsellor_id].append(atoms(absence.starts_at, absence.ends_at))
    return away


def _serves(counsellor: Counsellor) -> frozenset[Kind]:
    ages = (False, True) if counsellor.youth else (False,)
    return frozenset(product(counsellor.languages.split(), ages))
