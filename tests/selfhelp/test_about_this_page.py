"""Talk about this page: the counsellor learns which one only where the visitor ticks that."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpline.callbacks import booking
from helpline.callbacks.desk import Desk
from helpline.callbacks.envelope import Wish
from helpline.callbacks.form_token import FormToken
from selfhelp.views import talk
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.visitors import Served, visitors_settings
from tests.support.walks import ASKED, END, PATH, address, walk, walked
from tests.support.world import World

TALK = "/en/talk/"
MY_WAY = {"way": "you_ring", "about": "about_me"}
LABEL = "The counsellor may see that I come from this page: Screen 1"

pytestmark = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)


@pytest.fixture
def served(moving_site: Served, stores: Stores, world: World) -> Served:
    """Give a site with the invented module in it, that takes bookings."""
    settings = visitors_settings(world.programme, data_dir=stores.data_dir)
    moving_site.move(settings, sessions=stores.helpline, library=walked(moving_site.library))
    return moving_site


@pytest.fixture
def wishes(monkeypatch: pytest.MonkeyPatch) -> list[Wish]:
    """Give what the site asks the helpline for."""
    found: list[Wish] = []

    def listening(session: Session, wish: Wish, *, desk: Desk, token: FormToken, now: datetime) -> booking.Receipt:
        found.append(wish)
        return booking.request_callback(session, wish, desk=desk, token=token, now=now)

    monkeypatch.setattr(talk, "request_callback", listening)
    return found


def about(pages: Pages, number: int = 2) -> Opened:
    """Press "Talk about this page" on page *number* of the module."""
    return pages.send(walk(pages, until=number), {"days": "1"}, form=1)


def book(pages: Pages, served: Served, page: Opened, said: Mapping[str, str]) -> Opened:
    """Book the first time on *page* once it is ripe."""
    served.clock.wait(seconds=10)
    time = str(page.all("input", name="time")[0].get("value"))
    return pages.send(page, {"time": time} | MY_WAY | dict(said))


@pytest.mark.parametrize("number", list(ASKED)[:-1])
def test_every_page_of_a_module_but_the_last_offers_it(pages: Pages, number: int) -> None:
    page = about(pages, number)

    assert page.path == TALK
    assert page.status == 203
    assert page.one("input", name="page").get("value") == str(PATH)


def test_the_last_page_leads_to_a_talk_as_ever(pages: Pages) -> None:
    page = pages.get(address(END))

    assert not page.has_form
    assert [it.get("href") for it in page.all("a", class_="button")] == ["/en/talk/"]


def test_a_path_that_is_no_module_offers_it_not(pages: Pages) -> None:
    assert "Talk about this page" not in pages.get("/en/read/12/1").text


def test_what_we_promise_stands_before_the_first_field(pages: Pages) -> None:
    first_look = pages.get(TALK).one("ul", class_="panel")

    assert words(about(pages).one("ul", class_="panel")) == words(first_look)


def test_unticked_the_counsellor_sees_nothing_of_it(pages: Pages, served: Served, wishes: list[Wish]) -> None:
    page = about(pages)
    assert page.one("input", name="tell").get("checked") is None

    assert book(pages, served, page, {}).status == 203
    assert [wish.module for wish in wishes] == [None]


def test_ticked_the_counsellor_sees_the_module(pages: Pages, served: Served, wishes: list[Wish]) -> None:
    page = about(pages)
    assert LABEL in page.text

    assert book(pages, served, page, {"tell": "y"}).status == 203
    assert [wish.module for wish in wishes] == [PATH]


@pytest.mark.parametrize(
    "change", [{"lang": "nl"}, {"days": "2"}, {"way": ""}, {"time": "1"}, {"token": "no"}], ids=str
)
@pytest.mark.parametrize("tell", [{}, {"tell": "y"}], ids=["unticked", "ticked"])
def test_the_page_and_the_tick_survive_whatever_is_pressed(
    pages: Pages, tell: Mapping[str, str], change: Mapping[str, str]
) -> None:
    page = pages.send(about(pages), {**MY_WAY, **tell, **change})

    assert page.status in {203, 400, 422}
    assert page.one("input", name="page").get("value") == str(PATH)
    assert (page.one("input", name="tell").get("checked") is not None) is bool(tell)


@pytest.mark.parametrize("tell", [{}, {"tell": "y"}], ids=["unticked", "ticked"])
def test_it_is_booked_so_after_a_change_of_language(
    pages: Pages, served: Served, wishes: list[Wish], tell: Mapping[str, str]
) -> None:
    dutch = pages.send(about(pages), {**tell, "lang": "nl"})

    assert book(pages, served, dutch, {}).status == 203
    assert [(wish.module, wish.language) for wish in wishes] == [(PATH if tell else None, "nl")]


@pytest.mark.parametrize(
    "said", ["", "12", "99", "-1", "7.0", " 7", "\u0667", "7\n7", "0x7", "<b>", "9" * 5_000, "None"]
)
def test_a_page_that_is_none_is_passed_over(pages: Pages, served: Served, wishes: list[Wish], said: str) -> None:
    page = pages.post(TALK, about(pages).fields() | {"page": said, "tell": "y", "days": "1"})
    assert not page.all("input", name="tell")

    assert book(pages, served, page, {"page": said, "tell": "y"}).status == 203
    assert [wish.module for wish in wishes] == [None]
