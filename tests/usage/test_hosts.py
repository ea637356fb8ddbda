"""Several machines and several codebooks: each adds its own, nothing is lost or added twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counter_file import PREFIX, counter_paths, shared_folder
from helpline.usage.counting import Counters
from helpline.usage.release import Release, run
from helpline.usage.tables import Period
from tests.support.world import programme
from tests.usage.counted import MONDAY, released, without_paths, working

DAY = timedelta(days=1)
THURSDAY = MONDAY - 4 * DAY
WEEKLY = ("arrival/2027-W08", "page/2027-W08", "path/2027-W08")


def test_two_hosts_add_their_own_and_a_period_waits_for_both(
    release: Release, counters: Counters, tmp_path: Path
) -> None:
    other = replace(release, host="two", run_dir=tmp_path / "two")
    elsewhere = Counters.open(other.run_dir, release.codebook)
    run(release, now=THURSDAY)
    run(other, now=THURSDAY)
    for one in (counters, elsewhere):
        one.count(("page", "now"))

    assert run(release, now=MONDAY).closed == ()
    assert run(other, now=MONDAY).closed == WEEKLY
    with release.sessions.read() as session:
        assert released(session, "page/2027-W08")["now"] == 2
    elsewhere.close()


def test_a_host_that_stays_away_is_waited_for_one_day(release: Release, tmp_path: Path) -> None:
    other = replace(release, host="two", run_dir=tmp_path / "two")
    run(release, now=THURSDAY)
    run(other, now=THURSDAY)
    late = Counters.open(other.run_dir, release.codebook)
    late.count(("page", "now"))

    assert run(release, now=MONDAY).closed == ()
    assert run(release, now=MONDAY + DAY).closed == WEEKLY
    run(other, now=MONDAY + timedelta(hours=20))
    with release.sessions.read() as session:
        assert working(session, "page/2027-W09") == {"now": 1}
    late.close()


def test_a_changed_codebook_begins_a_new_part_and_the_old_counts_are_kept(
    release: Release, counters: Counters, tmp_path: Path
) -> None:
    run(release, now=THURSDAY)
    counters.count(("arrival", "nl.k7"))
    changed = read_codebook(programme(tmp_path, change=('k7 = "Police leaflet"', 'q3 = "Another leaflet"')))
    after = replace(release, codebook=changed)
    newer = Counters.open(release.run_dir, changed)
    newer.count(("arrival", "nl.q3"))

    assert run(after, now=THURSDAY + DAY).flushed == 2

    with release.sessions.read() as session:
        assert working(session, "arrival/2027-W08") == {"nl.k7": 1}
        assert working(session, "arrival/2027-W08 part 2") == {"nl.q3": 1}
        assert session.scalar(select(func.count()).where(Period.table_id == "page")) == 1
    newer.close()


def test_an_old_codebooks_file_is_flushed_until_nobody_has_it_open(release: Release, tmp_path: Path) -> None:
    changed = read_codebook(programme(tmp_path, change=('k7 = "Police leaflet"', 'q3 = "Another leaflet"')))
    after = replace(release, codebook=changed)
    folder = shared_folder(release.run_dir)
    older = Counters.open(release.run_dir, release.codebook)
    run(after, now=THURSDAY)
    run(after, now=THURSDAY + DAY)
    assert len(counter_paths(folder)) == 3

    older.count(("arrival", "nl.k7"))
    older.close()
    run(after, now=THURSDAY + 2 * DAY)

    assert {path.name for path in counter_paths(folder)} == {PREFIX + it.digest[:32] for it in changed.parts}
    parts = ("arrival/2027-W08", "arrival/2027-W08 part 2")  # which is which, the files' names decide
    with release.sessions.read() as session:
        assert {cell: value for part in parts for cell, value in working(session, part).items()} == {"nl.k7": 1}


def test_counts_of_a_table_that_is_given_up_are_finished_and_then_never_opened(release: Release) -> None:
    older = Counters.open(release.run_dir, release.codebook)
    release = replace(release, codebook=without_paths(release.codebook))
    older.place_pebble("1", mark=7)
    older.count(("page", "now"))
    older.close()

    run(release, now=THURSDAY)

    assert {path.name for path in counter_paths(shared_folder(release.run_dir))} == {
        PREFIX + it.digest[:32] for it in release.codebook.parts
    }
    with release.sessions.read() as session:
        assert working(session, "path/2027-W08") == {"1.begun": 1}
        assert working(session, "page/2027-W08") == {"now": 1}
    assert run(release, now=MONDAY).closed == WEEKLY
    run(release, now=MONDAY + DAY)
    with release.sessions.read() as session:
        assert set(session.scalars(select(Period.table_id).where(Period.name == "2027-W09"))) == {"arrival", "page"}


def test_a_damaged_file_of_another_codebook_is_taken_away(release: Release, caplog: pytest.LogCaptureFixture) -> None:
    damaged = shared_folder(release.run_dir) / (PREFIX + "0" * 32)
    damaged.write_bytes(b"nothing")

    assert run(release, now=THURSDAY).flushed == 2
    assert not damaged.exists()
    assert "damaged" in caplog.text
