"""Workers that count while days are flushed, workers that are killed, a machine that loses its memory."""

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from ctypes import Array, c_int64
from datetime import timedelta
from functools import partial
from itertools import count, cycle
from multiprocessing.sharedctypes import RawArray
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpline.usage.codebook import Codebook
from helpline.usage.counting import Counters
from helpline.usage.release import Release, run
from helpline.usage.tables import Flush, NoisedCell, ReleasedCell
from tests.support.watching import until
from tests.usage.conftest import codebook, counters, release, run_dir
from tests.usage.counted import MONDAY, in_memory

__all__ = ["codebook", "counters", "release", "run_dir"]

FORK = multiprocessing.get_context("fork")
WORKERS = 4
DAY = timedelta(days=1)
SECONDS_BETWEEN = 60
"""Each event has a minute of its own, so that no clamp takes one for a flood."""


def minutes() -> Callable[[], float]:
    """Return a clock on which each look is a minute later."""
    passed = count(step=SECONDS_BETWEEN)
    return lambda: float(next(passed))


def work(run_dir: Path, codebook: Codebook, *, events: int, done: Array[c_int64], worker: int) -> None:
    """Count so many events, one cell after another, and say after each how many they were."""
    counters = Counters.open(run_dir, codebook, clock=minutes())
    cells = cycle(codebook.places)
    for number in range(1, events + 1):
        counters.count(next(cells))
        done[worker] = number


def has_counted(done: Array[c_int64], least: int) -> bool:
    """Return whether a worker has counted more than *least* events."""
    return bool(done[0] > least)


def total(release: Release) -> int:
    """Return the sum of all that was ever counted: in memory, working and released."""
    remembered = sum(in_memory(release.run_dir, release.codebook).values())
    with release.sessions.read() as session:
        kept = (session.scalar(select(func.sum(it.value))) or 0 for it in (NoisedCell, ReleasedCell))
        return remembered + sum(map(int, kept))


@pytest.mark.parametrize("events", [20_000, pytest.param(50_000, marks=pytest.mark.long)])
def test_four_workers_lose_nothing_while_days_are_flushed(
    release: Release, run_dir: Path, codebook: Codebook, events: int
) -> None:
    done = RawArray(c_int64, WORKERS)
    workers = [
        FORK.Process(target=work, args=(run_dir, codebook), kwargs={"events": events, "done": done, "worker": it})
        for it in range(WORKERS)
    ]
    release.sessions.close()
    for worker in workers:
        worker.start()
    nights = 0
    while any(worker.is_alive() for worker in workers):
        nights += run(release, now=MONDAY + nights * DAY).flushed
    for worker in workers:
        worker.join()

    assert list(done) == [events] * WORKERS
    assert nights > 1
    assert total(release) == WORKERS * events


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
def test_a_worker_that_is_ended_anywhere_loses_none(
    release: Release, run_dir: Path, codebook: Codebook, signal_number: signal.Signals, kills: int
) -> None:
    """Each may be ended between counting an event and saying so: that one may be there and not said, and no other."""
    release.sessions.close()
    said = 0
    for number in range(kills):
        done = RawArray(c_int64, 1)
        worker = FORK.Process(
            target=work, args=(run_dir, codebook), kwargs={"events": sys.maxsize, "done": done, "worker": 0}
        )
        worker.start()
        until(partial(has_counted, done, 10 + 7 * number))
        os.kill(worker.pid or 0, signal_number)
        worker.join()
        assert worker.exitcode == -signal_number
        said += done[0]
        run(release, now=MONDAY + number * DAY)

    assert said <= total(release) <= said + kills


def test_a_machine_that_loses_its_memory_loses_the_day(release: Release, codebook: Codebook) -> None:
    before = Counters.open(release.run_dir, codebook)
    before.count(("page", "now"))
    run(release, now=MONDAY)
    before.count(("page", "now"))
    before.close()
    shutil.rmtree(release.run_dir)

    after = Counters.open(release.run_dir, codebook)
    after.count(("page", "now"))
    after.close()
    run(release, now=MONDAY + DAY)

    assert total(release) == 2
    with release.sessions.read() as session:
        assert len(set(session.scalars(select(Flush.day)))) == 2
