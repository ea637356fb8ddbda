"""What can be said of released numbers: made from the definition and the ledger of each period, never by hand."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from helpline.usage.codebook import Table
from helpline.usage.released import Counted, Spent

INVENTED: Mapping[str, str] = {
    "nl": "Verzonnen getallen van een demo: hier is niemand geteld.",
    "en": "Invented numbers of a demo: nobody was counted here.",
}
"""Said first of everything with a demo's periods in it."""


def statement(counted: Sequence[Counted], *, language: str) -> tuple[str, ...]:
    """Return the lines that stand above the numbers of *counted*: of each table as it was defined, in its order."""
    return tuple(_statement(counted, language=language))


def decimal(value: Fraction) -> str:
    """Return an epsilon as a file writes it."""
    return f"{float(value):g}"


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
        "epsilon": decimal(spent[0].epsilon),
        "store_epsilon": decimal(spent[0].store_epsilon),
        "flushes": str(flushes[0]) if len(flushes) == 1 else f"{flushes[0]} - {flushes[-1]}",
    }
    yield from (line.format(**words) for line in table.statement[language])
    yield f"codebook {table.digest}"
