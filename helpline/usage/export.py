"""Files for funders and parliaments: the released numbers of finished periods, with what can be said of them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from helpline.usage.codebook import Table
from helpline.usage.figures import quality
from helpline.usage.released import Counted, ReleasedPeriod, Spent, read_counted

COLUMNS = (
    "period", "table", "cell", "label", "value", "margin95", "low", "high", "quality", "epsilon", "unit",
)  # fmt: skip

INVENTED: Mapping[str, str] = {
    "nl": "Verzonnen getallen van een demo: hier is niemand geteld.",
    "en": "Invented numbers of a demo: nobody was counted here.",
}
"""The first line of a file with a demo's periods in it."""


def csv_file(session: Session, *, periods: Sequence[ReleasedPeriod], language: str) -> bytes:
    """Return the numbers of *periods* in long form, below what can be said of them; the same bytes for ever.

    Words and prices come from the definition and the ledger of each period, never from today's codebook. UTF-8
    with a byte order mark, commas, decimal points, lines that end in CRLF. The statement stands above the header,
    each line behind a "# " and without a comma: a spreadsheet shows it in the first column, readers of CSV skip it
    as a comment, and it cannot be left behind as a second file can. Values can lie below zero: sums stay right.
    """
    file = io.StringIO(newline="")
    counted = read_counted(session, periods)
    for line in _statement(counted, language=language):
        file.write(f"# {line}\r\n")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for part in counted:
        writer.writerows(_rows(part, language=language))
    return file.getvalue().encode("utf-8-sig")


def _rows(counted: Counted, *, language: str) -> Iterator[tuple[str | int, ...]]:
    table, spent, margin = counted.table, counted.spent, counted.period.margin95
    for cell in table.cells:
        value = counted.values[cell.id]
        bounds = (value, margin, value - margin, value + margin, quality(value, margin=margin))
        label = cell.labels[table.language(language)]
        yield (counted.period.name, table.id, cell.id, label, *bounds, _decimal(spent.epsilon), spent.unit)


def _statement(counted: Sequence[Counted], *, language: str) -> Iterator[str]:
    if any(part.period.invented for part in counted):
        yield INVENTED.get(language, INVENTED["en"])
    for table in {part.table.digest: part.table for part in counted}.values():
        spent = [part.spent for part in counted if part.table.digest == table.digest]
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


def _decimal(value: Fraction) -> str:
    return f"{float(value):g}"
