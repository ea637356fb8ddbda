"""What an exercise asks: its fields, as front matter declares them."""

import enum
from dataclasses import dataclass
from functools import cached_property

from helpline.programme.reading import only, optional, optional_tables
from helpline.settings.faults import TableReader

MOST_FIELDS = 5
SCALE = range(11)
"""0 to 10, as people know it from a doctor."""

LONGEST = 1_000
USUAL_LENGTH = 300
ROWS = 3
MOST_ROWS = 7
"""A diary of one week."""

PLAN = ("if", "then")
"""The two halves of an if-then plan, in the names of its inputs."""

TAKEN = frozenset({"at", "do", "lang", "token", "k", "stage", "file", "sheet"})
"""Names that the form itself uses."""


class Kind(enum.StrEnum):
    """How a field is answered."""

    TEXT = "text"
    SCALE = "scale"
    CHOICE = "choice"
    LIST = "list"
    ROWS = "rows"
    PLAN = "plan"


PICKED = (Kind.SCALE, Kind.CHOICE)
"""Kinds at which nothing is typed."""

SINGLE = (Kind.TEXT, *PICKED)
"""Kinds with one input."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, or one column of a table: its id is the same in every language."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of an exercise.

    *low* and *high* name the ends of a scale. *rows* counts the lines of a list, or the rows that a table shows at
    first: more can be added, up to MOST_ROWS.
    """

    id: str
    kind: Kind
    label: str
    hint: str
    max_length: int
    options: tuple[Option, ...]
    columns: tuple[Option, ...]
    low: str
    high: str
    rows: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its inputs in a form, those of a table row by row."""
        if self.kind is Kind.LIST:
            return tuple(f"{self.id}-{row}" for row in range(1, self.rows + 1))
        if self.kind is Kind.ROWS:
            rows = range(1, MOST_ROWS + 1)
            return tuple(f"{self.id}-{row}-{column.id}" for row in rows for column in self.columns)
        return tuple(f"{self.id}-{half}" for half in PLAN) if self.kind is Kind.PLAN else (self.id,)

    @property
    def first_name(self) -> str:
        """The id of its first input in a page: where a fault leads to."""
        return self.names[0]

    @property
    def is_typed(self) -> bool:
        """Whether people write in it, so that they must be told what not to write."""
        return self.kind not in PICKED

    @property
    def shape(self) -> tuple[object, ...]:
        """What must be the same in every language, so that an answer survives a change of language."""
        ids = tuple(it.id for it in (*self.options, *self.columns))
        return self.id, self.kind, self.max_length, ids, self.rows


def read_field(reader: TableReader) -> Field:
    """Return the field that a ``[[field]]`` of front matter declares."""
    only(reader, known=tuple(Field.__dataclass_fields__))
    kind = reader.text("kind")
    reader.check("kind", holds=kind in set(Kind), wanted="one of " + ", ".join(Kind))
    field = Field(
        id=reader.text("id"),
        kind=Kind(kind) if kind in set(Kind) else Kind.TEXT,
        label=reader.text("label"),
        hint=optional(reader, "hint"),
        max_length=reader.number("max_length", default=USUAL_LENGTH, least=1, most=LONGEST),
        options=tuple(_option(row) for row in optional_tables(reader, "options")),
        columns=tuple(_option(row) for row in optional_tables(reader, "columns")),
        low=optional(reader, "low"),
        high=optional(reader, "high"),
        rows=reader.number("rows", default=ROWS, least=1, most=MOST_FIELDS),
    )
    _check(field, reader=reader)
    return field


def _check(field: Field, *, reader: TableReader) -> None:
    is_name = field.id.isidentifier() and field.id.isascii() and field.id not in TAKEN
    reader.check("id", holds=is_name, wanted="a short ASCII name that the form does not use itself")
    for key, kind in (("options", Kind.CHOICE), ("columns", Kind.ROWS)):
        is_there = bool(getattr(field, key))
        reader.check(key, holds=is_there == (field.kind is kind), wanted=f"there for {kind} only")
    has_ends = bool(field.low and field.high)
    reader.check("low", holds=has_ends == (field.kind is Kind.SCALE), wanted="there for a scale only, with high")


def _option(reader: TableReader) -> Option:
    only(reader, known=("id", "label"))
    return Option(id=reader.text("id"), label=reader.text("label"))
