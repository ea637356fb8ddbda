"""A visit on a path is one pebble: it lies on one cell, and only ever moves on."""

import secrets
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.usage import counter_file
from helpline.usage.codebook import PATH_TABLE, Codebook
from helpline.usage.counter_file import PEBBLES, CounterFile, shared_folder
from helpline.usage.counting import Counters
from helpline.usage.pebble import TEXT_LENGTH, first_step, next_step
from tests.support.keys import FORM_KEY, fixed
from tests.usage.counted import MONDAY, in_memory, without_paths

STAGES = ("begun", "halfway", "filled", "finished")


@pytest.fixture
def visit(counters: Counters) -> "Visit":
    """Give a visit that has begun the first path."""
    return Visit(counters)


class Visit:
    """Somebody who keeps every page that was ever shown."""

    def __init__(self, counters: Counters, *, path: str = "1") -> None:
        self.counters, self.path, self.form = counters, path, secrets.token_hex(24)
        self.texts = [self.begin()]

    def begin(self) -> str:
        """Send the first form."""
        return first_step(self.path, form=self.form, counters=self.counters, key=FORM_KEY)

    def step(self, stage: str, *, page: int = -1) -> None:
        """Send the form of one of the pages that were shown."""
        self.texts.append(next_step(self.texts[page], stage=stage, counters=self.counters, key=FORM_KEY))


def flush(run_dir: Path, codebook: Codebook) -> dict[str, int]:
    """Return what a flush would add to the path table now."""
    file = CounterFile.open(shared_folder(run_dir), codebook=codebook.parts[0])
    file.move(MONDAY.date())
    counts = file.drawn(list)
    file.finish()
    file.close()
    return {cell: counts[place] for (table, cell), place in codebook.places.items() if table == PATH_TABLE}


def test_a_visit_lies_on_its_furthest_stage_only(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    for stage in STAGES[1:3]:
        visit.step(stage)

    assert in_memory(run_dir, codebook) == {("path", "1.filled"): 1}


def test_a_step_back_a_reload_and_a_second_tab_move_nothing(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    visit.step("filled")
    visit.step("filled", page=0)
    visit.step("filled", page=1)
    visit.step("halfway")
    visit.step("begun", page=0)

    assert in_memory(run_dir, codebook) == {("path", "1.filled"): 1}


def test_a_first_form_that_is_sent_again_is_the_same_visit(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    visit.step("halfway")
    visit.texts += [visit.begin(), visit.begin()]
    assert in_memory(run_dir, codebook) == {("path", "1.halfway"): 1}

    visit.step("finished")
    assert in_memory(run_dir, codebook) == {("path", "1.finished"): 1}


def test_the_same_form_in_another_worker_is_the_same_visit(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    other = Counters.open(run_dir, codebook)
    next_step(
        first_step(visit.path, form=visit.form, counters=other, key=FORM_KEY),
        stage="finished",
        counters=other,
        key=FORM_KEY,
    )

    assert in_memory(run_dir, codebook) == {("path", "1.finished"): 1}
    other.close()


def test_a_first_form_that_is_sent_again_after_a_flush_is_not_counted_again(
    visit: Visit, run_dir: Path, codebook: Codebook
) -> None:
    flush(run_dir, codebook)
    visit.texts.append(visit.begin())
    visit.step("finished")

    assert in_memory(run_dir, codebook) == {}


def test_what_a_form_is_known_by_again_is_forgotten_with_the_next_flush_but_one(
    visit: Visit, run_dir: Path, codebook: Codebook
) -> None:
    file = CounterFile.open(shared_folder(run_dir), codebook=codebook.parts[0])
    known = []
    for _ in range(3):
        known.append(sum(1 for mark in file.marks if mark))
        file.move(MONDAY.date())
        file.finish()

    assert known == [1, 1, 0]
    assert not any(file.pebbles)
    file.close()
    visit.texts.append(visit.begin())
    assert in_memory(run_dir, codebook) == {("path", "1.begun"): 1}


def test_an_unknown_path_is_another_path(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    Visit(counters, path="99").step("begun")

    assert in_memory(run_dir, codebook) == {("path", "other.begun"): 1}


def test_an_unknown_stage_moves_nothing(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    visit.step("nowhere")

    assert in_memory(run_dir, codebook) == {("path", "1.begun"): 1}


def test_after_a_flush_the_pebble_stays_where_it_lies(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    visit.step("begun")
    flush(run_dir, codebook)
    visit.step("finished")

    assert in_memory(run_dir, codebook) == {}


def test_on_another_host_the_pebble_stays_where_it_lies(visit: Visit, tmp_path: Path, codebook: Codebook) -> None:
    elsewhere = Counters.open(tmp_path / "elsewhere", codebook)
    next_step(visit.texts[0], stage="finished", counters=elsewhere, key=FORM_KEY)

    assert in_memory(tmp_path / "elsewhere", codebook) == {}
    elsewhere.close()


def test_a_text_of_yesterday_does_not_move_the_visit_that_has_its_place_today(
    run_dir: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter_file, "PEBBLES", 1)
    counters = Counters.open(run_dir, codebook)
    yesterday = Visit(counters)
    flush(run_dir, codebook)
    Visit(counters)
    yesterday.step("finished")

    assert in_memory(run_dir, codebook) == {("path", "1.begun"): 1}
    counters.close()


@pytest.mark.parametrize("text", ["", "not base 64!", "ü", "A" * TEXT_LENGTH, "A" * 400])
def test_a_text_that_is_not_ours_moves_nothing(
    counters: Counters, run_dir: Path, codebook: Codebook, text: str
) -> None:
    answer = next_step(text, stage="finished", counters=counters, key=FORM_KEY)

    assert len(answer) == TEXT_LENGTH
    assert in_memory(run_dir, codebook) == {}


def test_a_text_under_another_key_moves_nothing(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    next_step(visit.texts[0], stage="finished", counters=visit.counters, key=fixed("another form key"))

    assert in_memory(run_dir, codebook) == {("path", "1.begun"): 1}


def test_without_a_table_of_paths_a_visit_moves_nothing_and_sees_no_difference(
    visit: Visit, tmp_path: Path, codebook: Codebook
) -> None:
    pathless = without_paths(codebook)
    counters = Counters.open(tmp_path / "pathless", pathless)
    other = Visit(counters)
    other.texts += [next_step(text, stage="filled", counters=counters, key=FORM_KEY) for text in visit.texts]
    other.step("filled", page=0)

    assert {len(text) for text in other.texts} == {TEXT_LENGTH}
    assert in_memory(tmp_path / "pathless", pathless) == {}
    counters.close()


def test_texts_have_one_length_and_are_never_alike(visit: Visit) -> None:
    for _ in range(50):
        visit.step("halfway", page=0)

    assert {len(text) for text in visit.texts} == {TEXT_LENGTH}
    assert len(set(visit.texts)) == len(visit.texts)


def test_when_all_places_are_used_nothing_more_is_counted_and_nobody_sees_it(
    run_dir: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter_file, "PEBBLES", 3)
    counters = Counters.open(run_dir, codebook)
    visits = [Visit(counters, path="0") for _ in range(5)]
    for visit in visits:
        visit.step("finished")

    assert in_memory(run_dir, codebook) == {("path", "0.finished"): 3}
    assert {len(text) for visit in visits for text in visit.texts} == {TEXT_LENGTH}
    counters.close()


def test_there_is_room_for_a_day_of_visits() -> None:
    assert PEBBLES == 65_536


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.sampled_from(STAGES), st.integers(0, 9)),
        st.just(("again", "", 0)),
        st.just(("flush", "", 0)),
    ),
    max_size=12,
)


@given(steps=STEPS, begins_after=st.integers(0, 1))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_visit_does_it_changes_all_flushes_together_by_one(
    counters: Counters, run_dir: Path, codebook: Codebook, steps: list[tuple[str, str, int]], begins_after: int
) -> None:
    """Back, reload, replay of any old page, a second tab, midnight: the sum of all increments is at most one."""
    flush(run_dir, codebook)
    others = [Visit(counters, path="2") for _ in range(begins_after)]
    visit = Visit(counters)
    written = []
    for kind, stage, page in steps:
        if kind == "flush":
            written.append(flush(run_dir, codebook))
        elif kind == "again" and len(written) < 2:
            visit.texts.append(visit.begin())
        elif kind == "step":
            visit.step(stage, page=page % len(visit.texts))
    written.append(flush(run_dir, codebook))

    changed = [abs(value) for flushed in written for cell, value in flushed.items() if cell.startswith("1.")]
    assert sum(changed) == 1
    assert sum(flushed["2.begun"] for flushed in written) == len(others)
