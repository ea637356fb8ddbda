"""Make what was deleted unreadable in the database's files, not only in its answers."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, bindparam, text
from sqlalchemy.sql.elements import quoted_name

from helpline.store.engine import Sessions

CHANGED_ROWS = text(
    "SELECT coalesce(sum(n_tup_del + n_tup_upd), 0) FROM pg_stat_user_tables"
    " WHERE schemaname = current_schema() AND relname IN :names"
).bindparams(bindparam("names", expanding=True))


class Residue:
    """What deletions left behind in the files of one store."""

    def __init__(self, sessions: Sessions, *, tables: Sequence[Table]) -> None:
        """Watch *tables* of *sessions*, the small ones that hold rows of visitors."""
        self._sessions = sessions
        self._tables = tables
        self._swept_at: int | None = None

    def sweep(self) -> bool:
        """Wipe what deletions left, and return whether nothing was in the way.

        SQLite has overwritten deleted rows in its pages already (secure_delete); what lies in the WAL goes with a
        truncating checkpoint, whose answer is read: with a reader open it returns busy without an error and the
        deleted bytes stay. PostgreSQL keeps deleted rows in heap and WAL: the tables are written anew, the segment
        is ended and a checkpoint lets it go (with wal_recycle=off).
        """
        with self._sessions.outside() as connection:
            if connection.dialect.name == "postgresql":
                return self._sweep_postgresql(connection)
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return int(busy) == 0

    def _sweep_postgresql(self, connection: Connection) -> bool:
        names = [table.name for table in self._tables]
        if not names:
            return True  # the counts: nothing of a visitor's lies there
        changed = connection.execute(CHANGED_ROWS, {"names": names}).scalar_one()
        if changed == self._swept_at:
            return True
        for table in self._tables:
            connection.exec_driver_sql(f"VACUUM FULL {quoted_name(table.name, quote=True)}")
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")
        self._swept_at = changed
        return True
