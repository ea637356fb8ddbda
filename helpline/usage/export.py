"""Files for funders and parliaments: the released numbers of finished periods, with what can be said of them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.usage.codebook import Table
from helpline.usage.ledger import table_of
from helpline.usage.tables import LedgerKind, LedgerRow, Period, PeriodState, ReleasedCell

COLUMNS = (
    "period", "table", "cell", "label", "value", "margin95", "low", "high", "quality", "epsilon", "unit",
)  # fmt: skip

INVENTED: Mapping[str, str] = {
    "nl": "Verzonnen getallen van een demo: hier is niemand geteld.",
    "en": "Invented numbers of a demo: nobody was counted here.",
}
"""The first line of a file with a demo's periods in it."""


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


def released_periods(session: Session, *, table: str, now: datetime) -> tuple[ReleasedPeriod, ...]:
    """Return the periods of *table* that may be seen at *now*, the oldest first."""
    visible = select(Period).where(
        Period.table_id == table, Period.state == PeriodState.CLOSED, Period.visible_at <= now
    )
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


def csv_file(session: Session, *, periods: Sequence[ReleasedPeriod], language: str) -> bytes:
    """Return the numbers of *periods* in long form, below what can be said of them; the same bytes for ever.

    Words and prices come from the definition and the ledger of each period, never from today's codebook. UTF-8
    with a byte order mark, commas, decimal points, lines that end in CRLF. The statement stands above the header,
    each line behind a "# " and without a comma: a spreadsheet shows it in the first column, readers of CSV skip it
    as a comment, and it cannot be left behind as a second file can. Values can lie below zero: sums stay right.
    """
    file = io.StringIO(newline="")
    for line in _statement(session, periods=periods, language=language):
        file.write(f"# {line}\r\n")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for period in periods:
        writer.writerows(_rows(session, period, language=language))
    return file.getvalue().encode("utf-8-sig")


def quality(value: int, *, margin: int) -> str:
    """Return A (margin up to 10 % of the value), B (up to 33 %), C, or D where the value is within the noise."""
    if value <= margin:
        return "D"
    if 10 * margin <= value:
        return "A"
    return "B" if 100 * margin <= 33 * value else "C"


def _rows(session: Session, period: ReleasedPeriod, *, language: str) -> Iterator[tuple[str | int, ...]]:
    table, spent, margin = table_of(session, period.id), _spent(session, period), period.margin95
    found = select(ReleasedCell.cell, ReleasedCell.value).where(ReleasedCell.period_id == period.id)
    values = dict(session.execute(found).all())
    for cell in table.cells:
        value = values[cell.id]
        bounds = (value, margin, value - margin, value + margin, quality(value, margin=margin))
        label = cell.labels[table.language(language)]
        yield (period.name, table.id, cell.id, label, *bounds, _decimal(spent.epsilon), spent.unit)


def _statement(session: Session, *, periods: Sequence[ReleasedPeriod], language: str) -> Iterator[str]:
    if any(period.invented for period in periods):
        yield INVENTED.get(language, INVENTED["en"])
    counted = [(table_of(session, period.id), _spent(session, period)) for period in periods]
    for table in {table.digest: table for table, _ in counted}.values():
        spent = [of_period for other, of_period in counted if other.digest == table.digest]
        yield from _lines(table, spent=spent, language=language)


def _lines(table: Table, *, spent: Sequence[Spent], language: str) -> Iterator[str]:
    flushes, language = sorted({it.flushes for it in spent}), table.language(language)
    words = {
        "title": table.titles[language],
        "definition": table.definitions[language],
        "unit": spent[0].unit,
        "sensitivity": str(spent[0].sensitivity),
        "epsilon": _decimal(spent[0].epsilon),
        "store_epsilon": _decimal(spent[0].store_epsilon),
        "flushes": str(flushes[0]) if len(flushes) == 1 else f"{flushes[0]} - {flushes[-1]}",
    }
    yield from (line.format(**words) for line in table.statement[language])
    yield f"codebook {table.digest}"


def _spent(session: Session, period: ReleasedPeriod) -> Spent:
    rows = session.scalars(select(LedgerRow).where(LedgerRow.period_id == period.id)).all()
    close = next(row for row in rows if row.kind is LedgerKind.CLOSE)
    flushes = [Fraction(row.epsilon) for row in rows if row.kind is LedgerKind.FLUSH]
    return Spent(
        unit=close.unit,
        sensitivity=close.sensitivity,
        epsilon=Fraction(close.epsilon),
        store_epsilon=max(flushes),
        flushes=len(flushes),
    )


def _decimal(value: Fraction) -> str:
    return f"{float(value):g}"
