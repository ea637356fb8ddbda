"""A contended insert answers with a row count, and whoever waits for a turn gets it."""

from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from helpline.callbacks.tables import SpentToken
from helpline.store.engine import StoreName, is_worth_a_retry, open_store
from helpline.store.writing import BOOKING_LOCK, insert_free, wait_for_turn
from tests.support.stores import Stores
from tests.support.world import NOW

BLOCKED_SECONDS = 0.3
"""Whoever is not blocked is done long before."""


def row(digest: bytes) -> dict[str, object]:
    return {"digest": digest, "replay_until": None, "destroy_at": NOW}


def test_an_insert_says_how_many_keys_were_free(stores: Stores) -> None:
    with stores.helpline.begin() as session:
        assert insert_free(session, SpentToken, rows=[row(b"1")]) == 1
        assert insert_free(session, SpentToken, rows=[row(b"1")]) == 0
        assert insert_free(session, SpentToken, rows=[row(b"1"), row(b"2"), row(b"3")]) == 2
        assert insert_free(session, SpentToken, rows=[]) == 0

    with stores.helpline.read() as session:
        assert session.scalar(select(func.count()).select_from(SpentToken)) == 3


def test_many_rows_go_in_one_call(stores: Stores) -> None:
    """More than a statement of SQLite takes values."""
    rows = [row(number.to_bytes(4, "big")) for number in range(12_000)]

    with stores.helpline.begin() as session:
        assert insert_free(session, SpentToken, rows=rows) == len(rows)
        assert insert_free(session, SpentToken, rows=rows) == 0


def second_waits(stores: Stores, *, lock: int) -> bool:
    """Return whether somebody who wants *lock* waits while another holds the lock of bookings."""
    done = Event()

    def second() -> None:
        with stores.helpline.begin() as session:
            wait_for_turn(session, lock=lock)
            session.connection()  # SQLite waits as the transaction begins, which is with the first statement
        done.set()

    thread = Thread(target=second)
    with stores.helpline.begin() as session:
        wait_for_turn(session)
        session.connection()
        thread.start()
        waited = not done.wait(BLOCKED_SECONDS)
    thread.join()
    assert done.is_set()
    return waited


def test_one_writer_has_its_turn_at_a_time(stores: Stores) -> None:
    assert second_waits(stores, lock=BOOKING_LOCK)


def test_on_postgresql_another_turn_waits_for_nobody(stores: Stores) -> None:
    """SQLite has one writer; there every turn is the same."""
    assert second_waits(stores, lock=BOOKING_LOCK + 1) is (stores.database_url is None)


def test_whoever_waits_in_vain_is_told_and_waits_as_long_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer of SQLite waits by our own loop, and the connection must not stay as impatient as that looks."""
    monkeypatch.setattr("helpline.store.engine.BUSY_TIMEOUT_SECONDS", 1)
    one, other = (open_store(StoreName.HELPLINE, data_dir=tmp_path) for _ in range(2))
    with one.begin() as session:
        session.execute(text("CREATE TABLE held (number INTEGER)"))
        with pytest.raises(OperationalError, match="locked") as refused, other.begin() as waiting:
            waiting.execute(text("SELECT 1"))
    with other.begin() as waiting:
        assert waiting.scalar(text("PRAGMA busy_timeout")) == 1000
    one.close()
    other.close()
    assert is_worth_a_retry(refused.value)
