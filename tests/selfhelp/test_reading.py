"""The pages that are read, and those that are not there."""

import pytest

from tests.support.pages import Pages


def test_a_path_that_asks_nothing_takes_nothing(reader: Pages) -> None:
    assert reader.ask("POST", "/en/read/12/1").status == 405


@pytest.mark.parametrize(
    "path",
    ["/en/read/0/9", "/en/read/0/0", "/en/read/99/1", "/en/read/0/1/x", "/en/read/0/-1", "/nothing", "/en/nothing"],
)
def test_what_is_not_there_is_said_kindly(reader: Pages, path: str) -> None:
    assert reader.get(path).status == 404
    assert reader.ask("POST", path).status == 404


def test_the_first_screen_for_whom_the_police_came_shows_a_time_of_today(reader: Pages) -> None:
    page = reader.get("/en/read/12/1")

    assert "A time to talk today" in page.text


def test_a_page_may_say_who_can_help(reader: Pages) -> None:
    assert "Kindertelefoon" in reader.get("/en/read/40/1").text
