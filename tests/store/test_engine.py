"""Every connection forgets safely, a reader cannot write, and whoever meets another writer tries again."""

import os
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg import errors as sqlstate_errors
from sqlalchemy import insert, select, text, update
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from helpline.callbacks.tables import BusyAtom, Counsellor, SpentToken
from helpline.clock.lease import take_lease
from helpline.clock.tables import Lease
from helpline.store.engine import (
    ATTEMPTS,
    BUSY_TIMEOUT_SECONDS,
    FILE_MODES,
    FOLDER_MODES,
    Sessions,
    StoreName,
    is_worth_a_retry,
    open_store,
    store_url,
)
from tests.support.stores import Stores
from tests.support.world import NOW

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "temp_store": 2,
    "busy_timeout": BUSY_TIMEOUT_SECONDS * 1000,
}
SECRET = "a-canary-that-nobody-may-print"


def add_counsellors(session: Session, *names: str) -> None:
    for name in names:
        session.add(Counsellor(id=name, alias=name, languages="nl", youth=False, active=True))
        session.flush()


def names(stores: Stores) -> list[str]:
    with stores.helpline.read() as session:
        return list(session.scalars(select(Counsellor.alias)))


@pytest.mark.parametrize("name", StoreName)
def test_every_connection_has_every_pragma(tmp_path: Path, name: StoreName) -> None:
    sessions = open_store(name, data_dir=tmp_path)
    with sessions.begin():
        pass  # used and given back before
    # All at once, so that each is a connection of its own.
    with sessions.read() as one, sessions.read() as another, sessions.outside() as outside:
        for connection in (one.connection(), another.connection(), outside):
            found = {pragma: connection.execute(text(f"PRAGMA {pragma}")).scalar() for pragma in PRAGMAS}
            assert found == PRAGMAS
    sessions.engine.dispose()


def test_a_connection_to_postgresql_knows_its_schema_its_patience_and_no_zone(
    postgres_home: str, tmp_path: Path
) -> None:
    sessions = open_store(StoreName.OFFICE, data_dir=tmp_path, database_url=postgres_home)
    with sessions.read() as session:
        shown = {
            name: session.execute(text(f"SHOW {name}")).scalar() for name in ("search_path", "lock_timeout", "TimeZone")
        }
    sessions.engine.dispose()

    assert shown == {"search_path": "office", "lock_timeout": f"{BUSY_TIMEOUT_SECONDS}s", "TimeZone": "UTC"}


@pytest.mark.parametrize(
    "address", ["postgresql://u:p@h/d", "postgres+psycopg2://u:p@h/d", "postgresql+psycopg://u:p@h/d"]
)
def test_an_address_of_any_dialect_is_opened_with_ours(tmp_path: Path, address: str) -> None:
    url = store_url(StoreName.HELPLINE, data_dir=tmp_path, database_url=address)

    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.database) == ("u", "p", "h", "d")


def test_a_store_without_an_address_is_a_file_of_its_own(tmp_path: Path) -> None:
    paths = {store_url(name, data_dir=tmp_path, database_url=None).database for name in StoreName}

    assert paths == {str(tmp_path / name / f"{name}.sqlite") for name in StoreName}


def test_what_was_written_stays_and_what_failed_does_not(stores: Stores) -> None:
    with stores.helpline.begin() as session:
        add_counsellors(session, "anna")
    with pytest.raises(IntegrityError), stores.helpline.begin() as session:
        add_counsellors(session, "bram", "anna")

    assert names(stores) == ["anna"]


def test_the_database_itself_refuses_to_write_while_reading(stores: Stores) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), stores.helpline.read() as session:
        add_counsellors(session, "anna")
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), stores.helpline.read() as session:
        session.execute(text("CREATE TABLE slipped_in (a integer)"))

    assert names(stores) == []


def test_a_connection_that_read_can_write_the_next_time_and_the_other_way_round(stores: Stores) -> None:
    for name in ("anna", "bram"):
        assert len(names(stores)) == ("anna", "bram").index(name)
        with stores.helpline.begin() as session:
            add_counsellors(session, name)
        with pytest.raises(DBAPIError), stores.helpline.read() as session:
            add_counsellors(session, "carla")

    assert names(stores) == ["anna", "bram"]


def test_a_writer_does_not_wait_for_a_reader(stores: Stores) -> None:
    with stores.helpline.read() as session:
        assert session.scalars(select(Counsellor)).all() == []
        with stores.helpline.begin() as writing:
            add_counsellors(writing, "anna")

    assert names(stores) == ["anna"]


@pytest.mark.parametrize("fault", ["unique", "check", "missing"])
def test_an_error_never_prints_what_was_stored(stores: Stores, fault: str) -> None:
    """Neither the values of a statement nor the failing row, which PostgreSQL repeats by itself."""
    secret = SECRET.encode()

    def twice(session: Session) -> None:
        for _ in range(2):
            session.execute(insert(SpentToken), {"digest": secret, "destroy_at": NOW})

    def causeless(session: Session) -> None:
        session.execute(insert(BusyAtom), {"resource": SECRET, "atom": 1, "destroy_at": NOW})

    def motherless(session: Session) -> None:
        atom = {"resource": "anna", "atom": 1, "booking_id": SECRET, "destroy_at": NOW}
        session.execute(insert(BusyAtom), atom)

    deed = {"unique": twice, "check": causeless, "missing": motherless}[fault]
    with pytest.raises(IntegrityError) as error, stores.helpline.begin() as session:
        deed(session)

    told = "".join(traceback.format_exception(error.value))
    for written in (SECRET, secret.hex(), repr(secret)):
        assert written not in told
    assert error.value.orig is not None


def test_an_error_without_a_row_says_what_is_wrong(stores: Stores) -> None:
    with pytest.raises((ProgrammingError, OperationalError), match="no_such_table"), stores.helpline.begin() as session:
        session.execute(text("SELECT * FROM no_such_table"))


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o007])
def test_files_are_born_with_their_final_permissions(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        for name in StoreName:
            sessions = open_store(name, data_dir=tmp_path / "data")
            with sessions.begin() as session:
                session.execute(text("CREATE TABLE a (b integer)"))
                modes = {path.name: path.stat().st_mode & 0o7777 for path in (tmp_path / "data" / name).iterdir()}
            assert modes == {f"{name}.sqlite{end}": FILE_MODES[name] for end in ("", "-wal", "-shm")}
            assert (tmp_path / "data" / name).stat().st_mode & 0o7777 == FOLDER_MODES[name]
            sessions.engine.dispose()
    finally:
        os.umask(old)


def test_nobody_but_the_two_sites_reads_the_shared_store_and_nobody_but_the_office_the_others() -> None:
    assert FILE_MODES == {StoreName.HELPLINE: 0o660, StoreName.OFFICE: 0o600, StoreName.COUNTS: 0o600}
    assert FOLDER_MODES == {StoreName.HELPLINE: 0o2770, StoreName.OFFICE: 0o700, StoreName.COUNTS: 0o700}


def test_a_file_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    sessions = open_store(StoreName.OFFICE, data_dir=tmp_path)
    path = tmp_path / "office" / "office.sqlite"
    path.chmod(0o640)
    sessions.engine.dispose()

    open_store(StoreName.OFFICE, data_dir=tmp_path).engine.dispose()

    assert path.stat().st_mode & 0o777 == 0o640


class InTheWay:
    """Another writer, who holds the lease's row until it was asked for often enough."""

    def __init__(self, other: Sessions, *, leaves_after: int) -> None:
        """Begin to write with *other*, and leave when so many have tried in vain."""
        self._stack = ExitStack()
        session = self._stack.enter_context(other.begin())
        session.execute(update(Lease).values(holder="another writer"))
        self._leaves_after = leaves_after
        self.tries = 0

    def tried(self) -> None:
        """Count a try, and leave after the last."""
        if self.tries == self._leaves_after:
            self.leave()
        self.tries += 1

    def leave(self) -> None:
        """End."""
        self._stack.close()


@pytest.fixture
def impatient(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """Give transactions that wait for nobody, on a store that holds a lease."""
    with stores.helpline.begin() as session:
        take_lease(session, holder="nobody", now=NOW)
    monkeypatch.setattr("helpline.store.engine.BUSY_TIMEOUT_SECONDS", 0)
    sessions = open_store(StoreName.HELPLINE, data_dir=stores.data_dir, database_url=stores.database_url)
    yield sessions
    sessions.engine.dispose()


def lease(session: Session, *, other: InTheWay) -> str:
    if session.get_bind().dialect.name == "postgresql":
        other.tried()
        session.execute(text("SET LOCAL lock_timeout = '1ms'"))
    session.execute(update(Lease).values(until=NOW + timedelta(hours=1)))
    return "mine"


def transact(impatient: Sessions, other: InTheWay) -> str:
    """Write the lease; on SQLite a writer is in the way before its work begins, at BEGIN."""
    if impatient.engine.dialect.name == "sqlite":
        listen(impatient.engine, "checkout", lambda *_: other.tried())
    return impatient.transact(lambda session: lease(session, other=other))


@pytest.mark.parametrize("times", [0, 1, ATTEMPTS - 1])
def test_a_transaction_is_tried_again_while_another_writer_is_in_the_way(
    stores: Stores, impatient: Sessions, times: int
) -> None:
    other = InTheWay(stores.helpline, leaves_after=times)

    assert transact(impatient, other) == "mine"
    assert other.tries == times + 1


def test_a_transaction_is_tried_so_often_and_no_more(stores: Stores, impatient: Sessions) -> None:
    other = InTheWay(stores.helpline, leaves_after=1000)

    with pytest.raises(OperationalError) as error:
        transact(impatient, other)
    other.leave()

    assert is_worth_a_retry(error.value)
    assert other.tries == ATTEMPTS


def test_an_error_that_no_retry_mends_is_raised_at_once(stores: Stores) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises((OperationalError, ProgrammingError)):
        stores.helpline.transact(work)
    assert len(tries) == 1


@pytest.mark.parametrize("state", ["40P01", "40001", "55P03"])
def test_deadlock_serialisation_and_lock_timeout_are_worth_a_retry(state: str) -> None:
    refused = sqlstate_errors.lookup(state)()

    assert is_worth_a_retry(DBAPIError("", None, refused))


def test_a_database_that_shuts_down_is_not_worth_a_retry() -> None:
    assert not is_worth_a_retry(DBAPIError("", None, sqlstate_errors.lookup("57P01")()))
