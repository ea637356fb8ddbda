"""Counting in memory: what is counted, by how many at once, and what never disturbs a request."""

import fcntl
import multiprocessing
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from helpline.usage.codebook import Codebook, Rhythm
from helpline.usage.counter_file import PREFIX, BadCounterFileError, CounterFile, counter_paths, shared_folder
from helpline.usage.counting import MOST_STEPS, Counters, Pebble
from tests.usage.counted import MONDAY, in_memory, without_paths

WORKERS = 4
ROUNDS = 50
FORK = multiprocessing.get_context("fork")


def count_everything(counters: Counters, codebook: Codebook) -> None:
    """Count one in every cell, again and again."""
    for _ in range(ROUNDS):
        for table, cell in codebook.places:
            counters.count((table, cell))


def count_in_a_worker(run_dir: Path, codebook: Codebook) -> None:
    """Open the counters as a new worker does, and count."""
    count_everything(Counters.open(run_dir, codebook), codebook)


def descriptor_of(run_dir: Path, *, table: str) -> int:
    """Return the descriptor by which this process has the counters of *table* open: a child inherits that one."""
    for path in counter_paths(shared_folder(run_dir)):
        with closing(CounterFile.found(path)) as file:
            is_it = file.codebook.table(table) is not None
        if is_it:
            # Its map has a duplicate of the descriptor, with the same lock: either will do.
            return next(int(it.name) for it in Path("/proc/self/fd").iterdir() if it.resolve() == path.resolve())
    raise AssertionError(table)


def test_a_step_is_counted_in_its_cell(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    counters.count(("arrival", "nl.k7"))
    counters.count(("arrival", "nl.k7"))
    counters.count(("page", "home"))

    assert in_memory(run_dir, codebook) == {("arrival", "nl.k7"): 2, ("page", "home"): 1}


def test_cells_of_any_rhythm_are_counted_at_once_and_what_nobody_knows_is_left_out(
    counters: Counters, run_dir: Path, codebook: Codebook
) -> None:
    counters.count(("page", "home"), ("shoes", "42"), ("arrival", "nl.k7"), ("page", "read.99"), ("callback", "unmet"))
    counters.count()

    counted = {("page", "home"), ("arrival", "nl.k7"), ("page", "other"), ("callback", "unmet")}
    assert in_memory(run_dir, codebook) == dict.fromkeys(counted, 1)
    assert len(codebook.parts) == len(Rhythm)


def test_an_unknown_cell_is_other_where_there_is_one(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    counters.count(("page", "read.99"))
    counters.count(("lead", "never"))
    counters.count(("shoes", "42"))

    assert in_memory(run_dir, codebook) == {("page", "other"): 1}


def test_four_processes_lose_nothing(run_dir: Path, codebook: Codebook) -> None:
    workers = [FORK.Process(target=count_in_a_worker, args=(run_dir, codebook)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert set(in_memory(run_dir, codebook).values()) == {WORKERS * ROUNDS}


def test_forked_children_that_share_an_open_file_lose_nothing(
    counters: Counters, run_dir: Path, codebook: Codebook
) -> None:
    children = [FORK.Process(target=count_everything, args=(counters, codebook)) for _ in range(2)]
    for child in children:
        child.start()
    count_everything(counters, codebook)
    for child in children:
        child.join()

    assert set(in_memory(run_dir, codebook).values()) == {3 * ROUNDS}


def test_a_forked_child_waits_for_its_parent(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    """The child has its parent's open file, and would have its lock too."""
    inherited = descriptor_of(run_dir, table="page")
    fcntl.flock(inherited, fcntl.LOCK_EX)
    child = FORK.Process(target=counters.count, args=(("page", "home"),))
    child.start()
    child.join(timeout=0.5)
    waited = child.is_alive()
    fcntl.flock(inherited, fcntl.LOCK_UN)
    child.join()

    assert waited
    assert in_memory(run_dir, codebook) == {("page", "home"): 1}


def test_threads_of_one_worker_lose_nothing(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    threads = [threading.Thread(target=count_everything, args=(counters, codebook)) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(in_memory(run_dir, codebook).values()) == {WORKERS * ROUNDS}


def test_what_was_counted_outlives_the_worker(run_dir: Path, codebook: Codebook) -> None:
    for _ in range(2):
        worker = Counters.open(run_dir, codebook)
        worker.count(("page", "now"))
        worker.close()

    assert in_memory(run_dir, codebook) == {("page", "now"): 2}


def test_a_flood_is_clamped_for_a_minute_and_for_one_cell(run_dir: Path, codebook: Codebook) -> None:
    elapsed = [600.0]
    counters = Counters.open(run_dir, codebook, clock=lambda: elapsed[0])
    for _ in range(MOST_STEPS + 50):
        counters.count(("page", "home"))
    counters.count(("page", "talk"))
    clamped = in_memory(run_dir, codebook)
    elapsed[0] += 60
    counters.count(("page", "home"))

    assert clamped == {("page", "home"): MOST_STEPS, ("page", "talk"): 1}
    assert in_memory(run_dir, codebook)["page", "home"] == MOST_STEPS + 1
    counters.close()


def test_a_counter_that_breaks_disturbs_nobody(
    run_dir: Path, codebook: Codebook, caplog: pytest.LogCaptureFixture
) -> None:
    counters = Counters.open(run_dir, codebook)
    pebble = counters.place_pebble("1", mark=7)
    assert pebble is not None
    counters.close()

    counters.count(("page", "home"))
    counters.move_pebble(pebble, stage="filled")

    assert counters.place_pebble("1", mark=7) is None
    assert Counter(record.message for record in caplog.records) == {"a step could not be counted: OSError": 3}


def test_a_deleted_file_is_made_anew(run_dir: Path, codebook: Codebook, caplog: pytest.LogCaptureFixture) -> None:
    elapsed = [600.0]
    counters = Counters.open(run_dir, codebook, clock=lambda: elapsed[0])
    (shared_folder(run_dir) / (PREFIX + codebook.parts[0].digest[:32])).unlink()
    counters.count(("page", "home"))
    counters.count(("page", "home"))

    assert in_memory(run_dir, codebook) == {("page", "home"): 2}
    assert "made anew" in caplog.text
    counters.close()


def test_the_file_is_for_both_sites_and_nobody_else(counters: Counters, run_dir: Path) -> None:
    folder = shared_folder(run_dir)

    assert folder.stat().st_mode & 0o7777 == 0o2770
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o660, 0o660]


def test_the_file_never_grows(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    paths = counter_paths(shared_folder(run_dir))
    sizes = [path.stat().st_size for path in paths]
    count_everything(counters, codebook)

    assert [path.stat().st_size for path in paths] == sizes


def test_two_codebooks_are_counted_side_by_side(run_dir: Path, codebook: Codebook) -> None:
    other = Codebook(codebook.tables[1:])
    old, new = Counters.open(run_dir, other), Counters.open(run_dir, codebook)
    old.count(("page", "home"))
    new.count(("arrival", "nl.direct"))

    assert in_memory(run_dir, other) == {("page", "home"): 1}
    assert in_memory(run_dir, codebook) == {("arrival", "nl.direct"): 1}
    assert len(counter_paths(shared_folder(run_dir))) == 3  # what both count in the same rhythm and words is one file
    old.close()
    new.close()


@pytest.mark.parametrize("spoiled", [b"", b"\x01" * 80, b"\0" * 70_000])
def test_a_damaged_file_is_replaced_and_said(
    run_dir: Path, codebook: Codebook, caplog: pytest.LogCaptureFixture, spoiled: bytes
) -> None:
    path = shared_folder(run_dir) / (PREFIX + codebook.parts[0].digest[:32])
    path.write_bytes(spoiled)

    counters = Counters.open(run_dir, codebook)
    counters.count(("page", "home"))

    assert in_memory(run_dir, codebook) == {("page", "home"): 1}
    assert "damaged" in caplog.text
    counters.close()


def test_a_file_under_a_foreign_name_is_not_read(run_dir: Path, codebook: Codebook) -> None:
    CounterFile.open(shared_folder(run_dir), codebook=codebook).close()
    (path,) = counter_paths(shared_folder(run_dir))
    moved = path.rename(path.with_name(PREFIX + "0" * 32))

    with pytest.raises(BadCounterFileError):
        CounterFile.found(moved)


def test_a_file_that_was_taken_away_while_we_waited_is_not_used(run_dir: Path, codebook: Codebook) -> None:
    opened = CounterFile.open(shared_folder(run_dir), codebook=codebook)
    opened.path.unlink()
    # What somebody sees who had opened the path before it was gone.
    with pytest.raises(FileNotFoundError):
        CounterFile.found(Path(f"/proc/self/fd/{opened.descriptor}"))
    opened.close()


def test_a_file_that_somebody_has_open_is_not_held_alone(run_dir: Path, codebook: Codebook) -> None:
    folder = shared_folder(run_dir)
    one, two = CounterFile.open(folder, codebook=codebook), CounterFile.open(folder, codebook=codebook)

    assert not one.hold_alone()
    two.close()
    assert one.hold_alone()
    one.close()


def test_counting_goes_on_from_zero_after_a_move(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    counters.count(("page", "home"))
    file = CounterFile.open(shared_folder(run_dir), codebook=codebook.parts[0])
    file.move(MONDAY.date())
    counters.count(("page", "talk"))

    waiting = [file.pending_day]
    drawn = file.drawn(list)
    file.finish()
    waiting.append(file.pending_day)

    assert waiting == [MONDAY.date(), None]
    assert sum(drawn) == 1
    assert in_memory(run_dir, codebook) == {("page", "talk"): 1}
    file.close()


def test_a_codebook_without_paths_counts_no_pebble(run_dir: Path, codebook: Codebook) -> None:
    codebook = without_paths(codebook)
    counters = Counters.open(run_dir, codebook)
    counters.move_pebble(Pebble(path="1", place=0, epoch=0), stage="begun")

    assert counters.place_pebble("1", mark=7) is None
    assert counters.paths == ()
    assert in_memory(run_dir, codebook) == {}
    counters.close()
