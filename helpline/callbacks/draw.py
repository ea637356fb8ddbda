"""The public list of times: drawn by the clock once a quarter of an hour, the same for everybody."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from helpline.callbacks.keeping import DRAW_LIFE
from helpline.callbacks.rota import quarter_of
from helpline.callbacks.tables import Drawn
from helpline.callbacks.times import Asked, free_times
from helpline.roster import Roster
from helpline.settings.programme import Programme

TIMES_PER_HALF_DAY = 3
"""Keeps the page small and the choice easy; a list that followed each booking would tell its minute."""

NOON = 12


def draw_times(session: Session, *, programme: Programme, roster: Roster, now: datetime) -> int:
    """Draw the list of this quarter for every language and age, unless it is drawn, and return how many times it has.

    A language in which nothing is free keeps a draw of no times. Draws older than DRAW_LIFE go.
    """
    quarter = quarter_of(now)
    session.execute(delete(Drawn).where(Drawn.quarter <= now - DRAW_LIFE))
    drawn = 0
    for language, youth in product(programme.languages, (False, True)):
        asked = Asked(language=language, youth=youth)
        if _has_draw(session, quarter=quarter, asked=asked):
            continue
        free = [time.starts_at for time in free_times(session, asked, programme=programme, roster=roster, now=now)]
        chosen = choose(free, zone=programme.zone)
        # The epoch marks a draw as held even when it is empty; readers leave it out.
        rows = [{"quarter": quarter, "language": language, "youth": youth, "starts_at": at} for at in (_HELD, *chosen)]
        session.execute(insert(Drawn), rows)
        drawn += len(chosen)
    return drawn


_HELD = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def read_draw(session: Session, *, language: str, now: datetime, youth: bool = False) -> tuple[datetime, ...] | None:
    """Return the times of the newest draw that have not begun, in order, or None when no draw is young enough.

    None means that the clock stands still: nothing would be purged, so nothing may be booked.
    """
    newest = newest_draw(session, language=language, now=now, youth=youth)
    if newest is None:
        return None
    times = session.scalars(
        select(Drawn.starts_at)
        .where(Drawn.quarter == newest, Drawn.language == language, Drawn.youth == youth, Drawn.starts_at > now)
        .order_by(Drawn.starts_at)
    )
    return tuple(times)


def newest_draw(session: Session, *, language: str, now: datetime, youth: bool = False) -> datetime | None:
    """Return the quarter of the draw whose list holds at *now*, or None when no draw is young enough."""
    return session.scalar(
        select(func.max(Drawn.quarter)).where(
            Drawn.language == language,
            Drawn.youth == youth,
            Drawn.quarter > now - DRAW_LIFE,
            Drawn.quarter <= now,
        )
    )


def choose(free: Iterable[datetime], *, zone: ZoneInfo) -> list[datetime]:
    """Return at most TIMES_PER_HALF_DAY of *free* for each morning and each afternoon of *zone*, drawn by chance."""
    halves = defaultdict[tuple[date, bool], list[datetime]](list)
    for start in free:
        local = start.astimezone(zone)
        halves[local.date(), local.hour >= NOON].append(start)
    chosen = [start for half in halves.values() for start in _some(half)]
    return sorted(chosen)


def _some(times: Sequence[datetime]) -> list[datetime]:
    return secrets.SystemRandom().sample(times, k=min(TIMES_PER_HALF_DAY, len(times)))


def _has_draw(session: Session, *, quarter: datetime, asked: Asked) -> bool:
    found = select(Drawn.starts_at).where(
        Drawn.quarter == quarter, Drawn.language == asked.language, Drawn.youth == asked.youth
    )
    return session.scalar(found.limit(1)) is not None
