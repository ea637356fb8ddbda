"""A path: its pages in order, and which of them an answer belongs to."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from helpline.programme.exercises import read_answers
from helpline.programme.pages import Page, Pages
from helpline.programme.paths import Path, paths_of
from tests.support.exercises import LENGTH, NOTE, PLAN, SURE

TOO_LONG = "x" * (LENGTH + 1)


@pytest.fixture
def path(pages: Pages) -> Path:
    """Give a path of pages 1, 2, 4, 5 and 9: the second and the fourth ask something."""
    page = replace(pages["en", "0/2"], fields=())
    fields = {2: (NOTE, SURE), 5: (PLAN,)}
    return Path(3, {it: replace(page, place=f"3/{it}", fields=fields.get(it, ())) for it in (9, 5, 4, 2, 1)})


def test_pages_stand_in_the_order_of_their_numbers(path: Path) -> None:
    assert path.numbers == [1, 2, 4, 5, 9]
    assert path.fields == (NOTE, SURE, PLAN)


@pytest.mark.parametrize(("number", "before", "beyond"), [(1, None, 2), (2, 1, 4), (4, 2, 5), (9, 5, None)])
def test_a_page_has_one_before_and_one_beyond(path: Path, number: int, before: int | None, beyond: int | None) -> None:
    assert (path.before(number), path.beyond(number)) == (before, beyond)


def test_the_first_and_the_last_page_that_ask_are_known(path: Path) -> None:
    assert (path.first_asking, path.last_asking) == (2, 5)
    assert path.asks


def test_a_path_that_asks_nothing_is_only_read(pages: Pages) -> None:
    path = Path(3, {1: replace(pages["en", "0/2"], place="3/1")})

    assert not path.asks
    assert (path.first_asking, path.last_asking) == (0, 0)
    assert path.faulty_page(read_answers([NOTE], form={"note": TOO_LONG}), until=1) is None


@pytest.mark.parametrize(
    ("form", "until", "faulty"),
    [
        ({"note": "rest"}, 9, None),
        ({"note": TOO_LONG}, 2, 2),
        ({"note": TOO_LONG}, 1, None),
        ({"plan-if": TOO_LONG}, 4, None),
        ({"plan-if": TOO_LONG}, 5, 5),
        ({"plan-if": TOO_LONG, "sure": "11"}, 9, 2),
    ],
)
def test_an_answer_is_looked_at_up_to_a_page(
    path: Path, form: Mapping[str, str], until: int, faulty: int | None
) -> None:
    assert path.faulty_page(read_answers(path.fields, form=form), until=until) == faulty


def test_a_module_is_what_says_how_long_it_takes(path: Path) -> None:
    first = path.pages[1]

    assert not path.is_module
    assert Path(3, {**path.pages, 1: replace(first, minutes=10)}).is_module
    assert path.heading == first.heading


def test_pages_with_a_number_form_paths_and_the_others_none(pages: Pages) -> None:
    paths = paths_of(pages)

    found: dict[str, Page] = {}
    for (language, number), path in paths.items():
        found |= {f"{language}/{number}/{it}": page for it, page in path.pages.items()}
    assert found == {f"{language}/{place}": page for (language, place), page in pages.items() if "/" in place}
    assert {number for _, number in paths} >= {0, 11, 12, 20, 40, 80}


def test_a_path_asks_the_same_in_every_language(pages: Pages) -> None:
    for (_, number), path in paths_of(pages).items():
        shapes = [[field.shape for field in paths_of(pages)[language, number].fields] for language in ("nl", "en")]

        assert shapes == [[field.shape for field in path.fields]] * 2
