"""The sweep works when something went, rests when nothing did, and says when somebody is in its way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import DBAPIError

from helpline.callbacks.tables import Booking, Envelope
from helpline.callbacks.talk import cancel_by_visitor, destroy_number
from helpline.clock.metadatas import METADATA
from helpline.retention import holds_visitors
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.store.residue import Residue
from tests.support.stores import Stores, copy_files, opened_stores
from tests.support.talks import TEN, WISH, request
from tests.support.watching import until
from tests.support.world import NOW, World, make_world


class Sweep:
    """A sweep of the shared store, with connections of its own, and what it said to the database."""

    def __init__(self, sessions: Sessions) -> None:
        """Listen to *sessions*, and sweep once: the first time nobody knows what was there before."""
        self.said: list[str] = []
        event.listen(sessions.engine, "before_cursor_execute", lambda *call: self.said.append(call[2]))
        tables = [table for table in METADATA[StoreName.HELPLINE].sorted_tables if holds_visitors(table)]
        self._residue = Residue(sessions, tables=tables)
        assert self.wrote_anew()

    def wrote_anew(self, *, is_dirty: bool = False) -> bool:
        """Sweep, with nothing in the way, and return whether tables or files were written anew."""
        self.said.clear()
        assert self.sweep(is_dirty=is_dirty)
        return any(statement.startswith("VACUUM") for statement in self.said)

    def sweep(self, *, is_dirty: bool = False) -> bool:
        """Sweep and return whether nothing was in the way."""
        return self._residue.sweep(is_dirty=is_dirty)


@pytest.fixture
def impatient(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sessions]:
    """Give connections that wait a second."""
    monkeypatch.setattr("helpline.store.engine.BUSY_TIMEOUT_SECONDS", 1)
    sessions = open_store(StoreName.HELPLINE, data_dir=stores.data_dir, database_url=stores.database_url)
    yield sessions
    sessions.engine.dispose()


@pytest.fixture
def sweep(world: World, impatient: Sessions) -> Sweep:
    """Give a sweep that has swept once."""
    return Sweep(impatient)


def wrote_anew_in_the_end(stores: Stores, sweep: Sweep) -> bool:
    """Return whether a sweep finds out that something went; PostgreSQL's statistics say it late."""
    if stores.database_url is None:
        return sweep.wrote_anew()
    stores.helpline.engine.dispose()
    until(sweep.wrote_anew)
    return True


def test_a_sweep_rests_when_nothing_went(stores: Stores, world: World, sweep: Sweep) -> None:
    assert not sweep.wrote_anew()
    request(stores.helpline, world)
    sweep.sweep()
    assert not sweep.wrote_anew()


def test_whoever_has_just_deleted_says_so(sweep: Sweep) -> None:
    assert sweep.wrote_anew(is_dirty=True)
    assert not sweep.wrote_anew()


@pytest.mark.parametrize("deed", ["cancelled", "number destroyed", "reader gone", "changed"])
def test_a_sweep_finds_out_what_others_deleted(stores: Stores, world: World, sweep: Sweep, deed: str) -> None:
    receipt = request(stores.helpline, world)
    request(stores.helpline, world, replace(WISH, starts_at=TEN), form="another talk, which stays")
    sweep.sweep()

    with stores.helpline.begin() as session:
        if deed == "cancelled":
            cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)
        if deed == "number destroyed":
            destroy_number(session, receipt.code, desk=world.desk, now=NOW)
        if deed == "reader gone":
            session.delete(session.scalars(select(Envelope)).first())
        if deed == "changed":
            session.execute(update(Booking).values(version=7))

    assert wrote_anew_in_the_end(stores, sweep)
    assert not sweep.wrote_anew()


def test_a_talk_that_came_in_place_of_another_does_not_hide_it(stores: Stores, world: World, sweep: Sweep) -> None:
    receipt = request(stores.helpline, world)
    sweep.sweep()
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)
    request(stores.helpline, world, form="another")

    assert wrote_anew_in_the_end(stores, sweep)


def test_a_talk_that_came_and_went_between_two_sweeps_is_found_out(stores: Stores, world: World, sweep: Sweep) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)

    assert wrote_anew_in_the_end(stores, sweep)
    assert not sweep.wrote_anew()


def test_a_sweep_that_somebody_is_in_the_way_of_says_so_and_comes_back(
    stores: Stores, world: World, sweep: Sweep
) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)
    with stores.helpline.begin() as session:  # a writer, who holds the table and the file
        session.execute(update(Booking).values(version=1))
        session.connection().exec_driver_sql("SELECT 1")

        assert not sweep.sweep(is_dirty=True)
    assert sweep.wrote_anew()


def test_the_wal_of_a_swept_file_is_empty(tmp_path: Path, sqlite_template: Path) -> None:
    copy_files(sqlite_template, to=tmp_path)
    wal = tmp_path / "helpline" / "helpline.sqlite-wal"
    with opened_stores(tmp_path, database_url=None) as stores:
        make_world(stores.helpline, tmp_path)
        assert wal.stat().st_size > 0

        assert Residue(stores.helpline, tables=[]).sweep(is_dirty=False)

        assert wal.stat().st_size == 0


def test_a_store_without_tables_of_visitors_is_only_checkpointed(stores: Stores, impatient: Sessions) -> None:
    said: list[str] = []
    event.listen(impatient.engine, "before_cursor_execute", lambda *call: said.append(call[2]))

    assert Residue(impatient, tables=[]).sweep(is_dirty=True)
    assert not any(statement.startswith(("VACUUM", "SELECT")) for statement in said)


def test_another_error_than_a_busy_one_is_raised(stores: Stores, impatient: Sessions) -> None:
    with stores.helpline.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE envelope RENAME TO hidden")
    tables = [METADATA[StoreName.HELPLINE].tables["envelope"]]
    try:
        with pytest.raises(DBAPIError, match="envelope"):
            Residue(impatient, tables=tables).sweep(is_dirty=True)
    finally:
        with stores.helpline.begin() as session:
            session.connection().exec_driver_sql("ALTER TABLE hidden RENAME TO envelope")
