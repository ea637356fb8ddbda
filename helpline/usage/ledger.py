"""What a release writes: periods, noised cells, released numbers, and what they cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, exists, func, select, text, update
from sqlalchemy.orm import Session

from helpline.usage.codebook import STORE_EPSILON, Codebook, Rhythm, Table
from helpline.usage.codebook_reading import table_from
from helpline.usage.margin import margin95
from helpline.usage.periods import WEEK, monday_of, span_of
from helpline.usage.tables import (
    Definition,
    Flush,
    LedgerKind,
    LedgerRow,
    NoisedCell,
    Period,
    PeriodState,
    ReleasedCell,
)

WRITERS = 0x6B656E74
"""The number of our lock in PostgreSQL; any number that nobody else takes."""

LATE_HOSTS = timedelta(days=1)
"""How long a period waits for the last counts of another host before it closes without them."""


ADD = (
    update(NoisedCell)
    .where(NoisedCell.cell == bindparam("of_cell"))
    .values({NoisedCell.value: NoisedCell.value + bindparam("added")})
)


@dataclass(frozen=True, slots=True)
class FlushKey:
    """Which flush: of which host, on which day, of which codebook."""

    host: str
    day: date
    codebook: str


def one_writer(session: Session) -> None:
    """Let nobody else write counts until this transaction ends; SQLite sees to that by itself."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": WRITERS})


def is_flushed(session: Session, key: FlushKey) -> bool:
    """Return whether that flush is in the store."""
    return session.get(Flush, (key.host, key.day, key.codebook)) is not None


def is_flush_due(session: Session, key: FlushKey, *, rhythm: Rhythm) -> bool:
    """Return whether that flush is not in the store, nor, where it is *rhythm* of a week, another of its week."""
    first = key.day if rhythm is Rhythm.DAY else monday_of(key.day)
    return not _has_flush(session, key, first=first, last=key.day)


def write_flush(session: Session, key: FlushKey, *, codebook: Codebook, noised: Sequence[int], now: datetime) -> None:
    """Add *noised*, a number for every cell of *codebook* in its order, to the periods of that day."""
    one_writer(session)
    counted = _day_of_counts(session, key, rhythm=codebook.flush)
    session.add(Flush(host=key.host, day=key.day, codebook=key.codebook))
    values = iter(noised)
    for table in codebook.tables:
        period = open_period(session, table, day=counted)
        rows = [{"of_cell": cell.id, "added": next(values)} for cell in table.cells]
        session.connection().execute(ADD.where(NoisedCell.period_id == period.id), rows)
        session.add(ledger_row(period, table=table, kind=LedgerKind.FLUSH, now=now))


def open_period(session: Session, table: Table, *, day: date) -> Period:
    """Return the period of *table* that *day* lies in, opened with every cell at zero if it was not there.

    Where it is closed already (another host was quicker, and this one is more than a day late), the next one.
    """
    span = span_of(table.period, day)
    found = session.scalar(
        select(Period).where(
            Period.table_id == table.id, Period.starts == span.starts, Period.definition_digest == table.digest
        )
    )
    if found is None:
        return _new_period(session, table, day=day)
    return found if found.state is PeriodState.OPEN else open_period(session, table, day=found.ends)


def due_periods(session: Session, *, day: date) -> list[str]:
    """Return the ids of the periods that may be closed on *day*, in a fixed order."""
    ended = select(Period).where(Period.state == PeriodState.OPEN, Period.ends <= day)
    return [it.id for it in session.scalars(ended.order_by(Period.id)) if _is_complete(session, it, day=day)]


def noised_values(session: Session, period_id: str) -> dict[str, int]:
    """Return the cells of an open period in the fixed order of its codebook."""
    rows = session.execute(select(NoisedCell.cell, NoisedCell.value).where(NoisedCell.period_id == period_id))
    found = dict(rows.all())
    return {cell.id: found[cell.id] for cell in table_of(session, period_id).cells}


def close_period(session: Session, period_id: str, *, visible_at: datetime) -> bool:
    """Close the period and return whether this call did it; of several, one does."""
    one_writer(session)
    flushes = flushes_of(session, period_id)
    table = table_of(session, period_id)
    margin = margin95(table.epsilon, store_epsilon=STORE_EPSILON, flushes=flushes)
    won = session.connection().execute(
        update(Period)
        .where(Period.id == period_id, Period.state == PeriodState.OPEN)
        .values(state=PeriodState.CLOSED, visible_at=visible_at, margin95=margin)
    )
    return won.rowcount == 1


def write_release(session: Session, period_id: str, *, released: Mapping[str, int], now: datetime) -> None:
    """Keep the released numbers for ever, forget the working ones, and write down what it cost."""
    session.add_all(ReleasedCell(period_id=period_id, cell=cell, value=value) for cell, value in released.items())
    session.execute(delete(NoisedCell).where(NoisedCell.period_id == period_id))
    period = session.get_one(Period, period_id)
    session.add(ledger_row(period, table=table_of(session, period_id), kind=LedgerKind.CLOSE, now=now))


def ledger_row(period: Period, *, table: Table, kind: LedgerKind, now: datetime) -> LedgerRow:
    """Return the row that says what noise of *kind* for *period* cost."""
    epsilon = table.epsilon if kind is LedgerKind.CLOSE else STORE_EPSILON
    return LedgerRow(
        period_id=period.id,
        table_id=table.id,
        unit=table.unit.value,
        sensitivity=table.sensitivity,
        epsilon=str(epsilon),
        kind=kind,
        at=now,
    )


def flushes_of(session: Session, period_id: str) -> int:
    """Return how often counts were added to the period, by all hosts."""
    rows = select(func.count()).where(LedgerRow.period_id == period_id, LedgerRow.kind == LedgerKind.FLUSH)
    return session.scalars(rows).one()


def table_of(session: Session, period_id: str) -> Table:
    """Return the table of the codebook as it was when the period was opened."""
    text_of = select(Definition.text).join(Period).where(Period.id == period_id)
    return table_from(session.scalars(text_of).one())


def keep_definition(session: Session, table: Table) -> None:
    """Keep the words of *table*, if they are not kept yet."""
    if session.get(Definition, table.digest) is None:
        session.add(Definition(digest=table.digest, text=table.text))
        session.flush()


def _new_period(session: Session, table: Table, *, day: date) -> Period:
    keep_definition(session, table)
    span = span_of(table.period, day)
    name = next(name for name in _names(span.name) if session.get(Period, f"{table.id}/{name}") is None)
    period = Period(
        id=f"{table.id}/{name}",
        table_id=table.id,
        name=name,
        starts=span.starts,
        ends=span.ends,
        definition_digest=table.digest,
    )
    session.add(period)
    session.flush()
    session.add_all(NoisedCell(period_id=period.id, cell=cell.id, value=0) for cell in table.cells)
    session.flush()
    return period


def _names(name: str) -> Iterator[str]:
    """Yield *name*, and for what was counted by a changed codebook in the same weeks *name* with a number."""
    yield name
    number = 2
    while True:
        yield f"{name} part {number}"
        number += 1


def _day_of_counts(session: Session, key: FlushKey, *, rhythm: Rhythm) -> date:
    """Return the day whose period a flush belongs to: the one before it, or the Sunday before a late one of a week.

    But the day itself where this host has not flushed for a week: a machine that is new, or was off for long,
    has counted nothing of yesterday, and must not open a period of the week before.
    """
    monday, yesterday = monday_of(key.day), key.day - timedelta(days=1)
    is_new_week = not _has_flush(session, key, first=monday, last=yesterday)
    if rhythm is Rhythm.WEEK and is_new_week and _has_flush(session, key, first=monday - WEEK, last=yesterday):
        return monday - timedelta(days=1)
    recent = exists().where(Flush.host == key.host, Flush.day < key.day, Flush.day >= key.day - WEEK)
    return yesterday if session.scalar(select(recent)) else key.day


def _has_flush(session: Session, key: FlushKey, *, first: date, last: date) -> bool:
    """Return whether that host flushed that codebook from *first* to *last*."""
    same = exists().where(Flush.host == key.host, Flush.codebook == key.codebook, Flush.day.between(first, last))
    return bool(session.scalar(select(same)))


def _is_complete(session: Session, period: Period, *, day: date) -> bool:
    """Return whether every host that added to the weeks of *period* has flushed after them, or was waited for."""
    if day >= period.ends + LATE_HOSTS:
        return True
    during = select(Flush.host).where(Flush.day > period.starts, Flush.day < period.ends)
    after = select(Flush.host).where(Flush.day >= period.ends)
    return set(session.scalars(during)) <= set(session.scalars(after))
