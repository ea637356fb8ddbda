"""The walls between the processes, tried from the visitors' side."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from helpline.day_keys import DayKeys
from helpline.store.engine import StoreName, open_store
from tests.support.postgres import PostgresServer
from tests.support.stores import opened_stores, upgrade_all
from tests.support.world import NOW

ROOT = Path(__file__).parents[2]
ROLES = ROOT / "deploy" / "postgresql.sql"
WRITTEN_BY_VISITORS = {"booking", "busy_atom", "envelope", "follow_up", "spent_token"}
UNREAD_BY_VISITORS = {"month_draft", "draft_day", "shift_wish", "shift_offer"}


@pytest.fixture(scope="module")
def divided_database(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """Give a database in which `deploy/postgresql.sql` has put up the wall."""
    with postgres.fresh_database(template=postgres_template) as url:
        with _connect(url) as connection:
            connection.execute(ROLES.read_bytes())
        yield url


def _connect(url: str, *, role: str = "postgres") -> psycopg.Connection:
    address = make_url(url)
    folder = str(address.query["host"])
    return psycopg.connect(host=folder, user=role, dbname=address.database, autocommit=True)


@pytest.mark.parametrize("schema", ["office", "counts"])
def test_the_visitors_role_cannot_read_the_other_stores(divided_database: str, schema: str) -> None:
    with _connect(divided_database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
    assert tables
    with _connect(divided_database, role="kentering_visitors") as visitor:
        for (table,) in tables:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                visitor.execute(sql.SQL("SELECT 1 FROM {}.{}").format(sql.Identifier(schema), sql.Identifier(table)))


def test_the_visitors_role_writes_talks_and_nothing_else(divided_database: str) -> None:
    with _connect(divided_database) as connection:
        writable = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'helpline'::regnamespace"
            " AND has_table_privilege('kentering_visitors', oid, 'INSERT, UPDATE, DELETE')"
        ).fetchall()
    assert {table for (table,) in writable} == WRITTEN_BY_VISITORS


def test_the_visitors_role_reads_what_holds_and_nothing_that_is_planned(divided_database: str) -> None:
    with _connect(divided_database) as connection:
        unread = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'helpline'::regnamespace"
            " AND NOT has_table_privilege('kentering_visitors', oid, 'SELECT')"
        ).fetchall()
    assert {table for (table,) in unread} == UNREAD_BY_VISITORS


def test_the_back_offices_role_can_sweep(divided_database: str) -> None:
    with _connect(divided_database, role="kentering_office") as office:
        office.execute("VACUUM FULL helpline.booking")
        office.execute("SELECT pg_switch_wal()")
        office.execute("CHECKPOINT")


def test_another_user_of_the_machine_opens_neither_office_nor_counts_nor_day_keys(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(0o755)
    with opened_stores(tmp_path, database_url=None) as stores:
        upgrade_all(stores)
    DayKeys(tmp_path / "daykeys").public(NOW.date())
    files = [tmp_path / name / f"{name}.sqlite" for name in (StoreName.OFFICE, StoreName.COUNTS)]
    files += list((tmp_path / "daykeys").glob("*.key"))
    for path in files:
        assert _read_as_nobody(path) == "PermissionError", path
    assert _read_as_nobody(tmp_path / "helpline" / "helpline.sqlite") == "PermissionError"


def test_the_common_group_opens_the_helpline_and_nothing_else(tmp_path: Path) -> None:
    for name in StoreName:
        open_store(name, data_dir=tmp_path)
    modes = {name: (tmp_path / name / f"{name}.sqlite").stat().st_mode & 0o777 for name in StoreName}
    folders = {name: (tmp_path / name).stat().st_mode & 0o7777 for name in StoreName}
    assert modes == {StoreName.HELPLINE: 0o660, StoreName.OFFICE: 0o600, StoreName.COUNTS: 0o600}
    assert folders == {StoreName.HELPLINE: 0o2770, StoreName.OFFICE: 0o700, StoreName.COUNTS: 0o700}


def _read_as_nobody(path: Path) -> str:
    """Return what a process of another user is told when it reads *path*: "read", or the name of the error.

    Only root can become somebody else; anybody else reads the answer off the permissions.
    """
    if os.geteuid() != 0:
        closed = not path.stat().st_mode & stat.S_IROTH or not path.parent.stat().st_mode & stat.S_IXOTH
        return PermissionError.__name__ if closed else "read"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, _try_as_nobody(path).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="ascii") as answer:
        return answer.read()


def _try_as_nobody(path: Path) -> str:
    account = pwd.getpwnam("nobody")
    try:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        path.open("rb").close()
    except OSError as error:
        return type(error).__name__
    return "read"
