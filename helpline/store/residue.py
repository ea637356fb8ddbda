"""Make what was deleted unreadable in the database's files, not only in its answers."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Connection, Table, bindparam, func, select, text
from sqlalchemy.exc import OperationalError

from helpline.store.engine import Sessions, is_worth_a_retry

CHANGED_ROWS = text(
    "SELECT coalesce(sum(n_tup_del + n_tup_upd + n_dead_tup), 0) FROM pg_stat_user_tables"
    " WHERE schemaname = current_schema() AND relname IN :names"
).bindparams(bindparam("names", expanding=True))
"""Rows that were deleted, written anew or taken back; the server says it seconds late."""


class Residue:
    """What deletions left behind in the files of one store."""

    def __init__(self, sessions: Sessions, *, tables: Sequence[Table]) -> None:
        """Watch *tables* of *sessions*, the small ones that hold rows of visitors."""
        self._sessions = sessions
        self._tables = tables
        self._swept_at: int | None = None
        self._rows: frozenset[int] | None = None

    def sweep(self, *, is_dirty: bool) -> bool:
        """Wipe what deletions left, and return whether nothing was in the way.

        Whoever has just deleted says so with *is_dirty*; what others deleted is found out.

        SQLite has overwritten deleted rows in its pages already (secure_delete), but where a page was split or merged
        a copy of a row may stay behind in the gap: one in some hundred. So the file is written anew when anything
        changed. What lies in the
        WAL goes with a truncating checkpoint, whose answer is read: with a reader open it returns busy without an
        error and the deleted bytes stay. PostgreSQL keeps deleted rows in heap and WAL: the tables are written anew,
        the segment is ended and a checkpoint lets it go (with wal_recycle=off).
        """
        with self._sessions.outside() as connection:
            try:
                if connection.dialect.name == "postgresql":
                    return self._sweep_postgresql(connection, is_dirty=is_dirty)
                return self._sweep_sqlite(connection, is_dirty=is_dirty)
            except OperationalError as error:
                if not is_worth_a_retry(error):
                    raise
                # Somebody holds a table or the file: at the next tick again.
                self._swept_at = self._rows = None
                return False

    def _sweep_sqlite(self, connection: Connection, *, is_dirty: bool) -> bool:
        rows = frozenset(row for table in self._tables for row in self._seen(connection, table))
        # Also when rows only came: a talk that was booked and cancelled since the last look leaves nothing but the
        # form that it spent.
        if self._tables and (is_dirty or rows != self._rows):
            connection.exec_driver_sql("VACUUM")
        self._rows = rows
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return int(busy) == 0

    def _seen(self, connection: Connection, table: Table) -> Iterator[int]:
        """Give a number for each row of *table*, as it stands; of rows that hang on others, for how many there are."""
        parents = [
            column for column in table.columns if any(key.column.table in self._tables for key in column.foreign_keys)
        ]
        rows = select(*parents, func.count()).group_by(*parents) if parents else select(table)
        for row in connection.execute(rows):
            yield hash((table.name, *row))

    def _sweep_postgresql(self, connection: Connection, *, is_dirty: bool) -> bool:
        names = [table.name for table in self._tables]
        if not names:
            return True  # the counts: nothing of a visitor's lies there
        changed = connection.execute(CHANGED_ROWS, {"names": names}).scalar_one()
        if changed == self._swept_at and not is_dirty:
            return True
        if self._swept_at is None:
            self._keep_no_samples(connection)
        for table in self._tables:
            connection.exec_driver_sql(f"VACUUM FULL {_name(connection, table)}")
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")
        self._swept_at = changed
        return True

    def _keep_no_samples(self, connection: Connection) -> None:
        """Let PostgreSQL take no samples of these rows: its catalogue (pg_statistic) would keep them after the rows.

        Nothing is booked before the first tick of a clock, so this comes before the first row.
        """
        for table in self._tables:
            changes = ", ".join(f"ALTER {_name(connection, column)} SET STATISTICS 0" for column in table.columns)
            connection.exec_driver_sql(f"ALTER TABLE {_name(connection, table)} {changes}")


def _name(connection: Connection, of: Table | Column[object]) -> str:
    """Return the name of a table or a column as SQL writes it."""
    return connection.dialect.identifier_preparer.quote(of.name)
