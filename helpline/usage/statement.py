"""What can be said of released numbers: made from the definition and the ledger of each period, never by hand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from helpline.usage.released import Counted

INVENTED: Mapping[str, str] = {
    "nl": "Verzonnen getallen van een demo: hier is niemand geteld.",
    "en": "Invented numbers of a demo: nobody was counted here.",
}
"""Said first of everything with a demo's periods in it."""


def statement(counted: Sequence[Counted], *, language: str) -> tuple[str, ...]:
    """Return the lines that stand above the numbers of *counted*: of each table as it was defined, in its order."""
    return tuple(_statement(counted, language=language))


def decimal(value: Fraction) -> str:
    """Return an epsilon as a file writes it: a comma would end the cell of a sentence."""
    return f"{float(value):g}"


def price(counted: Sequence[Counted], *, write: Callable[[Fraction], str] = decimal) -> Mapping[str, str]:
    """Return what the ledger says of each of the periods *counted*, as *write* says it; "1 - 2" where it varies."""
    spent = [part.spent for part in counted]
    found: Mapping[str, Sequence[Fraction | int]] = {
        "sensitivity": [it.sensitivity for it in spent],
        "epsilon": [it.epsilon for it in spent],
        "store_epsilon": [it.store_epsilon for it in spent],
        "flushes": [it.flushes for it in spent],
    }
    return {"unit": spent[0].unit} | {
        name: " - ".join(write(Fraction(it)) for it in dict.fromkeys((min(values), max(values))))
        for name, values in found.items()
    }


def together(counted: Sequence[Counted]) -> Mapping[str, Fraction]:
    """Return by unit the epsilon that one of it costs in all files of *counted*: each table at its dearest, added up.

    Read from the ledger, and not from what a codebook promised. A unit lies in one period of a table, so periods do
    not add up, and tables do.
    """
    dearest = dict[tuple[str, str], Fraction]()
    for part in counted:
        place, cost = (part.spent.unit, part.table.id), part.spent.epsilon * part.spent.sensitivity
        dearest[place] = max(cost, dearest.get(place, cost))
    total = dict[str, Fraction]()
    for (unit, _), cost in dearest.items():
        total[unit] = total.get(unit, Fraction(0)) + cost
    return total


def _statement(counted: Sequence[Counted], *, language: str) -> Iterator[str]:
    if any(part.period.invented for part in counted):
        yield INVENTED.get(language, INVENTED["en"])
    for table in {part.table.digest: part.table for part in counted}.values():
        spoken = table.language(language)
        words = {"title": table.titles[spoken], "definition": table.definitions[spoken]}
        found = price([part for part in counted if part.table.digest == table.digest])
        yield from (line.format(**words, **found) for line in table.statement[spoken])
        yield f"codebook {table.digest}"
