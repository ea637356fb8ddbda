"""Measure what a draw, a booking and the day cost as the past grows, against the smallest past in the same run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from psycopg import Connection as PostgresConnection
from sqlalchemy import Connection

from helpline.callbacks.booking import request_callback
from helpline.callbacks.doors import Door
from helpline.callbacks.draw import draw_times
from helpline.callbacks.due import talks_between
from helpline.callbacks.envelope import Group, Wish
from helpline.callbacks.offered import line_names
from helpline.callbacks.rota import ATOM_MINUTES
from helpline.callbacks.tables import CounsellorId, TalkState
from helpline.settings.programme import Way
from tests.support.postgres import running_postgres
from tests.support.stores import Stores, opened_stores, upgrade_all
from tests.support.world import NOW, World, make_world, token

SIZES = (1_000, 100_000, 1_000_000)
COUNSELLORS = 50
RUNS = 15
MOST = 1.2
"""How much dearer the largest past may make anything."""

ATOMS = 9
"""Half an hour and its buffer."""

BEFORE = timedelta(days=4)
"""The past ends here: what is measured has the same neighbours at every size."""

BATCH = 100_000
TABLES = {
    "booking": ("id", "code_digest", "counsellor_id", "starts_at", "ends_at", "state", "version", "destroy_at"),
    "busy_atom": ("resource", "atom", "booking_id", "destroy_at"),
}
Row = tuple[object, ...]


@dataclass(frozen=True)
class Past:
    """A helpline with so many talks behind it."""

    size: int
    stores: Stores
    world: World


def main() -> int:
    """Print a table for each database; return 1 when the bar is missed."""
    missed = report("SQLite, CPU", measured([None for _ in SIZES], clock=time.process_time))
    with running_postgres() as server, ExitStack() as stack:
        urls = [stack.enter_context(server.fresh_database()) for _ in SIZES]
        missed |= report("PostgreSQL, elapsed", measured(urls, clock=time.perf_counter))
    sys.stdout.write(f"bar: <= {MOST} x\n")
    return missed


def measured(databases: Sequence[str | None], *, clock: Callable[[], float]) -> Mapping[str, Mapping[int, list[float]]]:
    """Return by what was done and by size the milliseconds of RUNS runs, the sizes in turn within each run.

    SQLite works in this process, so its CPU is counted: what else the machine does is no matter then.
    """
    found: dict[str, dict[int, list[float]]] = {name: {size: [] for size in SIZES} for name in WORK}
    with ExitStack() as stack:
        pasts = [stack.enter_context(past_of(size, url=url)) for size, url in zip(SIZES, databases, strict=True)]
        for run in range(RUNS + 1):
            for name, work in WORK.items():
                for past in pasts:
                    began = clock()
                    work(past, run)
                    found[name][past.size].append((clock() - began) * 1000)
    return {name: {size: runs[1:] for size, runs in of_name.items()} for name, of_name in found.items()}


@contextmanager
def past_of(size: int, *, url: str | None) -> Iterator[Past]:
    """Give a helpline of COUNSELLORS with *size* talks behind it, all of their atoms among them."""
    with (
        tempfile.TemporaryDirectory(prefix="kentering-bench-") as name,
        opened_stores(Path(name), database_url=url) as stores,
    ):
        upgrade_all(stores)
        names = [f"counsellor{number}" for number in range(COUNSELLORS)]
        change = ("booked_lines = 2", f"booked_lines = {COUNSELLORS}")
        world = make_world(stores.helpline, Path(name), names=names, change=change)
        with stores.helpline.engine.begin() as connection:
            _fill(connection, "booking", rows=talks(size))
            _fill(connection, "busy_atom", rows=atoms(size, world=world))
        with stores.helpline.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        yield Past(size, stores, world)


def talks(size: int) -> Iterator[Row]:
    """Yield *size* talks, COUNSELLORS at a time, one after the other into the past."""
    for number in range(size):
        starts_at = _start(number) * ATOM_MINUTES * 60
        ends_at, digest = starts_at + 1800, f"digest {number}".encode()
        yield f"past{number}", digest, _who(number), starts_at, ends_at, TalkState.HELD.value, 2, ends_at + 86_400


def atoms(size: int, *, world: World) -> Iterator[Row]:
    """Yield what these talks took, of counsellors and of lines."""
    lines = line_names(world.programme.booked_lines)
    for number in range(size):
        first = _start(number)
        for resource in (_who(number), lines[number % COUNSELLORS]):
            for atom in range(first, first + ATOMS):
                yield resource, atom, f"past{number}", (first + ATOMS) * ATOM_MINUTES * 60 + 86_400


def draw(past: Past, run: int) -> None:
    """Draw the list of a quarter of an hour."""
    if (roster := past.world.desk.roster) is not None:
        with past.stores.helpline.begin() as session:
            draw_times(
                session, programme=past.world.programme, roster=roster, now=NOW + (run + 1) * timedelta(minutes=15)
            )


def book(past: Past, run: int) -> None:
    """Book a time that is free."""
    starts_at = (NOW + timedelta(days=2 + run // 5)).replace(hour=9 + run % 5, minute=0, second=0, microsecond=0)
    wish = Wish(starts_at=starts_at, way=Way.YOU_RING, group=Group.ABOUT_ME, language="nl", number=None, module=0)
    past.stores.helpline.transact(
        lambda session: request_callback(
            session, wish, token=token(f"form {run}"), desk=past.world.desk, now=NOW, door=Door.STAFF
        )
    )


def day(past: Past, run: int) -> None:
    """Ask for the talks of a day, and for all that are kept, as the first page of the back office does."""
    reader = CounsellorId("counsellor0")
    begin = NOW.replace(hour=0, minute=0) + timedelta(days=run % 3)
    with past.stores.helpline.read() as session:
        talks_between(session, reader, first=begin, last=begin + timedelta(days=1), now=NOW)
        talks_between(session, reader, first=NOW - timedelta(days=2), last=NOW + timedelta(days=60), now=NOW)


WORK: Mapping[str, Callable[[Past, int], None]] = {"draw": draw, "booking": book, "day": day}


def report(database: str, found: Mapping[str, Mapping[int, list[float]]]) -> int:
    """Print medians and ratios, and return 1 when a bar is missed."""
    missed = 0
    sys.stdout.write(f"\n{database}, {COUNSELLORS} counsellors; median of {RUNS} runs, in turn, ms (x the first)\n")
    sys.stdout.write(f"{'past talks':<12}" + "".join(f"{size:>20,}" for size in SIZES) + "\n")
    for name, by_size in found.items():
        first, *_ = middles = [statistics.median(by_size[size]) for size in SIZES]
        missed |= max(middles) > MOST * first
        cells = "".join(f"{middle:>13.1f} ({middle / first:.2f})" for middle in middles)
        sys.stdout.write(f"{name:<12}{cells}{'  MISSED' if max(middles) > MOST * first else ''}\n")
        sys.stdout.write(f"{'  slowest':<12}{''.join(f'{max(by_size[size]):>13.1f}       ' for size in SIZES)}\n")
    return missed


def _who(number: int) -> str:
    return f"counsellor{number % COUNSELLORS}"


def _start(number: int) -> int:
    """Return the first atom of a talk of the past."""
    last = int((NOW - BEFORE).timestamp()) // (ATOM_MINUTES * 60)
    return last - (number // COUNSELLORS + 1) * ATOMS


def _fill(connection: Connection, table: str, *, rows: Iterable[Row]) -> None:
    """Insert *rows* by the quickest way that the database has."""
    columns = TABLES[table]
    driver = connection.connection.driver_connection
    if isinstance(driver, PostgresConnection):
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    left = iter(rows)
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - ours
    while batch := list(islice(left, BATCH)):
        connection.exec_driver_sql(insert, batch)


if __name__ == "__main__":
    sys.exit(main())
