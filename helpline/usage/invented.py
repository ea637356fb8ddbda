"""A demo's finished periods: numbers that were counted from nobody, and say so in every file."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from helpline.settings.programme import Programme
from helpline.usage.codebook import STORE_EPSILON, PeriodKind, Rhythm, Table, Unit
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.ledger import keep_definition, ledger_row
from helpline.usage.margin import margin95
from helpline.usage.periods import INVENTED_MARK, WEEK, Span, counted_day, span_of, visible_at
from helpline.usage.tables import LedgerKind, Period, PeriodState, ReleasedCell

WEEKS = 8
A_DAY = timedelta(days=1)
USUAL: Mapping[str, Mapping[str, int]] = {
    "callback": {
        "you_ring.held": 95, "you_ring.missed": 22, "we_ring.held": 120, "we_ring.missed": 3, "we_ring.not_reached": 24,
        "we_ring.wrong_number": 5, "cancelled_by_visitor": 28, "cancelled_by_us": 6, "lapsed": 4, "unmet": 43,
    },
    "contact_channel": {"booked": 215, "rung": 130, "free_now": 20, "chat": 55, "mail": 42, "other": 8},
}  # fmt: skip
"""Cells of a usual quarter, where two tables tell of one thing: booked talks that were held are contacts."""

HELD = ("booked", "you_ring.held", "we_ring.held")
"""They stand in two tables: what the first says is the sum of the others."""

GOES_WITH: Mapping[Unit, Unit] = {Unit.REQUEST: Unit.TALK}
"""Where many talks are asked for, many are held."""

TOTALS = {"arrival": 1_400, "path": 600, "page": 4_000, "hours": 6_000, "lead": 307}
"""What the cells of other tables add up to in a usual period: most visits end on a page that asks nothing."""

CONTACTS = sum(USUAL["contact_channel"].values())
"""In a quarter, in each table of contacts: whatever is asked of them, they are as many."""

LEAST_SHARE = 0.05
SEASON, WOBBLE = 0.2, 0.15
"""By how much of itself everything changes from one period to the next, and each cell beside that."""

NOISE = 0.88
"""An even spread of so many margins to both sides varies as much as the noise that the margin tells of."""


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
    name, margin = f"{INVENTED_MARK} {span.name}", margin95(table.epsilon, store_epsilon=STORE_EPSILON, flushes=flushes)
    period = Period(
        id=f"{table.id}/{name}",
        table_id=table.id,
        name=name,
        starts=span.starts,
        ends=span.ends,
        state=PeriodState.CLOSED,
        definition_digest=table.digest,
        margin95=margin,
        visible_at=visible_at(closed_at, zone=zone),
        invented=True,
    )
    session.add(period)
    session.flush()
    cells = [
        {"period_id": period.id, "cell": cell, "value": value}
        for cell, value in _values(table, period=name, margin=margin)
    ]
    session.execute(insert(ReleasedCell), cells)
    for number in range(flushes):
        session.add(ledger_row(period, table=table, kind=LedgerKind.FLUSH, now=closed_at - number * between))
    session.add(ledger_row(period, table=table, kind=LedgerKind.CLOSE, now=closed_at))
    return period.id


def _values(table: Table, *, period: str, margin: int) -> Iterator[tuple[str, int]]:
    """Yield a number for each cell, a little different in each period, that never looks exact.

    Tables that tell of the same talks have their good and bad periods together; what two of them say alike stays so.
    """
    usual = _usual(table)
    swung = {
        cell: number if cell in HELD else number * _around(f"{table.id} {cell} {period}", by=WOBBLE)
        for cell, number in usual.items()
    }
    alike = sum(number for cell, number in usual.items() if cell in HELD)
    scale = (sum(usual.values()) - alike) / (sum(swung.values()) - alike)
    season = _around(f"{GOES_WITH.get(table.unit, table.unit)} {period}", by=SEASON)
    for cell, number in swung.items():
        noise = NOISE * margin * (2 * _share(f"noise {table.id} {cell} {period}") - 1)
        yield cell, round(number * season * (1 if cell in HELD else scale) + noise)


def _usual(table: Table) -> dict[str, float]:
    """Return what each cell has in a usual period: a few are large, many are small."""
    if table.id in USUAL:
        return {cell.id: float(USUAL[table.id].get(cell.id, 0)) for cell in table.cells}
    total = CONTACTS if table.unit is Unit.TALK else TOTALS[table.id]
    weights = {cell.id: max(LEAST_SHARE, _share(f"{table.id} {cell.id}") ** 2) for cell in table.cells}
    return {cell: total * weight / sum(weights.values()) for cell, weight in weights.items()}


def _around(label: str, *, by: float) -> float:
    """Return a factor near 1 that belongs to *label*."""
    return 1 + by * (2 * _share(label) - 1)


def _share(label: str) -> float:
    """Return a number from 0 to 1 that belongs to *label*."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:4], "big") / 2**32


def _closed_at(ends: date, *, zone: ZoneInfo) -> datetime:
    return datetime(ends.year, ends.month, ends.day, 3, tzinfo=zone)
