"""One file for ever: whoever closes, however many at once, and wherever they are killed."""

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from helpline.store.engine import Sessions, StoreName, open_store
from helpline.usage.counting import Counters
from helpline.usage.export import FileKind, file_of
from helpline.usage.release import Release, add_noise, close, flush, run
from helpline.usage.released import released_periods
from tests.support.stores import Stores
from tests.usage.conftest import codebook, counters, release, run_dir
from tests.usage.counted import MONDAY

__all__ = ["codebook", "counters", "release", "run_dir"]

FORK = multiprocessing.get_context("fork")
CLOSERS, EXPORTS = 8, 100
TUESDAY = MONDAY + timedelta(hours=30)
WEEKLY = 3
"""The tables of a week."""


def opened(stores: Stores) -> Sessions:
    """Return connections of one's own, as after a restart."""
    return open_store(StoreName.COUNTS, data_dir=stores.data_dir, database_url=stores.database_url)


def digest(sessions: Sessions) -> str:
    """Return the SHA-256 of everything that can be exported."""
    said = hashlib.sha256()
    with sessions.read() as session:
        for table in ("path", "arrival", "page"):
            periods = released_periods(session, table=table, now=TUESDAY)
            assert len(periods) == 1
            for kind in FileKind:
                said.update(file_of(session, periods=periods, language="en", kind=kind))
    return said.hexdigest()


def killed(work: Callable[[], object], *, at: str, sessions: Sessions) -> None:
    """Do *work* in a process that is killed *at* the end of its third writing transaction: before or after it."""
    wrote: list[str] = []

    def on_statement(*call: object) -> None:
        if str(call[2]).startswith("INSERT INTO release"):
            wrote.append(at)

    def on_end(*_: object) -> None:
        if len(wrote) == WEEKLY:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(sessions.engine, "before_cursor_execute", on_statement)
    event.listen(sessions.engine, {"before": "commit", "after": "checkin"}[at], on_end)
    work()


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_hundred_exports_a_restart_a_kill_and_eight_closers_give_one_file(
    release: Release, counters: Counters, stores: Stores, at: str
) -> None:
    release = replace(release, noise=add_noise)
    run(release, now=MONDAY - timedelta(days=2))
    counters.count(("arrival", "nl.k7"))
    flush(release, now=MONDAY)
    stores.counts.close()
    answers = FORK.SimpleQueue()

    def dies() -> None:
        own = opened(stores)
        killed(lambda: close(replace(release, sessions=own), now=MONDAY), at=at, sessions=own)

    def closes() -> None:
        own = opened(stores)
        close(replace(release, sessions=own), now=MONDAY)
        answers.put(digest(own))

    dying = FORK.Process(target=dies)
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    closers = [FORK.Process(target=closes) for _ in range(CLOSERS)]
    for process in closers:
        process.start()
    digests = [answers.get() for _ in closers] + [digest(stores.counts) for _ in range(EXPORTS)]
    for process in closers:
        process.join()
    restarted = opened(stores)
    digests.append(digest(restarted))
    assert run(replace(release, sessions=restarted), now=MONDAY + timedelta(hours=4)).closed == ()
    digests.append(digest(restarted))
    restarted.close()

    assert len(set(digests)) == 1
