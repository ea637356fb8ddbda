"""Draw the noise: a day's counts go into the store, a finished period is published. The only door to OpenDP.

A process of its own, started by the clock: samplers leak their noise through time, so none runs in a request.
"""

import fcntl
import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import opendp.prelude as dp
from sqlalchemy.orm import Session

from helpline.settings.environment import OfficeSettings
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.usage.codebook import STORE_EPSILON, Codebook, Rhythm
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counter_file import BadCounterFileError, CounterFile, counter_paths, shared_folder
from helpline.usage.ledger import (
    FlushKey,
    close_period,
    due_periods,
    is_flush_due,
    is_flushed,
    noised_values,
    table_of,
    write_flush,
    write_release,
)
from helpline.usage.periods import counted_day, visible_at

log = logging.getLogger(__name__)

LOCK = "release.lock"

Noise = Callable[[Sequence[int], Fraction], list[int]]
"""Adds independent noise for an epsilon to every number of a table; sensitivity 1."""

dp.enable_features("contrib")


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: how many files it flushed, which periods it closed, whether another run was at work."""

    flushed: int = 0
    closed: tuple[str, ...] = ()
    busy: bool = False


def add_noise(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Return *values*, each with its own discrete Laplace noise at *epsilon*: pure, for an L1 distance of 1."""
    return list(_mechanism(epsilon)(list(values)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Everything that a release works with; ``noise`` is another one in tests only."""

    sessions: Sessions
    run_dir: Path
    codebook: Codebook
    host: str
    zone: ZoneInfo
    noise: Noise = add_noise


def run_release(settings: OfficeSettings, *, now: datetime, early: bool = False) -> Report:
    """Do a run with the stores and the programme of *settings*, for the machine that this process runs on.

    *early*: flush what has not been flushed today, though its week is not over; before the machine goes down.
    """
    release = Release(
        sessions=open_store(StoreName.COUNTS, data_dir=settings.data_dir, database_url=settings.database_url),
        run_dir=settings.run_dir,
        codebook=read_codebook(settings.programme),
        host=socket.gethostname(),
        zone=settings.programme.zone,
    )
    try:
        return run(release, now=now, early=early)
    finally:
        release.sessions.engine.dispose()


def run(release: Release, *, now: datetime, early: bool = False) -> Report:
    """Flush this host's counters if it is their day (or *early*), close what is due, and say what was done.

    May be called at any time and as often as one likes: a day is flushed once, a period is closed once. Days on
    which nobody called are caught up: what was counted since goes to the period of the day before the call; a
    week in which nothing was flushed has no period, so the files show a gap and not a row of zeros.
    """
    with _alone(shared_folder(release.run_dir)) as is_alone:
        if not is_alone:
            return Report(busy=True)
        return Report(flushed=flush(release, now=now, early=early), closed=close(release, now=now))


def flush(release: Release, *, now: datetime, early: bool = False) -> int:
    """Move what was counted on this host into the store, with noise on every cell; return of how many files.

    Every cell of every table gets noise, zeros too, also when nothing happened. Noise is drawn once: it is kept
    beside the counts before anything is written, and a crash at any step uses it again or not at all.
    """
    folder = shared_folder(release.run_dir)
    for part in release.codebook.parts:
        CounterFile.open(folder, codebook=part).close()
    return sum(_flush_path(release, path, now=now, early=early) for path in counter_paths(folder))


def close(release: Release, *, now: datetime) -> tuple[str, ...]:
    """Release every period that has ended and that all hosts have added to; return their ids.

    Of several that try at once, one closes a period; its numbers are drawn in that one transaction.
    """
    with release.sessions.read() as session:
        due = due_periods(session, day=counted_day(now, zone=release.zone))
    return tuple(period_id for period_id in due if _close_period(release, period_id, now=now))


def _close_period(release: Release, period_id: str, *, now: datetime) -> bool:
    def work(session: Session) -> bool:
        if not close_period(session, period_id, visible_at=visible_at(now, zone=release.zone)):
            return False
        working = noised_values(session, period_id)
        released = release.noise(list(working.values()), table_of(session, period_id).epsilon)
        write_release(session, period_id, released=dict(zip(working, released, strict=True)), now=now)
        return True

    return release.sessions.transact(work)


def _flush_path(release: Release, path: Path, *, now: datetime, early: bool) -> bool:
    try:
        file = CounterFile.found(path)
    except BadCounterFileError:
        log.warning("a damaged counters' file is taken away: what was in it is lost")
        path.unlink(missing_ok=True)
        return False
    with closing(file):
        # Of another codebook, and no process has it open any more: this is its last flush.
        is_last = file.codebook not in release.codebook.parts and file.hold_alone()
        is_flushed_now = _flush_file(release, file, now=now, early=early)
        if is_last and is_flushed_now:
            path.unlink()
        return is_flushed_now


def _flush_file(release: Release, file: CounterFile, *, now: datetime, early: bool) -> bool:
    """Finish what a crash left, then flush what was counted if it is due; return whether it was."""
    _finish(release, file, now=now)
    today = counted_day(now, zone=release.zone)
    with release.sessions.read() as session:
        key, rhythm = _key(release, file, day=today), Rhythm.DAY if early else file.codebook.flush
        if not is_flush_due(session, key, rhythm=rhythm):
            return False
    file.move(today)
    _finish(release, file, now=now)
    return True


def _finish(release: Release, file: CounterFile, *, now: datetime) -> None:
    """Bring the flush that *file* waits for into the store, unless it is there; then forget what waited."""
    day = file.pending_day
    if day is None:
        return
    key = _key(release, file, day=day)
    with release.sessions.read() as session:
        is_in_store = is_flushed(session, key)
    if not is_in_store:
        noised = file.drawn(lambda counts: _noised(release, file.codebook, counts=counts))
        release.sessions.transact(
            lambda session: write_flush(session, key, codebook=file.codebook, noised=noised, now=now)
        )
    file.finish()


def _noised(release: Release, codebook: Codebook, *, counts: Sequence[int]) -> list[int]:
    """Return *counts* with noise for the store, table by table in the order of the codebook."""
    noised: list[int] = []
    for table in codebook.tables:
        start = len(noised)
        noised += release.noise(counts[start : start + len(table.cells)], STORE_EPSILON)
    return noised


def _key(release: Release, file: CounterFile, *, day: date) -> FlushKey:
    return FlushKey(host=release.host, day=day, codebook=file.codebook.digest)


@cache
def _mechanism(epsilon: Fraction) -> dp.Measurement:
    """Return the mechanism, after its own proof says that it costs no more than *epsilon*."""
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    mechanism = dp.m.make_laplace(*space, scale=float(1 / epsilon))
    if mechanism.map(1) > float(epsilon):
        raise ArithmeticError(f"the mechanism costs more than {epsilon}")
    return mechanism


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Yield whether no other release runs on this host; the lock goes with the process that holds it."""
    descriptor = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
