"""The times for under-18s: their own list, at an address that says nothing, and everything stays on it."""

from dataclasses import replace

import pytest

from helpline.callbacks.draw import read_draw, read_today
from selfhelp.site import addresses
from tests.selfhelp.test_public_door import every_page
from tests.support.following import draw_again
from tests.support.handing import change
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.talks import bookings
from tests.support.visitors import Served
from tests.support.world import World

YOUNG, CODE = "/en/talk/40", "/en/talk/code"
MOBILE = "06 12 34 56 78"
HALF_A_DAY = 12 * 6
"""In five minutes, as the form writes times: further apart than a talk and its buffer."""


@pytest.fixture
def world(world: World, stores: Stores) -> World:
    """Give a helpline in which anna alone is trained for under-18s."""
    change(stores, "anna", youth=True)
    return world


@pytest.fixture
def served(served: Served, stores: Stores, world: World) -> Served:
    """Give the site a quarter of an hour after that, when the lists are drawn again."""
    served.clock.wait(minutes=15)
    draw_again(stores.helpline, world, now=served.clock())
    served.site.refresh()
    return served


@pytest.fixture
def form(pages: Pages, served: Served) -> Opened:
    """Open the form and look at it for ten seconds."""
    return open_form(pages, served)


def open_form(pages: Pages, served: Served, path: str = YOUNG) -> Opened:
    page = pages.get(path)
    served.clock.wait(seconds=10)
    return page


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


def code_of(slip: Opened) -> str:
    return words(slip.all("p", class_="code")[0])


def drawn_for_young(stores: Stores, served: Served) -> set[str]:
    with stores.helpline.read() as session:
        lists = [read(session, language="en", youth=True, now=served.clock()) for read in (read_draw, read_today)]
    return {str(int(time.timestamp()) // 300) for found in lists for time in found or ()}


def whom(stores: Stores) -> list[str]:
    return [str(it.counsellor_id) for it in bookings(stores.helpline)]


def test_every_drawn_time_for_under_18s_stands_on_some_page_and_no_other_does(
    pages: Pages, served: Served, stores: Stores
) -> None:
    shown = [
        time for path in (YOUNG, *(f"{YOUNG}/{part}" for part in range(2, 7))) for time in times_of(pages.get(path))
    ]

    assert set(shown) == drawn_for_young(stores, served)
    assert len(shown) > 60


def test_what_stands_there_books_with_a_trained_counsellor(
    pages: Pages, served: Served, form: Opened, stores: Stores
) -> None:
    # Drawn by chance: two that lie near each other cannot both be hers.
    first, second = times_of(form)[0], times_of(form)[-1]
    assert int(second) - int(first) > HALF_A_DAY

    slips = [
        pages.send(form, {"time": first, "way": "you_ring"}),
        pages.send(open_form(pages, served), {"time": second, "way": "we_ring", "number": MOBILE}),
    ]

    assert [slip.heading for slip in slips] == ["Your talk is booked"] * 2
    assert whom(stores) == ["anna"] * 2


def test_a_taken_time_keeps_the_form_and_offers_times_for_under_18s(
    pages: Pages, served: Served, form: Opened, stores: Stores
) -> None:
    taken = times_of(form)[0]
    pages.send(open_form(pages, served), {"time": taken, "way": "you_ring"})

    late = pages.send(form, {"time": taken, "way": "we_ring", "number": MOBILE, "again": "y"})

    assert late.status == 409
    assert late.one("input", name="number").get("value") == MOBILE
    assert late.one("input", name="again").get("checked") is not None
    assert set(times_of(late)) <= drawn_for_young(stores, served)
    assert pages.send(late, {"time": times_of(late)[0]}).status == 203
    assert whom(stores) == ["anna"] * 2


@pytest.mark.parametrize(
    ("sent", "status", "path"),
    [
        ({}, 422, "/en/talk/40"),
        ({"lang": "nl"}, 203, "/en/talk/40"),
        ({"days": "2", "way": "you_ring"}, 203, "/en/talk/40"),
    ],
    ids=["a fault", "another language", "other days"],
)
def test_faults_other_languages_and_other_days_stay_on_the_list(
    pages: Pages, form: Opened, sent: dict[str, str], status: int, path: str
) -> None:
    back = pages.send(form, {"number": MOBILE, **sent})

    assert back.status == status
    assert back.one("input", name="number").get("value") == MOBILE
    assert str(back.one("form").get("action")).partition("#")[0] == path.replace("en", sent.get("lang", "en"))
    assert not [it for it in back.all("input", name="about") if it.get("value") == "professional"]


def test_nothing_in_the_address_or_in_the_title_says_who_reads(form: Opened, served: Served) -> None:
    paths = {it.path for it in addresses(served.site.flask, services=served.services())}

    assert {f"/nl{YOUNG[3:]}", f"/en{YOUNG[3:]}/6"} <= paths
    assert not [path for path in paths if "young" in path or "18" in path]
    assert form.title == "Times 2 – Information"


@pytest.mark.parametrize("place", ["40/1", "40/2", "40/3", "40/4", "40/5"])
def test_the_pages_for_under_18s_lead_to_their_own_times(pages: Pages, place: str) -> None:
    page = pages.get(f"/en/read/{place}")
    led = [str(it.get("href")) for it in page.one("main").iter("a")]

    assert YOUNG in led
    assert not [to for to in led if to.startswith("/en/talk/") and to != YOUNG]


@pytest.mark.parametrize("path", ["/en/talk/", "/en/talk/today", "/en/now", "/en/talk/other"])
def test_pages_with_times_for_adults_show_the_young_their_own(pages: Pages, path: str) -> None:
    links = [it for it in pages.get(path).all("a") if words(it) == "Under 18? This way"]

    assert [it.get("href") for it in links] == [YOUNG]


def test_talk_about_this_page_goes_to_the_times_for_under_18s(pages: Pages, served: Served) -> None:
    page = open_form(pages, served, "/en/read/41/1")
    buttons = [it for it in page.all("form") if it.get("action") == f"{YOUNG}#main"]

    talk = pages.post(YOUNG, {"page": "41", "days": "1", "token": page.fields()["token"]})

    assert len(buttons) == 1
    assert talk.heading == "Talk with us"
    assert talk.one("input", name="tell").get("checked") is None


def test_where_nobody_is_trained_the_page_says_who_can_be_reached(
    pages: Pages, served: Served, stores: Stores, world: World
) -> None:
    change(stores, "anna", youth=False)
    served.clock.wait(minutes=15)
    draw_again(stores.helpline, world, now=served.clock())
    served.site.refresh()

    page = pages.get(YOUNG)

    assert page.status == 200
    assert not times_of(page)
    assert "There are no times just now. You can chat with" in page.text
    assert "You may also ring us" in page.text
    assert times_of(pages.get("/en/talk/"))


def test_somebody_who_is_free_now_but_perhaps_untrained_is_not_named_there(pages: Pages, served: Served) -> None:
    services = served.services()
    until = {"en": served.clock().replace(minute=55)}
    services.snapshot = replace(services.snapshot, offer=replace(services.snapshot.offer, free_until=until))
    served.site.freeze()

    assert "Somebody is free to talk now" in pages.get("/en/talk/").text
    assert "Somebody is free to talk now" not in pages.get(YOUNG).text


def test_a_talk_that_moves_stays_with_trained_counsellors_and_may_say_the_age(
    pages: Pages, served: Served, form: Opened, stores: Stores
) -> None:
    slip = pages.send(form, {"time": times_of(form)[4], "way": "you_ring"})
    talk = pages.send(pages.get(CODE), {"code": code_of(slip)})
    move = pages.send(talk, {})
    served.clock.wait(seconds=10)

    assert {str(it.get("value")) for it in talk.all("button", name="time")} <= drawn_for_young(stores, served)
    assert set(times_of(move)) <= drawn_for_young(stores, served)
    assert move.one("input", name="young").get("checked") is None
    assert pages.send(move, {"time": times_of(move)[0], "way": "you_ring", "young": "y"}).status == 203
    assert whom(stores) == ["anna"]


def test_inside_a_quarter_the_pages_are_the_same_with_and_without_one_booking(
    pages: Pages, served: Served, form: Opened, stores: Stores, world: World
) -> None:
    before = every_page(served)

    assert pages.send(form, {"time": times_of(form)[0], "way": "you_ring"}).status == 203
    draw_again(stores.helpline, world, now=served.clock())
    served.site.refresh()
    assert every_page(served) == before
