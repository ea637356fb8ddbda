"""The public lists of times: drawn by the clock once a quarter of an hour, the same for everybody."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.keeping import DRAW_LIFE
from helpline.callbacks.rota import day_bounds, local_day, quarter_of
from helpline.callbacks.tables import Drawn
from helpline.callbacks.times import FreeTime, look_ahead
from helpline.callbacks.today_tables import DrawnToday
from helpline.roster import Roster
from helpline.settings.programme import Programme

TIMES_PER_HALF_DAY = 3
"""Keeps the page small and the choice easy; a list that followed each booking would tell its minute."""

NOON = 12

DRAWN = (Door.PUBLIC, Door.TODAY)
"""Doors that have a list."""


def draw_times(session: Session, *, programme: Programme, roster: Roster, now: datetime) -> int:
    """Draw the lists of this quarter for every language and age, unless they are drawn, and return how many times.

    First the one for who needs somebody today: what it holds is not on the ordinary list, and a time of today that
    becomes free is there first. A language in which nothing is free keeps a draw of no times. Draws older than
    DRAW_LIFE go.
    """
    quarter = quarter_of(now)
    for table in (Drawn, DrawnToday):
        session.execute(delete(table).where(table.quarter <= now - DRAW_LIFE))
    drawn, outlook = 0, None
    for language, youth in product(programme.languages, (False, True)):
        asked = Asked(language=language, youth=youth)
        if _has_draw(session, quarter=quarter, asked=asked):
            continue
        outlook = outlook or look_ahead(session, DRAWN, programme=programme, roster=roster, now=now)
        free, soon = (outlook.free(replace(asked, door=door)) for door in DRAWN)
        today = choose_today(soon, zone=programme.zone)
        fresh = _come_free(session, free, asked=asked, programme=programme, now=now)
        chosen = choose({time.starts_at for time in free}.difference(today, fresh), zone=programme.zone)
        # The epoch marks a draw as held even when it is empty; readers leave it out.
        for table, times in ((Drawn, (_HELD, *chosen)), (DrawnToday, (_HELD, *today))):
            rows = [{"quarter": quarter, "language": language, "youth": youth, "starts_at": at} for at in times]
            session.execute(insert(table), rows)
        drawn += len(chosen) + len(today)
    return drawn


def _come_free(
    session: Session, free: Iterable[FreeTime], *, asked: Asked, programme: Programme, now: datetime
) -> set[datetime]:
    """Return the times of today among *free* that no list of the draw before held, where there is a list of today."""
    before = read_draw(session, language=asked.language, youth=asked.youth, now=now)
    if before is None or not programme.today_slots:
        return set()
    seen = {*before, *read_today(session, language=asked.language, youth=asked.youth, now=now)}
    _, midnight = day_bounds(local_day(now, zone=programme.zone), zone=programme.zone)
    return {time.starts_at for time in free if time.starts_at < midnight} - seen


_HELD = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def read_draw(session: Session, *, language: str, now: datetime, youth: bool = False) -> tuple[datetime, ...] | None:
    """Return the times of the newest draw that have not begun, in order, or None when no draw is young enough.

    None means that the clock stands still: nothing would be purged, so nothing may be booked.
    """
    return _read(session, Drawn, asked=Asked(language, youth=youth), now=now)


def read_today(session: Session, *, language: str, now: datetime, youth: bool = False) -> tuple[datetime, ...]:
    """Return the times of the newest draw for who needs somebody today, in order; none when it is not young enough."""
    return _read(session, DrawnToday, asked=Asked(language, youth=youth), now=now) or ()


def read_for_young(session: Session, *, language: str, now: datetime) -> tuple[datetime, ...] | None:
    """Return the times with counsellors trained for under-18s, today's among them, or None as in ``read_draw``."""
    drawn = read_draw(session, language=language, youth=True, now=now)
    today = read_today(session, language=language, youth=True, now=now)
    return None if drawn is None else tuple(sorted({*drawn, *today}))


def _read(
    session: Session, table: type[Drawn | DrawnToday], *, asked: Asked, now: datetime
) -> tuple[datetime, ...] | None:
    newest = newest_draw(session, language=asked.language, now=now, youth=asked.youth)
    if newest is None:
        return None
    times = session.scalars(
        select(table.starts_at)
        .where(
            table.quarter == newest,
            table.language == asked.language,
            table.youth == asked.youth,
            table.starts_at > now,
        )
        .order_by(table.starts_at)
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
    chosen = [start for half in _halves(free, zone=zone) for start in _some(half, many=TIMES_PER_HALF_DAY)]
    return sorted(chosen)


def choose_today(free: Iterable[FreeTime], *, zone: ZoneInfo) -> list[datetime]:
    """Return every kept time among *free*, and others drawn by chance until a half-day has TIMES_PER_HALF_DAY."""
    found = {time.starts_at: time.is_kept for time in free}
    chosen = list[datetime]()
    for half in _halves(found, zone=zone):
        kept = [start for start in half if found[start]]
        others = [start for start in half if not found[start]]
        chosen += kept + _some(others, many=max(0, TIMES_PER_HALF_DAY - len(kept)))
    return sorted(chosen)


def _halves(times: Iterable[datetime], *, zone: ZoneInfo) -> list[list[datetime]]:
    halves = defaultdict[tuple[date, bool], list[datetime]](list)
    for start in times:
        local = start.astimezone(zone)
        halves[local.date(), local.hour >= NOON].append(start)
    return list(halves.values())


def _some(times: Sequence[datetime], *, many: int) -> list[datetime]:
    return secrets.SystemRandom().sample(times, k=min(many, len(times)))


def _has_draw(session: Session, *, quarter: datetime, asked: Asked) -> bool:
    found = select(Drawn.starts_at).where(
        Drawn.quarter == quarter, Drawn.language == asked.language, Drawn.youth == asked.youth
    )
    return session.scalar(found.limit(1)) is not None
