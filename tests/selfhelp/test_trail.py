"""A visit on a path is one pebble, placed when it first goes on: through the real site, in the real counters."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpline.usage.codebook import PATH_TABLE, Codebook
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counter_file import CounterFile, shared_folder
from helpline.usage.counting import Counters
from helpline.usage.pebble import TEXT_LENGTH
from selfhelp.counting import NoTrail, PebbleTrail, path_cell
from tests.support.keys import FORM_KEY
from tests.support.pages import Opened, Pages
from tests.support.visitors import Served
from tests.support.walks import FIRST, LAST_ASKING, MIDDLE, PATH, TYPED, address, back, sheet, walk
from tests.support.world import programme
from tests.usage.counted import MONDAY, in_memory

Lying = Callable[[], dict[str, int]]


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    """Give the codebook of the invented programme."""
    return read_codebook(programme(tmp_path))


@pytest.fixture
def lying(walking: Served, tmp_path: Path, codebook: Codebook) -> Iterator[Lying]:
    """Let the site move pebbles, and give what lies where in the table of paths."""
    counters = Counters.open(tmp_path, codebook)
    walking.services().trail = PebbleTrail(counters, key=FORM_KEY)
    yield lambda: {cell: value for (table, cell), value in in_memory(tmp_path, codebook).items() if table == PATH_TABLE}
    walking.services().trail = NoTrail(walking.tally.count)
    counters.close()


def stage_of(page: Opened) -> str:
    return page.fields().get("stage", "")


def test_reading_pages_places_nothing(walker: Pages, lying: Lying) -> None:
    for number in TYPED:
        assert stage_of(walker.get(address(number))) == ""

    assert lying() == {}


@pytest.mark.parametrize(
    ("until", "stage"), [(2, "begun"), (3, "begun"), (MIDDLE, "halfway"), (LAST_ASKING, "halfway")]
)
def test_going_on_moves_the_visit(walker: Pages, lying: Lying, until: int, stage: str) -> None:
    walk(walker, until=until)

    assert lying() == {f"{PATH}.{stage}": 1}


def test_looking_at_all_answers_and_coming_to_the_end_are_stages(walker: Pages, lying: Lying) -> None:
    shown = sheet(walker)
    assert lying() == {f"{PATH}.filled": 1}

    walker.send(shown, {"do": "print"})
    walker.send(shown, {"do": "save"})
    assert lying() == {f"{PATH}.filled": 1}

    walker.send(shown, {"do": "nothing"})
    assert lying() == {f"{PATH}.finished": 1}


def test_somebody_who_writes_nothing_comes_to_the_end_as_well(walker: Pages, lying: Lying) -> None:
    sheet(walker, typed={})

    assert lying() == {f"{PATH}.finished": 1}


def test_whatever_one_visit_does_it_is_one(walker: Pages, lying: Lying) -> None:
    """On, back, sent again, another language, a second tab: one in all, on its furthest stage."""
    first = walker.get(address(1))
    tabs = [walker.send(first, {}) for _ in range(3)]
    assert lying() == {f"{PATH}.begun": 1}

    third = walker.send(tabs[0], TYPED[FIRST])
    again = walker.send(tabs[1], TYPED[FIRST])
    dutch = walker.send(third, {"lang": "nl"})
    fourth = walker.send(dutch, {})
    walker.send(again, {})
    before = back(walker, third, {})
    shown = walker.send(walker.send(fourth, TYPED[MIDDLE]), TYPED[LAST_ASKING] | {"do": "show"})
    for page in (before, again, tabs[2]):
        walker.send(page, {"lang": "nl"})
        walker.send(page, {"do": "more"})
        walker.send(page, {})
    walker.send(shown, {})
    walker.send(first, {})

    assert lying() == {f"{PATH}.filled": 1}


def test_two_visits_are_two(walker: Pages, lying: Lying) -> None:
    walk(walker, until=2)
    walk(walker, until=MIDDLE)

    assert lying() == {f"{PATH}.begun": 1, f"{PATH}.halfway": 1}


@pytest.mark.parametrize(
    "said", [{"token": "no"}, {"lang": "nl"}, {"do": "more"}, {"do": "open"}, {"sure": "11"}], ids=str
)
def test_a_form_that_does_not_go_on_places_nothing(walker: Pages, lying: Lying, said: dict[str, str]) -> None:
    page = walker.send(walker.get(address(FIRST)), said)

    assert stage_of(page) == ""
    assert lying() == {}


def test_stage_texts_have_one_length_and_are_never_alike(walker: Pages, lying: Lying) -> None:
    page = walk(walker, until=2)
    texts = [stage_of(it) for it in (page, *(walker.send(page, {}) for _ in range(4)), walk(walker, until=2))]

    assert {len(text) for text in texts} == {TEXT_LENGTH}
    assert len(set(texts)) == len(texts)
    assert lying() == {f"{PATH}.begun": 2}


def test_a_page_that_goes_nowhere_keeps_the_stage_text(walker: Pages, lying: Lying) -> None:
    page = walk(walker, until=3)

    for other in (walker.send(page, {"lang": "nl"}), back(walker, page, {}), walker.send(page, {"token": "no"})):
        assert stage_of(other) == stage_of(page)
    assert lying() == {f"{PATH}.begun": 1}


def test_after_a_flush_the_visit_stays_where_it_lies(
    walker: Pages, lying: Lying, tmp_path: Path, codebook: Codebook
) -> None:
    first = walker.get(address(1))
    page = walker.send(first, {})
    file = CounterFile.open(shared_folder(tmp_path), codebook=codebook.parts[0])
    file.move(MONDAY.date())
    file.finish()
    file.close()

    shown = walker.send(page, TYPED[FIRST] | {"do": "show"})
    walker.send(first, {})

    assert len(stage_of(shown)) == TEXT_LENGTH
    assert lying() == {}


def test_a_first_form_of_the_day_before_begins_no_visit(walker: Pages, lying: Lying, walking: Served) -> None:
    """The counters remember a form until the next flush but one; a tab may stay open for longer."""
    first = walker.get(address(1))
    walking.clock.wait(days=1)

    page = walker.send(first, {})
    shown = walker.send(page, TYPED[FIRST] | {"do": "show"})

    assert {len(stage_of(it)) for it in (page, shown)} == {TEXT_LENGTH}
    assert lying() == {}


def test_on_another_host_the_visit_stays_where_it_lies(
    walker: Pages, lying: Lying, walking: Served, tmp_path: Path, codebook: Codebook
) -> None:
    page = walk(walker, until=2)
    elsewhere = Counters.open(tmp_path / "elsewhere", codebook)
    walking.services().trail = PebbleTrail(elsewhere, key=FORM_KEY)

    walker.send(page, TYPED[FIRST] | {"do": "show"})

    assert in_memory(tmp_path / "elsewhere", codebook) == {}
    assert lying() == {f"{PATH}.begun": 1}
    elsewhere.close()


@pytest.mark.parametrize("stage", ["x", "A" * TEXT_LENGTH, "ü" * TEXT_LENGTH, "../" * 99])
def test_a_stage_text_that_is_not_ours_counts_nothing(walker: Pages, lying: Lying, stage: str) -> None:
    page = walker.send(walker.get(address(FIRST)), {"stage": stage})

    assert len(stage_of(page)) == TEXT_LENGTH
    assert lying() == {}


def test_whom_it_happened_to_is_not_followed(walker: Pages, lying: Lying) -> None:
    assert walker.ask("POST", "/en/read/80/1").status == 405

    assert path_cell(70) is None
    assert path_cell(80) is None
    assert lying() == {}


def test_the_codebook_has_the_paths_that_can_be_followed_and_no_other(library_site: Served, codebook: Codebook) -> None:
    """A cell that nobody can lie on would publish noise that looks like a figure."""
    table = codebook.table(PATH_TABLE)
    assert table is not None

    followed = {path_cell(number) for (_, number), path in library_site.library.paths.items() if path.asks}
    assert {part.id for part in table.axes[0].parts} == followed - {None} | {"other"}
