"""The self-help pages and their exercise: shown back, kept nowhere."""

import pytest

from tests.support.pages import Opened, Pages, words
from tests.support.visitors import Served

EXERCISE = "/en/read/0/3"
FILLED = {"worry": "alone", "moment": "late\n  <evening>", "step": "I ring “somebody”", "sure": "7"}


@pytest.fixture
def shown(reader: Pages) -> Opened:
    """Fill the exercise in and press the first button."""
    return reader.send(reader.get(EXERCISE), FILLED)


def test_answers_are_shown_back_in_words(shown: Opened) -> None:
    assert shown.status == 203
    assert "That nobody knows" in shown.text
    assert "late <evening>" in shown.text
    assert shown.one("main").get("translate") == "no"


def test_keeping_nothing_is_the_first_choice(shown: Opened) -> None:
    buttons = [it.get("value") for it in shown.all("button")]

    assert buttons[:4] == ["nothing", "print", "save", "back"]


def test_nothing_leaves_no_answer_in_the_history(reader: Pages, shown: Opened) -> None:
    answer = reader.send(shown, {"do": "nothing"})

    assert answer.status == 303
    assert "evening" not in answer.body
    assert reader.follow(answer).heading == "Done for today"


def test_our_back_loses_nothing(reader: Pages, shown: Opened) -> None:
    back = reader.send(shown, {"do": "back"})

    assert back.status == 203
    assert back.one("input", id="step").get("value") == FILLED["step"]
    assert back.one("input", value="alone").get("checked") is not None
    assert back.one("input", name="sure", value="7").get("checked") is not None


def test_a_line_break_in_an_answer_is_the_visitors(reader: Pages, shown: Opened) -> None:
    assert shown.one("input", name="moment").get("value") == FILLED["moment"]


def test_the_saved_file_names_no_service_and_loads_nothing(reader: Pages, shown: Opened) -> None:
    saved = reader.send(shown, {"do": "save"})

    assert saved.response.headers["Content-Disposition"] == 'attachment; filename="note.html"'
    assert "default-src 'none'" in saved.body
    assert "&lt;evening&gt;" in saved.body
    for telltale in ("invented", "localhost", "http://", "https://", "read/0"):
        assert telltale not in saved.body


def test_print_says_how(reader: Pages, shown: Opened) -> None:
    assert "Choose Print in the menu of your browser" in reader.send(shown, {"do": "print"}).text


def test_another_language_keeps_the_answers(reader: Pages, shown: Opened) -> None:
    dutch = reader.send(shown, {"lang": "nl"})

    assert dutch.root.get("lang") == "nl"
    assert dutch.one("input", id="step").get("value") == FILLED["step"]


def test_an_answer_that_cannot_stay_comes_back_whole(reader: Pages) -> None:
    long = "x" * 201

    page = reader.send(reader.get(EXERCISE), {"step": long})

    assert page.status == 422
    assert page.one("input", id="step").get("value") == long
    assert words(page.one("p", id="step-fault")) == "This is too long. Please make it shorter."
    assert [it.get("href") for it in page.one("div", role="alert").iter("a")] == ["#step"]


@pytest.mark.parametrize(("field", "value"), [("worry", "gossip"), ("sure", "11")])
def test_what_was_not_offered_is_said_at_its_field(reader: Pages, field: str, value: str) -> None:
    page = reader.send(reader.get(EXERCISE), {field: value})

    assert page.status == 422
    assert words(page.one("p", id=f"{field}-fault"))


def test_a_forged_exercise_comes_back_filled_in(reader: Pages) -> None:
    page = reader.send(reader.get(EXERCISE), FILLED | {"token": "no"})

    assert page.status == 400
    assert "Please press once more" in page.text
    assert page.one("input", id="step").get("value") == FILLED["step"]


def test_an_exercise_may_be_sent_the_next_day(reader: Pages, library_site: Served) -> None:
    page = reader.get(EXERCISE)
    library_site.clock.wait(days=1)
    try:
        assert reader.send(page, FILLED).status == 203
    finally:
        library_site.clock.wait(days=-1)


def test_an_empty_exercise_is_an_answer_too(reader: Pages) -> None:
    assert reader.send(reader.get(EXERCISE), {}).status == 203


def test_a_page_without_fields_takes_nothing(reader: Pages) -> None:
    assert reader.ask("POST", "/en/read/0/1").status == 405


@pytest.mark.parametrize("path", ["/en/read/0/9", "/en/read/99/1", "/en/read/0/1/x", "/nothing", "/en/nothing"])
def test_what_is_not_there_is_said_kindly(reader: Pages, path: str) -> None:
    assert reader.get(path).status == 404
    assert reader.ask("POST", path).status == 404


def test_the_first_screen_for_whom_the_police_came_shows_a_time_of_today(reader: Pages) -> None:
    page = reader.get("/en/read/12/1")

    assert "A time to talk today" in page.text


def test_a_page_may_say_who_can_help(reader: Pages) -> None:
    assert "Kindertelefoon" in reader.get("/en/read/40/1").text
