"""Open a store: one place for every pragma, timeout and transaction."""

import enum
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

Result = TypeVar("Result")

BUSY_TIMEOUT_SECONDS = 10
"""A writer waits this long for another before it gives up (scheduling.md asks for at least 5)."""

LONGEST_NAP_SECONDS, PATIENT_SECONDS = 0.004, 0.05
"""How long a writer of SQLite sleeps between two looks, and after how long it looks twice as often."""

PRIMARY_CODE = 0xFF
"""The part of SQLite's error code that says what, without the part that says why."""

ATTEMPTS = 6
"""One try and at most five retries when two writers met (scheduling.md, "One arbiter" 3)."""

WORTH_A_RETRY = frozenset({"40P01", "40001", "55P03"})
"""PostgreSQL: deadlock detected, serialisation failure, lock not available."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
"""Per connection, not per file: SecureDrop set secure_delete once and lost it (contacts.md)."""


class StoreName(enum.StrEnum):
    """The three stores, by trust."""

    HELPLINE = "helpline"
    OFFICE = "office"
    COUNTS = "counts"


FILE_MODES = {StoreName.HELPLINE: 0o660, StoreName.OFFICE: 0o600, StoreName.COUNTS: 0o600}
FOLDER_MODES = {StoreName.HELPLINE: 0o2770, StoreName.OFFICE: 0o700, StoreName.COUNTS: 0o700}


class Sessions:
    """Transactions on one store: ``begin()`` to write, ``read()`` for a GET, which cannot write."""

    def __init__(self, engine: Engine) -> None:
        """Keep *engine* and a second face of it whose transactions are read-only."""
        self.engine = engine
        self._reading = engine.execution_options(reading=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a writing transaction; commit at the end of the block, roll back on an exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction in which the database itself refuses to write."""
        with Session(self._reading, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def outside(self) -> Iterator[Connection]:
        """Open a connection outside any transaction, for a checkpoint or a table that is written anew."""
        if self.engine.dialect.name == "postgresql":
            engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        else:
            engine = self.engine.execution_options(outside=True)
        with engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection that no transaction holds."""
        self.engine.dispose()

    def transact(self, work: Callable[[Session], Result]) -> Result:
        """Return what *work* returns from its own transaction, tried again when two writers met.

        Raises:
            OperationalError: the database is gone, or still busy after the last try.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                with self.begin() as session:
                    return work(session)
            except OperationalError as error:
                if not is_worth_a_retry(error):
                    raise
        with self.begin() as session:
            return work(session)


def is_worth_a_retry(error: DBAPIError) -> bool:
    """Return whether *error* says that another writer was in the way."""
    return getattr(error.orig, "sqlstate", None) in WORTH_A_RETRY or "database is locked" in str(error.orig)


def store_url(name: StoreName, *, data_dir: Path, database_url: str | None) -> URL:
    """Return where store *name* lies: a schema of *database_url*, or a file of its own below *data_dir*."""
    if database_url is None:
        return URL.create("sqlite", database=str(data_dir / name / f"{name}.sqlite"))
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    settings = f"-c search_path={name} -c lock_timeout={BUSY_TIMEOUT_SECONDS}s -c TimeZone=UTC"
    return url.update_query_dict({"options": settings})


def open_store(name: StoreName, *, data_dir: Path, database_url: str | None = None) -> Sessions:
    """Return transactions on store *name*; a SQLite file is born with its final permissions."""
    url = store_url(name, data_dir=data_dir, database_url=database_url)
    # hide_parameters: an error must never print what a visitor chose.
    engine = create_engine(url, hide_parameters=True, connect_args=_connect_arguments(url))
    if url.get_backend_name() == "sqlite":
        _make_private(Path(str(url.database)), name=name)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "begin", _on_postgresql_begin)
        event.listen(engine, "handle_error", _on_postgresql_error)
    return Sessions(engine)


def _connect_arguments(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        # isolation_level None: we say BEGIN ourselves, so that a writer can say BEGIN IMMEDIATE.
        return {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}
    return {"connect_timeout": BUSY_TIMEOUT_SECONDS}


def _make_private(path: Path, *, name: StoreName) -> None:
    """Create the file before SQLite does: SQLite would make it readable for everybody."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.parent.stat().st_uid == os.geteuid():
        path.parent.chmod(FOLDER_MODES[name])
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODES[name]))
        path.chmod(FILE_MODES[name])


def _on_sqlite_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("outside", False):
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        return
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    if reading:
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_to_write(connection)


def _begin_to_write(connection: Connection) -> None:
    """Begin as soon as no other writes, who waits longest most likely first; after BUSY_TIMEOUT_SECONDS give up.

    SQLite's own wait sleeps longer the longer it lasts, so whoever comes later goes first: of eight processes that
    booked without a pause, one waited for 6 seconds, and for 26 on a busy machine.
    """
    cursor, began = connection.connection.cursor(), time.monotonic()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while (waited := time.monotonic() - began) < BUSY_TIMEOUT_SECONDS:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(LONGEST_NAP_SECONDS / (1 + waited / PATIENT_SECONDS))
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}")
        cursor.close()


def _on_postgresql_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _on_postgresql_error(context: ExceptionContext) -> None:
    """Take the values of the failing row out of an error: PostgreSQL repeats them, whatever hide_parameters says."""
    error, raised = context.original_exception, context.sqlalchemy_exception
    said = getattr(error, "diag", None)
    if raised is not None and said is not None and said.message_detail:
        error.args = (said.message_primary,)
        raised.args = (f"({type(error).__name__}) {said.message_primary}",)
