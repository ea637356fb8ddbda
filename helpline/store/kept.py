"""What a column declares about itself: what it is, why we keep it, until when."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, MetaData, Table


class UndeclaredColumnError(Exception):
    """A column of a store does not say what it keeps."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A column that can hold something of a visitor, with its hour of destruction.

    *until* names a column of the same table; *nulled* says that only this value goes then, not the row.
    """

    what: str
    why: str
    until: str
    nulled: bool = False


@dataclass(frozen=True, slots=True)
class Ours:
    """A column that holds nothing of a visitor."""

    what: str


Declaration = dict[str, Kept | Ours]
"""The shape of the ``info`` of every column in the three stores: one key, ``declared``."""


def kept(what: str, *, why: str, until: str, nulled: bool = False) -> Declaration:
    """Return the ``info`` of a column of a visitor's: *what* it is, *why* it is there, *until* which column's hour."""
    return {"declared": Kept(what=what, why=why, until=until, nulled=nulled)}


def ours(what: str) -> Declaration:
    """Return the ``info`` of a column of the programme's own, which no visit writes."""
    return {"declared": Ours(what=what)}


def declaration(column: Column[object]) -> Kept | Ours:
    """Return what *column* declares.

    Raises:
        UndeclaredColumnError: it declares nothing, so nobody could say on the page "What we keep" what it is.
    """
    declared = column.info.get("declared")
    if not isinstance(declared, Kept | Ours):
        message = f"{column.table.name}.{column.name} does not declare what it keeps"
        raise UndeclaredColumnError(message)
    return declared


def declarations(metadata: MetaData) -> Iterator[tuple[Table, Column[object], Kept | Ours]]:
    """Yield every column of *metadata* with its declaration, parents before children."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            yield table, column, declaration(column)
