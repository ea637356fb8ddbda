"""Every column of the three stores says what it keeps, and what is a visitor's names its hour."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Table,
    literal_column,
    select,
)
from sqlalchemy.exc import OperationalError

from helpline.clock.metadatas import METADATA
from helpline.retention import row_deadline
from helpline.store.kept import Kept, Ours, declaration, declarations
from helpline.store.types import Instant
from tests.support.stores import copy_files, opened_stores

TABLES = [table for metadata in METADATA.values() for table in metadata.sorted_tables]
EVERY_TABLE = [pytest.param(table, id=table.name) for table in TABLES]
VISITORS_TABLES = [pytest.param(table, id=table.name) for table in TABLES if row_deadline(table) is not None]
EVERY_KEPT = [
    pytest.param(column, declared, id=f"{table.name}.{column.name}")
    for metadata in METADATA.values()
    for table, column, declared in declarations(metadata)
    if isinstance(declared, Kept)
]


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_every_column_says_what_it_keeps(table: Table) -> None:
    for column in table.columns:
        declared = declaration(column)
        assert isinstance(declared, Kept | Ours)
        assert declared.what


@pytest.mark.parametrize(("column", "declared"), EVERY_KEPT)
def test_what_is_a_visitors_names_its_hour(column: Column[object], declared: Kept) -> None:
    deadline = column.table.columns[declared.until]

    assert declared.why
    assert isinstance(deadline.type, Instant)
    assert isinstance(declaration(deadline), Kept)
    assert column.nullable or not declared.nulled
    # A row whose hour may be missing would stay for ever; a value's hour may go with the value.
    assert declared.nulled or not deadline.nullable


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_every_table_with_a_path_to_a_booking_is_destroyed_at_its_hour(table: Table) -> None:
    """A pseudonym that outlives its talk would lead from one talk to the next."""
    if "booking" in {target.name for target in reachable(table)} | {table.name}:
        assert row_deadline(table) is not None


def reachable(table: Table) -> Iterator[Table]:
    for key in table.foreign_keys:
        if key.column.table is not table:
            yield key.column.table
            yield from reachable(key.column.table)


@pytest.mark.parametrize("table", VISITORS_TABLES)
def test_a_table_of_visitors_has_no_column_that_tells_an_order_or_a_moment(table: Table) -> None:
    telling = ("created", "updated", "changed", "seen", "last", "number")

    assert not [column.name for column in table.columns if column.name.startswith(telling)]
    assert not [column.name for column in table.columns if column.autoincrement is True]


@pytest.mark.parametrize("table", VISITORS_TABLES)
def test_no_table_of_visitors_has_a_rowid(sqlite_template: Path, tmp_path: Path, table: Table) -> None:
    """A rowid gave back the exact order of forty bookings."""
    copy_files(sqlite_template, to=tmp_path)

    with (
        opened_stores(tmp_path, database_url=None) as stores,
        stores.helpline.read() as session,
        pytest.raises(OperationalError, match="rowid"),
    ):
        session.execute(select(literal_column("rowid")).select_from(table))
