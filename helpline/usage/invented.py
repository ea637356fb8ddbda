"""A demo's finished periods: numbers that were counted from nobody, and say so in every file."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from helpline.settings.programme import Programme
from helpline.usage.codebook import STORE_EPSILON, PeriodKind, Rhythm, Table, Unit
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.ledger import keep_definition, ledger_row
from helpline.usage.margin import margin95
from helpline.usage.periods import WEEK, Span, counted_day, span_of, visible_at
from helpline.usage.tables import LedgerKind, Period, PeriodState, ReleasedCell

WEEKS = 8
MARK = "demo"
"""Begins the name of every invented period."""

A_DAY = timedelta(days=1)
USUAL = {"arrival": 1_400, "path": 600, "page": 4_000, "hours": 6_000, "callback": 330, "lead": 300}
"""What a table adds up to in a usual period. Tables of one thing agree: most visits end on a page that asks nothing."""

CONTACTS = 470
"""In a quarter, in each table of contacts: whatever is asked of them, they are as many."""

LEAST_SHARE = 0.05
QUARTER_WEEKS = 13
WOBBLE = 0.3
"""By how much of itself a cell changes from one period to the next."""


def fill_counts(session: Session, *, programme: Programme, now: datetime, since: date | None = None) -> list[str]:
    """Write the eight newest finished weeks of every weekly table, and the quarter before this one of the others.

    With *since*, write every finished period that begins on that day or later instead. Return the ids of the periods.
    The numbers follow from the codebook and the weeks alone. They look like what a release leaves: the ledger says
    what noise would have cost, each number varies as if there were noise on it.
    """
    zone = programme.zone
    return [
        _invent(session, table, span=span, zone=zone)
        for table in read_codebook(programme).tables
        for span in _spans(table, zone=zone, now=now, since=since)
        if not _is_there(session, table, span=span)
    ]


def _is_there(session: Session, table: Table, *, span: Span) -> bool:
    """Return whether the period was written before, invented or counted: a demo is filled again after a day."""
    same = select(Period.id).where(Period.table_id == table.id, Period.starts == span.starts)
    return session.scalar(same.limit(1)) is not None


def _spans(table: Table, *, zone: ZoneInfo, now: datetime, since: date | None) -> Iterator[Span]:
    """Yield the finished periods that can be seen at *now*, the newest first: those from *since* on, or the newest."""
    wanted = WEEKS if table.period is PeriodKind.WEEK else 1
    span = span_of(table.period, counted_day(now, zone=zone))
    while wanted if since is None else span.starts > since:
        span = span_of(table.period, span.starts - A_DAY)
        if visible_at(_closed_at(span.ends, zone=zone), zone=zone) <= now:
            wanted -= 1
            yield span


def _invent(session: Session, table: Table, *, span: Span, zone: ZoneInfo) -> str:
    keep_definition(session, table)
    closed_at = _closed_at(span.ends, zone=zone)
    between = A_DAY if table.flush is Rhythm.DAY else WEEK
    flushes = (span.ends - span.starts) // between
    name = f"{MARK} {span.name}"
    period = Period(
        id=f"{table.id}/{name}",
        table_id=table.id,
        name=name,
        starts=span.starts,
        ends=span.ends,
        state=PeriodState.CLOSED,
        definition_digest=table.digest,
        margin95=margin95(table.epsilon, store_epsilon=STORE_EPSILON, flushes=flushes),
        visible_at=visible_at(closed_at, zone=zone),
        invented=True,
    )
    session.add(period)
    session.flush()
    cells = [
        {"period_id": period.id, "cell": cell, "value": _value(table, cell=cell, usual=usual, period=name)}
        for cell, usual in _usual(table).items()
    ]
    session.execute(insert(ReleasedCell), cells)
    for number in range(flushes):
        session.add(ledger_row(period, table=table, kind=LedgerKind.FLUSH, now=closed_at - number * between))
    session.add(ledger_row(period, table=table, kind=LedgerKind.CLOSE, now=closed_at))
    return period.id


def _value(table: Table, *, cell: str, usual: float, period: str) -> int:
    """Return a number that belongs to the cell, a little different in each period, and never looks exact."""
    swing = 1 + WOBBLE * (2 * _share(f"{table.id} {cell} {period}") - 1)
    flushes = WEEK.days if table.flush is Rhythm.DAY else QUARTER_WEEKS
    spread = 2 * margin95(table.epsilon, store_epsilon=STORE_EPSILON, flushes=flushes)
    return round(usual * swing + spread * (_share(f"noise {table.id} {cell} {period}") - 1 / 2))


def _usual(table: Table) -> dict[str, float]:
    """Return what each cell has in a usual period: a few are large, many are small."""
    total = CONTACTS if table.unit is Unit.TALK else USUAL[table.id]
    weights = {cell.id: max(LEAST_SHARE, _share(f"{table.id} {cell.id}") ** 2) for cell in table.cells}
    return {cell: total * weight / sum(weights.values()) for cell, weight in weights.items()}


def _share(label: str) -> float:
    """Return a number from 0 to 1 that belongs to *label*."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:4], "big") / 2**32


def _closed_at(ends: date, *, zone: ZoneInfo) -> datetime:
    return datetime(ends.year, ends.month, ends.day, 3, tzinfo=zone)
