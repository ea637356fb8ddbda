"""What moves on the pages while nobody asks, and what stays when the store is gone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from helpline.callbacks.draw import draw_times
from helpline.web.visitors import UnfrozenPageError
from selfhelp.library import Library
from selfhelp.snapshot import Offer
from tests.support.pages import Pages
from tests.support.stores import Stores
from tests.support.visitors import Served
from tests.support.world import NOW, World


def lose_the_store(served: Served, tmp_path: Path) -> None:
    """Let the site look for its store where there is none."""
    served.services().sessions.engine.dispose()
    for file in tmp_path.glob("helpline/*"):
        file.unlink()
        file.mkdir()


def move_on(served: Served, stores: Stores, world: World) -> None:
    """Let a quarter of an hour pass, and the clock draw again."""
    served.clock.wait(minutes=15)
    roster = served.services().snapshot.offer.roster
    assert roster is not None
    with stores.helpline.begin() as session:
        draw_times(session, programme=world.programme, roster=roster, now=served.clock())


def test_nothing_is_made_again_while_nothing_moves(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(served.site, "freeze", lambda: made.append("again"))

    served.clock.wait(seconds=30)
    served.site.refresh()

    assert not made


def test_pages_follow_the_draw(pages: Pages, served: Served, stores: Stores, world: World) -> None:
    before = pages.get("/en/talk/").body
    move_on(served, stores, world)

    served.site.refresh()

    assert pages.get("/en/talk/").body != before


def test_pages_follow_the_opening_hours(pages: Pages, served: Served) -> None:
    served.clock.wait(minutes=12 * 60)
    served.site.refresh()

    assert "Closed. Opens tomorrow 09:00" in pages.get("/en/").text


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_without_the_store_the_last_snapshot_serves(pages: Pages, served: Served, tmp_path: Path) -> None:
    lose_the_store(served, tmp_path)
    served.clock.wait(minutes=10)
    served.site.refresh()

    assert pages.get("/en/talk/").status == 203
    assert pages.get("/en/read/0/1").status == 200


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_without_the_store_booking_pauses_after_half_an_hour(pages: Pages, served: Served, tmp_path: Path) -> None:
    lose_the_store(served, tmp_path)
    served.clock.wait(minutes=31)
    served.site.refresh()

    assert pages.get("/en/talk/").status == 200
    assert "No time can be booked just now" in pages.get("/en/talk/").text


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_a_list_that_nobody_can_read_makes_the_last_one_age_too(
    pages: Pages, served: Served, stores: Stores, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite takes a text into a column of times; the error that it makes is none of the database's."""
    with stores.helpline.begin() as session:
        session.execute(text("UPDATE drawn SET starts_at = 'a visitor' || rowid"))
    served.clock.wait(minutes=10)
    served.site.refresh()
    assert pages.get("/en/talk/").all("input", name="time")

    served.clock.wait(minutes=21)
    served.site.refresh()
    assert "No time can be booked just now" in pages.get("/en/talk/").text
    assert "read_offer" in caplog.text
    assert "a visitor" not in caplog.text


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_what_was_sent_while_the_store_was_gone_can_be_sent_again(pages: Pages, served: Served, tmp_path: Path) -> None:
    form = pages.get("/en/talk/")
    served.clock.wait(seconds=10)
    chosen = str(form.all("input", name="time")[0].get("value"))
    lose_the_store(served, tmp_path)

    answer = pages.send(form, {"time": chosen, "way": "we_ring", "number": "06 12345678"})

    assert answer.status == 503
    assert answer.response.headers["Retry-After"] == "60"
    kept = answer.fields()
    assert (kept["time"], kept["number"]) == (chosen, "06 12345678")
    assert kept["token"] == form.fields()["token"]


def test_without_a_signed_roster_nothing_is_offered(served: Served, pages: Pages) -> None:
    settings = replace(served.services().settings, roster_verify_keys=(b"x" * 32,))
    served.move(settings)

    assert pages.get("/en/talk/").status == 200


def test_an_offer_that_ages_loses_what_has_begun() -> None:
    first, second = NOW + timedelta(minutes=5), NOW + timedelta(hours=1)
    offer = Offer(times={"nl": (first, second), "en": None}, read_at=NOW)

    assert offer.aged(NOW + timedelta(minutes=10)).times == {"nl": (second,), "en": None}
    assert offer.aged(NOW + timedelta(minutes=30)).times == {}
    assert Offer().aged(NOW).times == {}


def without_a_page(library: Library) -> Library:
    """Return a library in which a page that another one leads to is missing."""
    pages = {key: page for key, page in library.pages.items() if key != ("en", "0/1")}
    return replace(library, pages=pages)


def test_a_page_that_breaks_stays_as_it_was(served: Served, pages: Pages) -> None:
    before = pages.get("/en/who").body
    services = served.services()
    whole = services.library
    services.library = without_a_page(whole)

    with pytest.raises(UnfrozenPageError):
        served.site.freeze()

    assert pages.get("/en/who").body == before
    services.library = whole


def test_pages_that_could_not_be_made_are_tried_again(
    served: Served, pages: Pages, stores: Stores, world: World
) -> None:
    services = served.services()
    whole = services.library
    before = pages.get("/en/talk/").body
    services.library = without_a_page(whole)
    move_on(served, stores, world)
    with pytest.raises(UnfrozenPageError):
        served.site.refresh()
    services.library = whole

    served.site.refresh()

    assert pages.get("/en/talk/").body != before
