"""For who needs somebody today: who is there, the times of this day, and that somebody is free now."""

import re
from pathlib import Path

import pytest
from sqlalchemy import event
from werkzeug.test import Client

from helpline.callbacks.free_now import switch_off, switch_on
from helpline.callbacks.tables import CounsellorId
from selfhelp.site import addresses
from tests.selfhelp.test_weight import FIRST_SIZE
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.visitors import Served
from tests.support.world import World, make_world

ASKING = ["11/4", "12/1", "20/1", "20/2"]
TOKEN = re.compile(r"name=token value=\S+?>")
FREE = "Somebody is free to talk now, until 10:00."


@pytest.fixture
def stores(stores_in_files: Stores) -> Stores:
    """Give files: what differs between the databases lies below the pages."""
    return stores_in_files


@pytest.fixture
def world(stores: Stores) -> World:
    """Give a helpline that keeps two times of each day."""
    return make_world(stores.helpline, stores.data_dir, change=("today_slots = 0", "today_slots = 2"))


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


def say_free(stores: Stores, world: World, served: Served, who: str = "anna") -> None:
    who_is = CounsellorId(who)
    now = served.clock()
    stores.helpline.transact(lambda session: switch_on(session, who_is, programme=world.programme, now=now))
    served.site.refresh()


def every_page(served: Served) -> dict[str, str]:
    """Return what every address answers, without the form's token."""
    client = Client(served.site)
    paths = {it.path for it in addresses(served.site.flask, services=served.services())}
    return {path: TOKEN.sub("", client.get(path).get_data(as_text=True)) for path in paths}


@pytest.mark.parametrize("place", ASKING)
@pytest.mark.parametrize(
    ("language", "asked"), [("en", "Do you need somebody today?"), ("nl", "Heb je vandaag iemand nodig?")]
)
def test_the_hardest_paths_first_ask_whether_somebody_is_needed_today(
    reader: Pages, place: str, language: str, asked: str
) -> None:
    page = reader.get(f"/{language}/read/{place}")

    main = page.one("main")
    first = next(it for it in main.iter("a"))
    assert words(first) == asked
    assert first.get("href") == f"/{language}/now#today"
    assert page.text.index(page.heading) < page.text.index(asked) < page.text.index("113")


def test_no_other_page_asks(reader: Pages) -> None:
    for place in ("0/1", "13/1", "40/1", "80/1"):
        assert "Do you need somebody today?" not in reader.get(f"/en/read/{place}").text


def test_help_now_shows_the_times_of_today_and_nobody_asks_why(pages: Pages, served: Served) -> None:
    page = pages.get("/en/now")
    times = served.services().snapshot.times_today("en")

    assert len(times) >= 2
    assert "You need not say why." in page.text
    assert "/en/talk/today" in [it.get("href") for it in page.all("a")]
    assert page.text.index("113") < page.text.index("Open now, until 21:00") < page.text.index("A time to talk, today")


def test_a_time_of_today_is_booked_from_its_own_page(pages: Pages, served: Served) -> None:
    kept = served.services().snapshot.offer.kept_for_today["en"]
    assert kept is not None
    page = pages.get("/en/talk/today")
    ordinary = times_of(pages.get("/en/talk/"))
    served.clock.wait(seconds=10)
    chosen = times_of(page)[0]

    slip = pages.send(page, {"time": chosen, "way": "you_ring"})
    assert chosen not in ordinary
    assert slip.heading == "Your talk is booked"
    assert "Monday 1 March" in slip.text
    assert ("page", "talk") in served.tally.cells


def test_the_list_of_today_and_the_ordinary_one_lead_to_each_other(pages: Pages) -> None:
    assert "/en/talk/today" in [it.get("href") for it in pages.get("/en/talk/").all("a")]
    today = pages.get("/en/talk/today")
    assert "/en/talk/" in [it.get("href") for it in today.one("form").iter("a")]


def test_a_form_of_today_keeps_its_list_and_what_was_typed(pages: Pages, served: Served) -> None:
    page = pages.get("/nl/talk/today")
    served.clock.wait(seconds=10)
    wrong = pages.send(page, {"time": times_of(page)[0], "way": "we_ring", "number": "hello"})

    assert wrong.status == 422
    assert times_of(wrong) == times_of(page)
    assert wrong.fields()["part"] == "0"
    other = pages.send(wrong, {"days": "1"})
    assert other.one("input", name="number").get("value") == "hello"
    assert {it.get("value") for it in other.all("button", name="days")} == {"0", "2"}


def test_when_the_day_has_no_time_left_the_next_one_is_said(pages: Pages, served: Served) -> None:
    offer = served.services().snapshot.offer
    served.clock.wait(minutes=9 * 60)
    served.site.refresh()

    page = pages.get("/en/now")
    assert offer.times
    assert "No time is left for today." in page.text
    assert not pages.get("/en/talk/today").all("input", name="time")


def test_that_somebody_is_free_is_said_calmly_with_the_public_number(
    pages: Pages, served: Served, stores: Stores, world: World
) -> None:
    paths = ("/en/now", "/en/talk/", "/en/talk/today", "/en/talk/other")
    before = [pages.get(path).text for path in paths]
    say_free(stores, world, served)

    assert not any(FREE in text for text in before)
    for page in map(pages.get, paths):
        assert FREE in page.text
        assert "+31 20 794 0000" in page.text.partition(FREE)[2]
        assert "anna" not in page.text.lower()
        assert len(page.response.get_data()) == FIRST_SIZE


def test_it_is_said_in_both_languages_and_goes_by_itself(
    pages: Pages, served: Served, stores: Stores, world: World
) -> None:
    say_free(stores, world, served)
    assert "Er is nu iemand vrij om te praten, tot 10:00." in pages.get("/nl/now").text

    served.clock.wait(minutes=60)
    served.site.refresh()
    assert "vrij om te praten" not in pages.get("/nl/now").text


def test_one_more_press_takes_it_from_the_pages(pages: Pages, served: Served, stores: Stores, world: World) -> None:
    say_free(stores, world, served)
    stores.helpline.transact(lambda session: switch_off(session, CounsellorId("anna")))
    served.site.refresh()

    assert FREE not in pages.get("/en/now").text


def test_without_the_store_nobody_is_said_to_be_free(
    pages: Pages, served: Served, stores: Stores, world: World, tmp_path: Path
) -> None:
    say_free(stores, world, served)
    served.services().sessions.engine.dispose()
    for file in tmp_path.glob("helpline/*"):
        file.unlink()
        file.mkdir()
    served.site.refresh()

    assert FREE not in pages.get("/en/now").text
    assert times_of(pages.get("/en/talk/today"))


def test_which_of_two_is_free_and_when_one_stops_does_not_show(
    pages: Pages, served: Served, stores: Stores, world: World
) -> None:
    say_free(stores, world, served)
    one = pages.get("/en/now").body
    say_free(stores, world, served, who="bram")
    both = pages.get("/en/now").body
    stores.helpline.transact(lambda session: switch_off(session, CounsellorId("anna")))
    served.site.refresh()

    assert one == both == pages.get("/en/now").body


@pytest.mark.parametrize("by", ["today", "ordinary"])
def test_inside_a_quarter_every_page_is_the_same_with_and_without_one_booking(
    pages: Pages, served: Served, by: str
) -> None:
    before = every_page(served)
    page = pages.get("/en/talk/today" if by == "today" else "/en/talk/")
    served.clock.wait(seconds=10)
    assert pages.send(page, {"time": times_of(page)[0], "way": "you_ring"}).heading == "Your talk is booked"
    served.site.refresh()

    assert every_page(served) == before


def test_no_page_asks_the_store(pages: Pages, served: Served, stores: Stores, world: World) -> None:
    say_free(stores, world, served)
    asked: list[object] = []

    def note(*said: object) -> None:
        asked.append(said[2])

    event.listen(stores.helpline.engine, "before_cursor_execute", note)
    try:
        for path in ("/en/now", "/en/talk/", "/en/talk/today", "/en/talk/other", "/en/read/12/1"):
            pages.get(path)
    finally:
        event.remove(stores.helpline.engine, "before_cursor_execute", note)
    assert asked == []


def test_who_finds_no_time_that_suits_is_shown_what_there_is(pages: Pages, served: Served) -> None:
    page = pages.get("/en/talk/other")

    for said in (
        "Open now, until 21:00",
        "A time to talk, today",
        "Next time to talk",
        "113",
        "The first five minutes",
    ):
        assert said in page.text
    assert "/en/now" in [it.get("href") for it in page.all("a")]
    served.clock.wait(minutes=150)
    served.site.refresh()
    assert "Open now Kindertelefoon" in pages.get("/en/talk/other").text
