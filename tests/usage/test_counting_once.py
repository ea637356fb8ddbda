"""A form that is counted once: remembered in memory, by every worker, until the next flush but one."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpline.usage.codebook import Codebook
from helpline.usage.counter_file import PEBBLES, CounterFile, shared_folder
from helpline.usage.counting import Counters
from tests.usage.counted import MONDAY, in_memory


def flush(run_dir: Path, codebook: Codebook) -> None:
    """Flush what was counted, into nowhere."""
    for part in codebook.parts:
        file = CounterFile.open(shared_folder(run_dir), codebook=part)
        file.move(MONDAY.date())
        file.finish()
        file.close()


def test_a_form_is_counted_once_until_the_next_flush_but_one(
    counters: Counters, run_dir: Path, codebook: Codebook
) -> None:
    other = Counters.open(run_dir, codebook)
    unmet = ("callback", "unmet")
    for _ in range(3):
        counters.count(unmet, mark=7)
        other.count(unmet, mark=7)
    counters.count(unmet, mark=8)
    counters.count(("shoes", "42"), mark=9)
    other.close()
    assert in_memory(run_dir, codebook) == {unmet: 2}

    flush(run_dir, codebook)
    counters.count(unmet, mark=7)
    assert in_memory(run_dir, codebook) == {}
    flush(run_dir, codebook)
    counters.count(unmet, mark=7)
    assert in_memory(run_dir, codebook) == {unmet: 1}


def test_a_counted_form_is_no_visit_that_moves(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    counters.count(("page", "now"), mark=7)
    pebble = counters.place_pebble("0", mark=8)
    assert pebble is not None
    counters.move_pebble(replace(pebble, place=pebble.place - 1), stage="finished")

    assert in_memory(run_dir, codebook) == {("page", "now"): 1, ("path", "0.begun"): 1}


def test_where_all_places_are_taken_no_form_is_counted(
    counters: Counters, run_dir: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpline.usage.counter_file.PROBES", 1)
    counters.count(("callback", "lapsed"), mark=7)
    counters.count(("callback", "unmet"), mark=7 + PEBBLES)

    assert in_memory(run_dir, codebook) == {("callback", "lapsed"): 1}
