"""SIGKILL at every step of a release, and many at once: noise is never drawn twice for the same counts."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from helpline.store.engine import Sessions, StoreName, open_store
from helpline.usage.codebook import Rhythm
from helpline.usage.counting import Counters
from helpline.usage.release import Noise, Release, close, flush, run
from helpline.usage.tables import Flush, LedgerKind, LedgerRow, NoisedCell, Period, ReleasedCell
from tests.support.stores import Stores
from tests.usage.counted import MONDAY

FORK = multiprocessing.get_context("fork")
DAY = timedelta(days=1)
SATURDAY = MONDAY - 2 * DAY
CLOSERS = 8
OFFSET = 1000
"""What the noise of these tests adds for each time that it was drawn: no draw looks like another, nor like two."""


def die_if(*conditions: bool) -> None:
    """End this process as a power cut would, if it is time."""
    if all(conditions):
        os.kill(os.getpid(), signal.SIGKILL)


def telling_noise(log: Path, *, dies_at: int = -1, before: bool = False) -> Noise:
    """Return noise that adds OFFSET times how often it was drawn, and may kill its process at one draw."""

    def noise(values: Sequence[int], epsilon: Fraction) -> list[int]:
        die_if(before, log.stat().st_size == dies_at)
        with log.open("a") as file:
            file.write(".")
        die_if(not before, log.stat().st_size == dies_at)
        return [value + OFFSET * log.stat().st_size for value in values]

    log.touch()
    return noise


def die_at(step: str, sessions: Sessions) -> None:
    """Let this process be killed at one step of the transaction that keeps a flush."""
    wrote: list[str] = []

    def on_statement(connection: object, cursor: object, statement: str, *_: object) -> None:
        die_if(step == "before the first row", statement.startswith("INSERT INTO flush"))
        die_if(step == "between the rows", statement.startswith("INSERT INTO ledger"))
        if statement.startswith("INSERT INTO flush"):
            wrote.append(statement)

    def on_end(at: str) -> Callable[..., None]:
        return lambda *_: die_if(bool(wrote), step == at)

    event.listen(sessions.engine, "before_cursor_execute", on_statement)
    event.listen(sessions.engine, "commit", on_end("before the commit"))
    event.listen(sessions.engine, "checkin", on_end("after the commit"))


def in_a_child(work: Callable[[Sessions], object], stores: Stores) -> int | None:
    """Do *work* in a forked process with its own connections, and return how that process ended."""

    def child() -> None:
        work(open_store(StoreName.COUNTS, data_dir=stores.data_dir, database_url=stores.database_url))

    stores.counts.engine.dispose()
    process = FORK.Process(target=child)
    process.start()
    process.join()
    return process.exitcode


def totals(sessions: Sessions) -> dict[str, int]:
    """Return the working value of every cell of two tables."""
    with sessions.read() as session:
        rows = session.execute(
            select(Period.table_id, NoisedCell.cell, NoisedCell.value).join(Period, NoisedCell.period_id == Period.id)
        )
        return {f"{table} {cell}": value for table, cell, value in rows if table in {"arrival", "lead"}}


PARTS = {
    # Of each rhythm: its cell, the place of that cell's table among those that are drawn, how many tables there are.
    Rhythm.DAY: ("arrival", "nl.k7", 2, 3),
    Rhythm.WEEK: ("lead", "over_7_days", 2, 9),
}


@pytest.fixture(params=list(PARTS))
def rhythm(request: pytest.FixtureRequest) -> Rhythm:
    """Give each rhythm in turn."""
    return Rhythm(request.param)


@pytest.fixture
def of_rhythm(release: Release, rhythm: Rhythm) -> Release:
    """Give a release of the tables of one rhythm alone."""
    (part,) = (part for part in release.codebook.parts if part.flush is rhythm)
    assert len(part.tables) == PARTS[rhythm][3]
    return replace(release, codebook=part)


@pytest.fixture
def part_counters(of_rhythm: Release) -> Iterator[Counters]:
    """Give the counters of those tables."""
    opened = Counters.open(of_rhythm.run_dir, of_rhythm.codebook)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        ("before drawing", 0),
        ("between two tables", 1),
        ("before the first row", 0),
        ("between the rows", 0),
        ("before the commit", 0),
        ("after the commit", 0),
    ],
)
def test_a_flush_that_is_killed_is_finished_once(
    of_rhythm: Release, rhythm: Rhythm, part_counters: Counters, stores: Stores, tmp_path: Path, step: str, seen: int
) -> None:
    """Every cell has its count and exactly one draw; the *seen* draws of a killed process were kept by nobody."""
    table, cell, place, tables = PARTS[rhythm]
    part_counters.count((table, cell))
    log = tmp_path / "draws"
    log.touch()

    def killed(sessions: Sessions) -> None:
        at = {"before drawing": 0, "between two tables": 1}.get(step, -1)
        die_at(step, sessions)
        noise = telling_noise(log, dies_at=at, before=step == "before drawing")
        flush(replace(of_rhythm, sessions=sessions, noise=noise), now=SATURDAY)

    assert in_a_child(killed, stores) == -signal.SIGKILL
    part_counters.count((table, cell))
    again = replace(of_rhythm, noise=telling_noise(log))
    flush(again, now=SATURDAY + timedelta(hours=1))
    flush(again, now=SATURDAY + timedelta(hours=2))

    assert log.stat().st_size == tables + seen
    values = totals(stores.counts)
    assert values.pop(f"{table} {cell}") == OFFSET * (seen + place) + 1
    assert set(values.values()) == {OFFSET * (seen + place)}
    with stores.counts.read() as session:
        assert session.scalar(select(func.count()).select_from(Flush)) == 1
        assert session.scalar(select(func.count()).select_from(LedgerRow)) == tables


def test_what_is_counted_after_a_killed_flush_goes_into_the_next(
    of_rhythm: Release, rhythm: Rhythm, part_counters: Counters, stores: Stores
) -> None:
    table, cell, *_ = PARTS[rhythm]
    part_counters.count((table, cell))

    def killed(sessions: Sessions) -> None:
        die_at("before the commit", sessions)
        flush(replace(of_rhythm, sessions=sessions), now=SATURDAY)

    assert in_a_child(killed, stores) == -signal.SIGKILL
    part_counters.count((table, cell))
    flush(of_rhythm, now=MONDAY)

    assert totals(stores.counts)[f"{table} {cell}"] == 2
    with stores.counts.read() as session:
        assert session.scalar(select(func.count()).select_from(Flush)) == 2


def test_of_many_closers_one_wins_and_its_numbers_stay(release: Release, stores: Stores, tmp_path: Path) -> None:
    run(release, now=SATURDAY)
    flush(release, now=MONDAY)
    log = tmp_path / "draws"
    closing = replace(release, noise=telling_noise(log))
    stores.counts.engine.dispose()
    answers = FORK.SimpleQueue()

    def closer() -> None:
        sessions = open_store(StoreName.COUNTS, data_dir=stores.data_dir, database_url=stores.database_url)
        closed: tuple[str, ...] = ("failed",)
        try:
            closed = close(replace(closing, sessions=sessions), now=MONDAY)
        finally:
            answers.put(closed)

    closers = [FORK.Process(target=closer) for _ in range(CLOSERS)]
    for process in closers:
        process.start()
    closed = [period for _ in closers for period in answers.get()]
    for process in closers:
        process.join()

    assert sorted(closed) == ["arrival/2027-W08", "page/2027-W08", "path/2027-W08"]
    assert log.stat().st_size == len(closed)
    with stores.counts.read() as session:
        cells = session.execute(select(ReleasedCell.period_id, ReleasedCell.value).distinct()).all()
        closes = session.scalar(select(func.count()).where(LedgerRow.kind == LedgerKind.CLOSE))
    assert len(cells) == len(closed) == closes


def test_a_close_that_is_killed_leaves_the_period_as_it_was(release: Release, stores: Stores, tmp_path: Path) -> None:
    run(release, now=SATURDAY)
    flush(release, now=MONDAY)

    def killed(sessions: Sessions) -> None:
        close(replace(release, sessions=sessions, noise=telling_noise(tmp_path / "draws", dies_at=1)), now=MONDAY)

    assert in_a_child(killed, stores) == -signal.SIGKILL
    with stores.counts.read() as session:
        assert session.scalar(select(func.count()).select_from(ReleasedCell)) == 0
    assert close(release, now=MONDAY) == ("arrival/2027-W08", "page/2027-W08", "path/2027-W08")
    assert close(release, now=MONDAY) == ()
