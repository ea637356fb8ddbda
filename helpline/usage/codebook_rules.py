"""What a codebook must keep to: what tables may cost and hold, and words that cannot become a formula."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from helpline.languages import LANGUAGES
from helpline.settings.programme import MOST_CHANNELS
from helpline.usage.codebook import PATH_TABLE, Cell, Table, Unit

CELL_NAME = re.compile(r"[a-z0-9][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*")
NUMBER_LIKE = re.compile(r"[0-9.]*(e[0-9]*)?")
"""What a spreadsheet would take for a number, and show as another one."""

MOST_LABEL = 120
PLACEHOLDERS = frozenset(
    {"title", "unit", "epsilon", "unit_epsilon", "store_epsilon", "sensitivity", "flushes", "definition"}
)
PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
STATEMENT_SHAPE = "sentences without comma, semicolon or quote, with known placeholders only"


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a table may cost and hold (the table of counts.md)."""

    unit: Unit
    cells: int
    epsilon: Fraction


CAPS: Mapping[str, Cap] = {
    "path": Cap(Unit.VISIT, 11 * 6, Fraction(1, 2)),
    # Every channel of a programme, and those who came without one.
    "arrival": Cap(Unit.VISIT, len(LANGUAGES) * (MOST_CHANNELS + 1), Fraction(1, 2)),
    # Off unless the programme asks for it; "arrival" then costs half as much (counts.md).
    "hours": Cap(Unit.VISIT, 7 * 4, Fraction(1, 4)),
    "callback": Cap(Unit.REQUEST, 16, Fraction(1, 2)),
    "page": Cap(Unit.READ, 60, Fraction(1, 4)),
    "lead": Cap(Unit.REQUEST, 5, Fraction(1, 4)),
    **{
        f"contact_{it}": Cap(Unit.TALK, 12, Fraction(1, 2))
        for it in ("channel", "group", "first", "topic", "age", "source", "next")
    },
}
UNIT_CAPS: Mapping[Unit, Fraction] = {
    Unit.VISIT: Fraction(1),
    Unit.READ: Fraction(1, 4),
    Unit.REQUEST: Fraction(3, 4),
    Unit.TALK: Fraction(7, 2),
}
"""What all tables of a unit may cost together: a visit 1, a page read 1/4, a request 1/2 and its lead time 1/4,
a talk 1/2 in each of its seven tables.

It is the claim that each file publishes, so that nobody takes the price of one table for the price of a request. The
shipped tables use it up: one more, or a dearer one, needs another that is cheaper or gone.
"""


def codebook_faults(tables: Sequence[Table]) -> Iterator[str]:
    """Yield a sentence for everything that *tables* may not do."""
    for name, times in Counter(table.id for table in tables).items():
        if times > 1:
            yield f"the table {name} stands there {times} times"
    for unit in Unit:
        yield from _sum_faults([table for table in tables if table.unit is unit], unit=unit)
    for table in tables:
        yield from _table_faults(table)
        for part in _parts(table):
            yield from _part_faults(part, table=table)


def is_label(text: str) -> bool:
    """Return whether *text* begins with a letter or a digit, is one short line, and so can never be a formula."""
    return text[:1].isalnum() and text.isprintable() and len(text) <= MOST_LABEL


def is_statement(line: str) -> bool:
    """Return whether *line* stays in one cell of a spreadsheet and names only what the ledger knows."""
    plain = is_sentence(PLACEHOLDER.sub("x", line)) and not set("{}") & set(PLACEHOLDER.sub("", line))
    return plain and set(PLACEHOLDER.findall(line)) <= PLACEHOLDERS


def is_sentence(text: str) -> bool:
    """Return whether *text* stays in one cell of a spreadsheet without quotes around it."""
    return text[:1].isalnum() and text.isprintable() and not set(text) & set(',;"')


def _sum_faults(tables: Sequence[Table], *, unit: Unit) -> Iterator[str]:
    """Yield what to lower where all *tables* of *unit* cost more than the claim, the dearest first."""
    cost = sum((table.epsilon for table in tables), start=Fraction(0))
    if cost > UNIT_CAPS[unit]:
        dearest = sorted(tables, key=lambda table: -table.epsilon)
        prices = ", ".join(f"{table.id} ({table.epsilon})" for table in dearest)
        yield (
            f"all tables of a {unit} cost {cost} together, more than the {UNIT_CAPS[unit]} that every file promises: "
            f"lower the epsilon of one of them or take one out: {prices}"
        )


def _table_faults(table: Table) -> Iterator[str]:
    cap = CAPS.get(table.id)
    if cap is None:
        yield f"the table {table.id} is not one of {', '.join(CAPS)}"
    elif table.unit is not cap.unit or len(table.cells) > cap.cells or table.epsilon > cap.epsilon:
        yield f"the table {table.id} may hold at most {cap.cells} cells of a {cap.unit} at {cap.epsilon}"
    if not table.cells:
        yield f"the table {table.id} has no cell"
    if table.id == PATH_TABLE and (len(table.axes) != len(("path", "stage")) or table.singles):
        yield f"the table {table.id} must be paths by stages, and nothing else"
    for name, times in Counter(cell.id for cell in table.cells).items():
        if times > 1:
            yield f"the cell {table.id} {name} stands there {times} times"
    for cell in table.cells:
        yield from _cell_faults(cell, table=table)
    yield from (f"{table.id}: not a label: {text!r}" for text in table.titles.values() if not is_title(text))
    yield from (f"{table.id}: not a sentence: {text!r}" for text in table.definitions.values() if not is_sentence(text))


def _parts(table: Table) -> Iterator[Cell]:
    """Yield what the cells of *table* are made of, where that is not the cells themselves."""
    if len(table.axes) > 1:
        for axis in table.axes:
            yield from axis.parts


def _part_faults(part: Cell, *, table: Table) -> Iterator[str]:
    """Yield what is wrong with words that may stand alone, as in a total: behind others they may hide a formula."""
    yield from (f"{table.id} {part.id}: not a label: {text!r}" for text in part.labels.values() if not is_label(text))


def is_title(text: str) -> bool:
    """Return whether *text* can be a label and a part of the statement."""
    return is_label(text) and is_sentence(text)


def _cell_faults(cell: Cell, *, table: Table) -> Iterator[str]:
    if not CELL_NAME.fullmatch(cell.id) or NUMBER_LIKE.fullmatch(cell.id):
        yield f"{table.id}: {cell.id!r} is not a name for a cell"
    yield from _part_faults(cell, table=table)
