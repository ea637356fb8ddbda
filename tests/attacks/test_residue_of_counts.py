"""What lies on disk, byte by byte: neither what was really counted, nor in which order people came."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from sqlalchemy import event

from helpline.clock.metadatas import METADATA
from helpline.store.engine import StoreName
from helpline.usage.codebook import ARRIVAL_TABLE, Codebook
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counter_file import CounterFile, counter_paths, shared_folder
from helpline.usage.counting import Counters
from helpline.usage.release import Release, close, flush
from tests.support.search import files
from tests.support.stores import Stores, copy_files, opened_stores
from tests.support.world import programme
from tests.usage.counted import AMSTERDAM, MONDAY

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

EXACT = 0x5A17C0DE42
"""A number of arrivals that no other number looks like, in whatever way it is written."""

NOISE = 0x0101010101
"""What the noise of these tests adds, so that a number with noise can be found as well."""

EVENTS = 40
FRAME, WAL_HEADER = 24, 32
"""What stands before each page in a SQLite WAL, and before all of them: salts, drawn at random."""


def plain_noise(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Add NOISE to every number."""
    del epsilon
    return [value + NOISE for value in values]


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    """Give the codebook of the invented programme."""
    return read_codebook(programme(tmp_path))


def release_of(stores: Stores, folder: Path, codebook: Codebook) -> Release:
    """Return a release with a noise that can be told from what was counted."""
    sessions = stores.counts
    return Release(sessions=sessions, run_dir=folder, codebook=codebook, host="one", zone=AMSTERDAM, noise=plain_noise)


def ways(value: int) -> list[bytes]:
    """Return how *value* may be written: in SQLite's and PostgreSQL's numbers, or as text."""
    return [value.to_bytes(5, "big"), value.to_bytes(8, "little"), str(value).encode()]


def holds(folder: Path, value: int) -> bool:
    """Return whether any file below *folder* holds *value*."""
    contents = (path.read_bytes() for path in files(folder))
    return any(way in content for content in contents for way in ways(value))


def backed_up(stores: Stores, *, to: Path) -> None:
    """Copy the store of the counts as operations.md says, and once more as a file that is written anew."""
    to.mkdir()
    with closing(sqlite3.connect(stores.data_dir / StoreName.COUNTS / f"{StoreName.COUNTS}.sqlite")) as origin:
        with closing(sqlite3.connect(to / "backup.sqlite")) as backup:
            origin.backup(backup)
        origin.execute("VACUUM INTO ?", [str(to / "anew.sqlite")])


@pytest.fixture
def disk(stores: Stores, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Path]:
    """Give what makes the folder in which everything lies that a database has written by now, with its backups."""
    numbers = count()

    def written() -> Path:
        if stores.database_url is not None:
            server: PostgresServer = request.getfixturevalue("postgres")
            server.execute(sql.SQL("CHECKPOINT"))
            return server.data
        copy = tmp_path / f"disk {next(numbers)}"
        shutil.copytree(stores.data_dir / StoreName.COUNTS, copy / "live")
        backed_up(stores, to=copy / "backups")
        return copy

    return written


def test_no_byte_on_disk_says_what_was_really_counted(
    stores: Stores, codebook: Codebook, tmp_path: Path, disk: Callable[[], Path]
) -> None:
    """After a flush (in the WAL), and when the period is closed; what is published can be found, so the search can."""
    release = release_of(stores, tmp_path / "run", codebook)
    counters = Counters.open(release.run_dir, codebook)
    counted_exactly(release)
    flush(release, now=MONDAY)
    flushed = disk()
    assert holds(flushed, EXACT + NOISE)
    assert not holds(flushed, EXACT)
    # The host is new: its first flush goes to the week that begins.
    assert "arrival/2027-W09" in close(release, now=MONDAY.replace(day=9))
    closed = disk()
    assert holds(closed, EXACT + 2 * NOISE)
    assert not holds(closed, EXACT)
    counters.close()


def counted_exactly(release: Release) -> None:
    """Let EXACT people have come by one channel."""
    for path in counter_paths(shared_folder(release.run_dir)):
        with closing(CounterFile.found(path)) as file:
            if file.codebook.table(ARRIVAL_TABLE):
                file.active[file.codebook.places[ARRIVAL_TABLE, "nl.k7"]] = EXACT


def leaves(template: Path, folder: Path, *, people: Sequence[str]) -> list[bytes]:
    """Return every page that a day with *people*, by their channels in their order, leaves in the store and its WAL."""
    folder.mkdir()
    copy_files(template, to=folder)
    codebook, ids = read_codebook(programme(folder)), count()
    counters = Counters.open(folder / "run", codebook)
    for channel in people:
        counters.count((ARRIVAL_TABLE, f"nl.{channel}"))
    counters.close()
    with opened_stores(folder, database_url=None) as stores, pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpline.store.types.secrets.token_hex", lambda size: f"{next(ids):0{2 * size}x}")
        flush(release_of(stores, folder / "run", codebook), now=MONDAY)
        return pages(folder / StoreName.COUNTS / f"{StoreName.COUNTS}.sqlite")


def pages(path: Path) -> list[bytes]:
    """Return the pages of a SQLite file and of its WAL, in the order in which they were written."""
    content, wal = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    size = int.from_bytes(content[16:18], "big")
    frames = range(WAL_HEADER + FRAME, len(wal), FRAME + size)
    return [content, *(wal[start : start + size] for start in frames)]


def plain_counter(folder: Path, *, people: Sequence[str]) -> list[bytes]:
    """Return the same of a store in which each visit adds one to its row."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "plain.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE plain (channel TEXT PRIMARY KEY, people INTEGER)")
        connection.executemany("INSERT INTO plain VALUES (?, 0)", [("k7",), ("m2",)])
        connection.executemany("UPDATE plain SET people = people + 1 WHERE channel = ?", [(it,) for it in people])
        return pages(folder / "plain.sqlite")


def test_no_byte_on_disk_depends_on_the_order_in_which_people_came(sqlite_template: Path, tmp_path: Path) -> None:
    """A plain counter in a WAL gives back the order of all events; the same look at ours sees no difference."""
    orders = (["k7", "m2"] * (EVENTS // 2), ["m2"] * (EVENTS // 2) + ["k7"] * (EVENTS // 2))
    ours = [leaves(sqlite_template, tmp_path / f"ours {at}", people=it) for at, it in enumerate(orders)]
    plain = [plain_counter(tmp_path / f"plain {at}", people=it) for at, it in enumerate(orders)]

    assert len(ours[0]) > 1
    assert ours[0] == ours[1]
    assert plain[0] != plain[1]
    assert len(plain[0]) >= EVENTS


def test_a_database_is_told_the_same_whoever_came_first(stores: Stores, codebook: Codebook, tmp_path: Path) -> None:
    told: list[list[tuple[str, str]]] = [[], []]
    for at, people in enumerate((["k7", "m2", "k7"], ["m2", "k7", "k7"])):
        with stores.counts.begin() as session:
            for table in reversed(METADATA[StoreName.COUNTS].sorted_tables):
                session.execute(table.delete())
        counters, ids = Counters.open(tmp_path / str(at), codebook), count()
        for channel in people:
            counters.count((ARRIVAL_TABLE, f"nl.{channel}"))
        counters.close()

        def hears(*call: object, said: list[tuple[str, str]] = told[at]) -> None:
            said.append((str(call[2]), str(call[3])))

        event.listen(stores.counts.engine, "before_cursor_execute", hears)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("helpline.store.types.secrets.token_hex", lambda size, ids=ids: f"{next(ids):0{2 * size}x}")
            flush(release_of(stores, tmp_path / str(at), codebook), now=MONDAY)
        event.remove(stores.counts.engine, "before_cursor_execute", hears)

    assert told[0]
    assert told[0] == told[1]
