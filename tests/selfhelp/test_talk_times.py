"""The list of times: whole, in parts, and never at the cost of what was chosen."""

import pytest

from tests.support.pages import Opened, Pages
from tests.support.visitors import Served

TALK = "/en/talk/"


@pytest.fixture
def form(pages: Pages, served: Served) -> Opened:
    """Open the form and look at it for ten seconds."""
    page = pages.get(TALK)
    served.clock.wait(seconds=10)
    return page


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


def wish(form: Opened, **changed: str) -> dict[str, str]:
    return {"time": times_of(form)[0], "way": "you_ring"} | changed


def chosen_in(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time") if it.get("checked") is not None]


@pytest.mark.parametrize("sent", [{"days": "2"}, {"part": "2", "way": "we_ring", "number": ""}])
def test_a_chosen_time_stays_chosen_where_other_days_are_shown(
    pages: Pages, form: Opened, sent: dict[str, str]
) -> None:
    page = pages.send(form, wish(form) | sent)

    assert "Your time" in page.text
    assert chosen_in(page) == times_of(form)[:1]


def test_a_time_that_another_language_does_not_list_stays_chosen_and_books(
    pages: Pages, form: Opened, served: Served
) -> None:
    listed = times_of(pages.get("/nl/talk/"))
    time = next(time for time in times_of(form) if time not in listed)

    dutch = pages.send(form, wish(form, time=time, lang="nl"))

    assert "Jouw tijd" in dutch.text
    assert chosen_in(dutch) == [time]
    served.clock.wait(seconds=4)
    assert pages.send(dutch, {}).heading == "Je afspraak staat"


def test_a_time_on_the_list_stands_there_once(pages: Pages, form: Opened) -> None:
    page = pages.send(form, wish(form, way="we_ring"))

    assert len(times_of(page)) == len(set(times_of(page)))
    assert chosen_in(page) == times_of(form)[:1]


def test_other_days_keep_what_was_filled_in(pages: Pages, form: Opened) -> None:
    wrong = pages.send(form, wish(form, way="we_ring", number="nonsense", again="y"))

    later = pages.send(wrong, {"days": "2"})

    assert later.status == 203
    assert times_of(later)[1:] == times_of(pages.get(f"{TALK}2"))
    assert later.one("input", name="number").get("value") == "nonsense"
    assert later.one("input", name="again").get("checked") is not None
    assert {it.get("value") for it in later.all("button", name="days")} == {"1", "3"}


def test_every_drawn_time_stands_on_some_page_of_the_list(pages: Pages, served: Served) -> None:
    shown = [time for path in (TALK, *(f"{TALK}{part}" for part in range(2, 6))) for time in times_of(pages.get(path))]

    drawn = served.site.flask.extensions["selfhelp"].snapshot.times("en")
    assert len(drawn) == len(shown) == len(set(shown))
    assert len(drawn) > 60


def test_an_error_shows_the_days_that_were_looked_at(pages: Pages, served: Served) -> None:
    page = pages.get(f"{TALK}3")
    served.clock.wait(seconds=10)

    back = pages.send(page, {})

    assert times_of(back) == times_of(page)
    assert page.fields()["part"] == "3"
