"""Writes that two people may try at once: the answer is a row count, never an error in a database's log."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

BOOKING_LOCK = 0x6B656E74
"""One advisory lock for the pool of counsellors: without it moves deadlock on PostgreSQL (scheduling.md)."""


def insert_free(session: Session, model: type[DeclarativeBase], *, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert those of *rows* whose key is free and return how many were."""
    table = model.__table__
    if not rows or not isinstance(table, Table):
        return 0
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing()
    # Without preserve_rowcount an INSERT answers -1 on PostgreSQL.
    return connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def wait_for_turn(session: Session, *, lock: int = BOOKING_LOCK) -> None:
    """Wait until no other transaction holds *lock*; SQLite's BEGIN IMMEDIATE has waited already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
