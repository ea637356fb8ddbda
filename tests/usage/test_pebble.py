"""A visit on a path is one pebble: it lies on one cell, and only ever moves on."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline.usage import counter_file
from helpline.usage.codebook import PATH_TABLE, Codebook
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counter_file import PEBBLES, CounterFile, shared_folder
from helpline.usage.counting import Counters
from helpline.usage.pebble import TEXT_LENGTH, first_step, next_step
from tests.support.keys import FORM_KEY, fixed
from tests.support.world import programme
from tests.usage.counted import MONDAY, in_memory

STAGES = ("opened", "begun", "halfway", "exercise", "filled", "finished")


@pytest.fixture
def codebook(whole_codebook: Codebook) -> Codebook:
    """Give a codebook with the table that visits move through, which is planned."""
    return whole_codebook


@pytest.fixture
def visit(counters: Counters) -> "Visit":
    """Give a visit that has opened the path about oneself."""
    return Visit(counters)


class Visit:
    """Somebody who keeps every page that was ever shown."""

    def __init__(self, counters: Counters, *, path: str = "11") -> None:
        self.counters = counters
        self.texts = [first_step(path, counters=counters, key=FORM_KEY)]

    def step(self, stage: str, *, page: int = -1) -> None:
        """Send the form of one of the pages that were shown."""
        self.texts.append(next_step(self.texts[page], stage=stage, counters=self.counters, key=FORM_KEY))


def flush(run_dir: Path, codebook: Codebook) -> dict[str, int]:
    """Return what a flush would add to the path table now."""
    file = CounterFile.open(shared_folder(run_dir), codebook=codebook)
    file.move(MONDAY.date())
    counts = file.drawn(list)
    file.finish()
    file.close()
    return {cell: counts[place] for (table, cell), place in codebook.places.items() if table == PATH_TABLE}


def test_a_visit_lies_on_its_furthest_stage_only(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    for stage in STAGES[1:5]:
        visit.step(stage)

    assert in_memory(run_dir, codebook) == {("path", "11.filled"): 1}


def test_a_step_back_a_reload_and_a_second_tab_move_nothing(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    visit.step("exercise")
    visit.step("exercise", page=0)
    visit.step("exercise", page=1)
    visit.step("opened")
    visit.step("begun", page=0)

    assert in_memory(run_dir, codebook) == {("path", "11.exercise"): 1}


def test_an_unknown_path_is_another_path(counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    Visit(counters, path="99").step("begun")

    assert in_memory(run_dir, codebook) == {("path", "other.begun"): 1}


def test_an_unknown_stage_moves_nothing(visit: Visit, run_dir: Path, codebook: Codebook) -> None:
    visit.step("nowhere")

    assert in_memory(run_dir, codebook) == {("path", "11.opened"): 1}


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

    assert in_memory(run_dir, codebook) == {("path", "11.opened"): 1}
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

    assert in_memory(run_dir, codebook) == {("path", "11.opened"): 1}


def test_while_the_path_table_is_only_planned_a_visit_moves_nothing_and_sees_no_difference(
    visit: Visit, tmp_path: Path
) -> None:
    shipped = read_codebook(programme(tmp_path))
    pathless = Counters.open(tmp_path / "pathless", shipped)
    texts = [first_step("11", counters=pathless, key=FORM_KEY)]
    texts += [next_step(text, stage="begun", counters=pathless, key=FORM_KEY) for text in (*texts, visit.texts[0])]

    assert {len(text) for text in texts} == {TEXT_LENGTH}
    assert in_memory(tmp_path / "pathless", shipped) == {}
    pathless.close()


def test_texts_have_one_length_and_are_never_alike(visit: Visit) -> None:
    for _ in range(50):
        visit.step("begun", page=0)

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
    others = [Visit(counters, path="12") for _ in range(begins_after)]
    visit = Visit(counters)
    written = []
    for kind, stage, page in steps:
        if kind == "flush":
            written.append(flush(run_dir, codebook))
        else:
            visit.step(stage, page=page % len(visit.texts))
    written.append(flush(run_dir, codebook))

    changed = [abs(value) for flushed in written for cell, value in flushed.items() if cell.startswith("11.")]
    assert sum(changed) == 1
    assert sum(flushed["12.opened"] for flushed in written) == len(others)
