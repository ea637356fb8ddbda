"""Read what was released: the numbers of finished periods, in the words and at the price that held for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.usage.codebook import Table
from helpline.usage.codebook_reading import table_from
from helpline.usage.tables import Definition, LedgerKind, LedgerRow, Period, PeriodState, ReleasedCell

MOST_IDS = 500
"""Periods that are asked for in one question to the database: SQLite takes a limited number of parameters."""


@dataclass(frozen=True, slots=True)
class ReleasedPeriod:
    """A period that everybody may see. Only ``released_periods`` makes one, so a file can hold no other."""

    id: str
    table: str
    name: str
    starts: date
    ends: date
    margin95: int
    invented: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What the ledger says of a period."""

    unit: str
    sensitivity: int
    epsilon: Fraction
    store_epsilon: Fraction
    flushes: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The released numbers of one period by cell, with the table as it was defined then and what they cost."""

    period: ReleasedPeriod
    table: Table
    spent: Spent
    values: Mapping[str, int]


def released_periods(
    session: Session, *, table: str, now: datetime, since: date | None = None, until: date | None = None
) -> tuple[ReleasedPeriod, ...]:
    """Return the periods of *table* that may be seen at *now*, the oldest first; those that begin in [since, until)."""
    visible = select(Period).where(
        Period.table_id == table, Period.state == PeriodState.CLOSED, Period.visible_at <= now
    )
    if since is not None:
        visible = visible.where(Period.starts >= since)
    if until is not None:
        visible = visible.where(Period.starts < until)
    rows = session.scalars(visible.order_by(Period.starts, Period.name))
    return tuple(
        ReleasedPeriod(
            id=row.id,
            table=row.table_id,
            name=row.name,
            starts=row.starts,
            ends=row.ends,
            margin95=row.margin95 or 0,
            invented=row.invented,
        )
        for row in rows
    )


def released_range(session: Session, *, now: datetime) -> Mapping[str, tuple[date, date]]:
    """Return by table the first day and the day after the last of what may be seen at *now*."""
    visible = (
        select(Period.table_id, func.min(Period.starts), func.max(Period.ends))
        .where(Period.state == PeriodState.CLOSED, Period.visible_at <= now)
        .group_by(Period.table_id)
    )
    return {table: (starts, ends) for table, starts, ends in session.execute(visible)}


def read_counted(session: Session, periods: Sequence[ReleasedPeriod]) -> tuple[Counted, ...]:
    """Return the numbers of *periods* in their order, by three questions to the database for every MOST_IDS."""
    return tuple(
        counted
        for first in range(0, len(periods), MOST_IDS)
        for counted in _read_some(session, periods[first : first + MOST_IDS])
    )


def _read_some(session: Session, periods: Sequence[ReleasedPeriod]) -> list[Counted]:
    ids = [period.id for period in periods]
    values: dict[str, dict[str, int]] = {name: {} for name in ids}
    cells = select(ReleasedCell.period_id, ReleasedCell.cell, ReleasedCell.value)
    for name, cell, value in session.execute(cells.where(ReleasedCell.period_id.in_(ids))):
        values[name][cell] = value
    words = select(Period.id, Definition.text).join(Definition).where(Period.id.in_(ids))
    tables = {name: table_from(text) for name, text in session.execute(words)}
    rows: dict[str, list[LedgerRow]] = {name: [] for name in ids}
    for row in session.scalars(select(LedgerRow).where(LedgerRow.period_id.in_(ids))):
        rows[row.period_id].append(row)
    return [Counted(it, table=tables[it.id], spent=_spent(rows[it.id]), values=values[it.id]) for it in periods]


def _spent(rows: Sequence[LedgerRow]) -> Spent:
    close = next(row for row in rows if row.kind is LedgerKind.CLOSE)
    flushes = [Fraction(row.epsilon) for row in rows if row.kind is LedgerKind.FLUSH]
    return Spent(
        unit=close.unit,
        sensitivity=close.sensitivity,
        epsilon=Fraction(close.epsilon),
        store_epsilon=max(flushes),
        flushes=len(flushes),
    )
