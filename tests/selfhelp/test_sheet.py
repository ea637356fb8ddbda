"""All answers on one sheet: nothing, print, save; and the saved file that comes back."""

from io import BytesIO

import pytest

from tests.support.pages import Opened, Pages, words
from tests.support.walks import ALL_TYPED, END, FIRST, LAST_ASKING, MIDDLE, TYPED, address, kept, sheet, walk

SAID = {
    "en": "Your file is open. What you wrote is filled in.",
    "nl": "Je bestand is open. Wat je schreef, is ingevuld.",
}


@pytest.fixture
def shown(walker: Pages) -> Opened:
    """Fill in every page and look at all answers."""
    return sheet(walker)


def opened(pages: Pages, page: Opened, data: bytes, **filled: str) -> Opened:
    """Choose a file on *page*, with the fields as *filled*, and press Open."""
    return pages.upload(page, {"do": "open"} | filled, file=(BytesIO(data), "note.html"))


def test_answers_of_all_pages_are_shown_in_words(shown: Opened) -> None:
    assert shown.status == 203
    assert "“rust” & <b>kalm</b>" in shown.text
    assert "The second" in shown.text
    assert 'If it "rains" then I &amp; I stay' in shown.text
    assert "Day: Mon 12:00" in shown.text
    assert shown.one("main").get("translate") == "no"
    assert not shown.all("b")


def test_keeping_nothing_is_the_first_choice(shown: Opened) -> None:
    assert [it.get("value") for it in shown.all("button")][:4] == ["nothing", "print", "save", None]


def test_nothing_leaves_no_answer_behind(walker: Pages, shown: Opened) -> None:
    answer = walker.send(shown, {"do": "nothing"})

    assert answer.status == 303
    assert answer.response.headers["Location"] == address(END)
    for typed in ALL_TYPED.values():
        assert len(typed) == 1 or typed not in answer.body
    assert "kalm" not in answer.body


def test_print_says_how_and_loses_nothing(walker: Pages, shown: Opened) -> None:
    printed = walker.send(shown, {"do": "print"})

    assert "Choose Print in the menu of your browser" in printed.text
    assert kept(printed) == ALL_TYPED


def test_changing_something_goes_back_to_the_last_page_that_asks(walker: Pages, shown: Opened) -> None:
    page = walker.send(shown, {})

    assert page.status == 203
    assert page.heading == f"Screen {LAST_ASKING}"
    assert kept(page) == ALL_TYPED


def test_another_language_shows_the_same_sheet(walker: Pages, shown: Opened) -> None:
    dutch = walker.send(shown, {"lang": "nl"})

    assert dutch.root.get("lang") == "nl"
    assert dutch.heading == "Wat je hebt geschreven"
    assert 'Als it "rains"' in dutch.text
    assert kept(dutch) == ALL_TYPED


def test_a_sheet_that_is_sent_twice_is_the_same(walker: Pages) -> None:
    page = walk(walker, until=LAST_ASKING)
    once, again = (walker.send(page, TYPED[LAST_ASKING] | {"do": "show"}) for _ in range(2))

    assert once.text == again.text
    assert kept(once) == kept(again)


def test_the_saved_file_names_no_service_and_loads_nothing(walker: Pages, shown: Opened) -> None:
    saved = walker.send(shown, {"do": "save"})

    assert saved.response.headers["Content-Disposition"] == 'attachment; filename="note.html"'
    assert saved.response.headers["X-Robots-Tag"] == "noindex"
    assert "default-src 'none'" in saved.body
    assert "&lt;b&gt;kalm&lt;/b&gt;" in saved.body
    for telltale in ("invented", "localhost", "http://", "https://", "/read/", "Screen"):
        assert telltale not in saved.body


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_saved_file_that_comes_back_gives_exactly_what_was_typed(walker: Pages, shown: Opened, language: str) -> None:
    saved = walker.send(shown, {"do": "save"}).response.get_data()

    page = opened(walker, walker.get(address(FIRST, language=language)), saved)

    assert page.status == 203
    assert page.heading == f"Screen {FIRST}"
    assert page.path == address(FIRST, language=language)
    assert words(page.one("p", role="status")) == SAID[language]
    assert kept(page) == ALL_TYPED
    assert walker.send(shown, {"do": "save"}).response.get_data() == saved


def test_a_file_takes_the_place_of_what_was_typed(walker: Pages, shown: Opened) -> None:
    saved = walker.send(shown, {"do": "save"}).response.get_data()

    assert kept(opened(walker, walk(walker, until=FIRST), saved, note="other")) == ALL_TYPED


def test_a_file_that_cannot_be_used_costs_nothing_that_was_typed(walker: Pages) -> None:
    page = opened(walker, walk(walker, until=FIRST), b"no file of ours", note="typed", **{"plan-if": "later"})

    assert page.status == 422
    assert [it.get("href") for it in page.one("div", role="alert").iter("a")] == ["#file"]
    assert page.one("input", id="file").get("aria-invalid") == "true"
    assert "open" in page.one("details", open="").attrib
    assert kept(page) == {"note": "typed", "plan-if": "later"}


def test_opening_without_a_file_says_so(walker: Pages) -> None:
    page = walker.send(walker.get(address(FIRST)), {"do": "open", "file": "note.html", "note": "typed"})

    assert page.status == 422
    assert "Choose the file that you saved" in page.text
    assert kept(page) == {"note": "typed"}


def test_a_file_is_asked_for_at_the_first_field_and_at_tables(walker: Pages) -> None:
    offered = [number for number in (1, 2, 3, 4, 5) if walk(walker, until=number).all("input", type="file")]

    assert offered == [FIRST, MIDDLE]


def test_a_file_that_is_sent_from_another_page_is_opened_there(walker: Pages, shown: Opened) -> None:
    saved = walker.send(shown, {"do": "save"}).response.get_data()

    page = opened(walker, walk(walker, until=3), saved)

    assert page.heading == "Screen 3"
    assert kept(page) == ALL_TYPED


def test_a_file_that_is_too_large_is_refused_unread(walker: Pages) -> None:
    page = opened(walker, walker.get(address(FIRST)), b"x" * 256 * 1024)

    assert page.status == 413
