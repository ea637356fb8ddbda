"""What may be counted: the tables and cells of a public codebook, with the price of each."""

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

FORMAT = 1
"""The form of the canonical text of a table; part of every digest."""

STORE_EPSILON = Fraction(2)
"""What one flush costs against somebody who has a copy of our counts (counts.md, "The claim we publish")."""

OTHER = "other"
"""The cell for what the codebook does not name, in tables that have one."""

PATH_TABLE = "path"
ARRIVAL_TABLE = "arrival"
HOURS_TABLE = "hours"

CountedCell = tuple[str, str]
"""A cell by its names: the table's id, and its own."""

Words = Mapping[str, str]
"""One text by language."""


class Unit(enum.StrEnum):
    """What is counted: the thing whose presence the noise hides."""

    VISIT = "visit"
    READ = "read"
    REQUEST = "request"
    TALK = "talk"


class PeriodKind(enum.StrEnum):
    """How long a table adds up before it is released."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Rhythm(enum.StrEnum):
    """How often what was counted leaves memory for the store; each time costs a draw of noise in every cell."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True)
class Cell:
    """One number of a table: its id, and what it is called in each language."""

    id: str
    labels: Words


@dataclass(frozen=True)
class Axis:
    """One side of a table: its parts in order. The last side of the path table is its stages."""

    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table of the codebook: the cells of its axes multiplied, in order, and after them its single cells."""

    id: str
    unit: Unit
    period: PeriodKind
    epsilon: Fraction
    sensitivity: int
    titles: Words
    definitions: Words
    statement: Mapping[str, tuple[str, ...]]
    axes: tuple[Axis, ...]
    singles: tuple[Cell, ...]
    flush: Rhythm = Rhythm.DAY

    def language(self, wanted: str) -> str:
        """Return *wanted*, or the first language of a table that is older than it."""
        return wanted if wanted in self.titles else next(iter(self.titles))

    def title(self, wanted: str) -> str:
        """Return what the table is called in *wanted*, or in the first language of a table that is older than it."""
        return self.titles[self.language(wanted)]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in the fixed order in which noise is drawn and rows are written."""
        sides = [axis.parts for axis in self.axes]
        return (*(_crossed(parts) for parts in product(*sides) if parts), *self.singles)

    @cached_property
    def text(self) -> str:
        """The canonical text (JSON) that is kept with every period and that the digest is made of."""
        return json.dumps(_plain_table(self), ensure_ascii=True, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """The version of this table: SHA-256 of its text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Codebook:
    """All tables of one programme."""

    tables: tuple[Table, ...]

    @cached_property
    def parts(self) -> tuple["Codebook", ...]:
        """The codebook by rhythm: each part has a counters' file of its own."""
        parts = (tuple(table for table in self.tables if table.flush is rhythm) for rhythm in Rhythm)
        return tuple(Codebook(tables) for tables in parts if tables)

    @property
    def flush(self) -> Rhythm:
        """How often a file of these tables is flushed: every day, where one of them must be."""
        return Rhythm.DAY if any(table.flush is Rhythm.DAY for table in self.tables) else Rhythm.WEEK

    @cached_property
    def text(self) -> str:
        """The canonical text of all tables, one line each."""
        return "\n".join(table.text for table in self.tables)

    @cached_property
    def digest(self) -> str:
        """The version of the codebook: SHA-256 of its text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def places(self) -> Mapping[tuple[str, str], int]:
        """Where each cell lies among all cells: the index by table and cell."""
        pairs = ((table.id, cell.id) for table in self.tables for cell in table.cells)
        return {pair: index for index, pair in enumerate(pairs)}

    def table(self, table_id: str) -> Table | None:
        """Return the table called *table_id*, or None."""
        return next((table for table in self.tables if table.id == table_id), None)


def _crossed(parts: tuple[Cell, ...]) -> Cell:
    languages = parts[0].labels
    labels = {language: ": ".join(part.labels[language] for part in parts) for language in languages}
    return Cell(id=".".join(part.id for part in parts), labels=labels)


def _plain_table(table: Table) -> dict[str, object]:
    plain: dict[str, object] = {
        "format": FORMAT,
        "store_epsilon": str(STORE_EPSILON),
        "id": table.id,
        "unit": table.unit.value,
        "period": table.period.value,
        "epsilon": str(table.epsilon),
        "sensitivity": table.sensitivity,
        "title": dict(table.titles),
        "definition": dict(table.definitions),
        "statement": {language: list(lines) for language, lines in table.statement.items()},
    }
    if table.flush is not Rhythm.DAY:
        # Left out otherwise: texts that are older than rhythms keep their digest.
        plain["flush"] = table.flush.value
    if table.axes:
        plain["axis"] = [{"parts": [_plain_cell(part) for part in axis.parts]} for axis in table.axes]
    if table.singles:
        plain["cell"] = [_plain_cell(cell) for cell in table.singles]
    return plain


def _plain_cell(cell: Cell) -> dict[str, str]:
    return {"id": cell.id, **cell.labels}
