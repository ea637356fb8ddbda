"""The three stores of one test, in files or in a PostgreSQL database of their own."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from helpline.clock.metadatas import METADATA
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.store.schema import upgrade

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Stores:
    """The three stores, and how another process would find them."""

    data_dir: Path
    database_url: str | None
    sessions: Mapping[StoreName, Sessions]

    @property
    def helpline(self) -> Sessions:
        """Return the store that both sites open."""
        return self.sessions[StoreName.HELPLINE]

    @property
    def office(self) -> Sessions:
        """Return the store that the visitors' site cannot open."""
        return self.sessions[StoreName.OFFICE]

    @property
    def counts(self) -> Sessions:
        """Return the store of the counts."""
        return self.sessions[StoreName.COUNTS]


@contextmanager
def opened_stores(data_dir: Path, *, database_url: str | None) -> Iterator[Stores]:
    """Open the three stores, as they are found there; close every connection in the end."""
    opened = {name: open_store(name, data_dir=data_dir, database_url=database_url) for name in METADATA}
    try:
        yield Stores(data_dir=data_dir, database_url=database_url, sessions=opened)
    finally:
        for sessions in opened.values():
            sessions.close()


class Engines:
    """Engines that serve one test after another: what they have compiled is a third of a test's time."""

    def __init__(self, folder: Path) -> None:
        """Open none yet; *folder* gets links to where the files of the test at hand are."""
        self._folder = folder
        self._opened: dict[str | None, Mapping[StoreName, Sessions]] = {}

    @contextmanager
    def over(self, data_dir: Path, *, database_url: str | None) -> Iterator[Stores]:
        """Give the three stores of a test, as they are found there; close every connection in the end."""
        link = self._folder / ("files" if database_url is None else "postgresql")
        link.unlink(missing_ok=True)
        link.symlink_to(data_dir)
        if database_url not in self._opened:
            opened = {name: open_store(name, data_dir=link, database_url=database_url) for name in METADATA}
            self._opened[database_url] = opened
        stores = Stores(data_dir=data_dir, database_url=database_url, sessions=self._opened[database_url])
        try:
            yield stores
        finally:
            for sessions in stores.sessions.values():
                sessions.close()


def upgrade_all(stores: Stores) -> None:
    """Bring the three stores to the newest revision."""
    for name, sessions in stores.sessions.items():
        upgrade(sessions, name=name)


def copy_files(template: Path, *, to: Path) -> None:
    """Copy the SQLite files of the stores below *template*, which nobody has open, *to* another folder."""
    for name in METADATA:
        shutil.copytree(template / name, to / name)


def copy_rows(origin: Stores, *, to: Stores) -> None:
    """Copy every row of *origin* to stores that have the tables and no rows: from one database into another."""
    for name, sessions in origin.sessions.items():
        with sessions.read() as session, to.sessions[name].begin() as copy:
            for table in METADATA[name].sorted_tables:
                rows = [dict(row) for row in session.execute(table.select()).mappings()]
                if rows:
                    copy.execute(table.insert(), rows)


def empty(stores: Stores) -> None:
    """Delete every row of the three stores in PostgreSQL, whatever a test before left there, and whoever it left."""
    with stores.helpline.engine.begin() as connection:
        base, own = connection.exec_driver_sql("SELECT current_database(), pg_backend_pid()").one()
        others = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :base AND pid <> :own")
        connection.execute(others, {"base": base, "own": own})
    for name, sessions in stores.sessions.items():
        with sessions.begin() as session:
            for table in reversed(METADATA[name].sorted_tables):
                session.execute(table.delete())
