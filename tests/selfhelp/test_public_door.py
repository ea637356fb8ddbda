"""What a visitor meets while the public door is paused or asks for a word, by the pages alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from werkzeug.test import Client

from helpline.callbacks.public_door import pause, set_word
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.tables import Booking, CounsellorId, SpentToken, TalkState
from helpline.codes import code_digest, draw_code
from helpline.store.engine import Sessions
from selfhelp.site import addresses
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.talks import count
from tests.support.visitors import Served
from tests.support.world import NOW, World

TALK = "/en/talk/"
MOBILE = "06 12 34 56 78"
WORD = "Lantaarn"

pytestmark = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)  # tests/callbacks/ tries both databases


def open_form(pages: Pages, served: Served) -> Opened:
    page = pages.get(TALK)
    served.clock.wait(seconds=10)
    return page


def wish(form: Opened, **changed: str) -> dict[str, str]:
    return {"time": str(form.all("input", name="time")[0].get("value")), "way": "you_ring"} | changed


def ask_for_the_word(helpline: Sessions, served: Served, word: str | None = WORD) -> None:
    with helpline.begin() as session:
        set_word(session, word)
    served.site.refresh()


def hold(helpline: Sessions, served: Served, *, paused: bool) -> None:
    with helpline.begin() as session:
        pause(session, paused=paused)
    served.site.refresh()


def test_while_booking_is_paused_the_number_stands_there_and_codes_work(
    pages: Pages, served: Served, stores: Stores
) -> None:
    slip = pages.send(open_form(pages, served), wish(open_form(pages, served)))
    code = words(slip.all("p", class_="code")[0])

    hold(stores.helpline, served, paused=True)

    page = pages.get(TALK)
    assert not page.all("input", name="time")
    assert "No time can be booked just now" in page.text
    assert served.services().settings.programme.number in page.text
    assert "Your talk stands" in pages.send(pages.get("/en/talk/code"), {"code": code}).text


def test_a_form_that_was_open_keeps_everything_through_a_pause(pages: Pages, served: Served, stores: Stores) -> None:
    form = open_form(pages, served)
    hold(stores.helpline, served, paused=True)

    held = pages.send(form, wish(form, way="we_ring", number=MOBILE))
    assert held.status == 503
    assert held.one("input", name="number").get("value") == MOBILE
    assert count(stores.helpline, Booking) == count(stores.helpline, SpentToken) == 0

    hold(stores.helpline, served, paused=False)
    assert pages.send(held, {}).status == 203


def test_the_form_asks_for_the_word_only_while_it_is_on(pages: Pages, served: Served, stores: Stores) -> None:
    assert not pages.get(TALK).all("input", name="word")

    ask_for_the_word(stores.helpline, served)
    assert pages.get(TALK).all("input", name="word")
    assert WORD.lower() not in pages.get(TALK).body.lower()

    ask_for_the_word(stores.helpline, served, None)
    assert not pages.get(TALK).all("input", name="word")


def test_a_wrong_word_books_nothing_and_loses_nothing(pages: Pages, served: Served, stores: Stores) -> None:
    ask_for_the_word(stores.helpline, served)
    wrong = form = open_form(pages, served)

    wrong = form
    for said in ("", "lamp", "lantaar", "x" * 60):
        wrong = pages.send(form, wish(form, way="we_ring", number=MOBILE, again="y", word=said))

        assert wrong.status == 422
        assert [it.get("href") for it in wrong.one("div", role="alert").iter("a")] == ["#word"]
        assert wrong.one("input", name="number").get("value") == MOBILE
        assert wrong.one("input", name="again").get("checked") is not None
        assert wrong.one("input", name="word").get("value") == said
        assert count(stores.helpline, Booking) == count(stores.helpline, SpentToken) == 0
    assert pages.send(wrong, {"word": "lan taarn"}).status == 203


def test_a_page_older_than_the_word_shows_its_field_at_once(pages: Pages, served: Served, stores: Stores) -> None:
    form = open_form(pages, served)
    with stores.helpline.begin() as session:
        set_word(session, WORD)

    asked = pages.send(form, wish(form))

    assert asked.status == 422
    assert pages.send(asked, {"word": WORD}).status == 203


def test_a_double_press_shows_the_slip_although_the_word_changed_between(
    pages: Pages, served: Served, stores: Stores
) -> None:
    form = open_form(pages, served)
    sent = form.fields() | wish(form)
    assert pages.post(TALK, sent).status == 203

    ask_for_the_word(stores.helpline, served)
    assert pages.post(TALK, sent).heading == "Your talk is booked"


def every_page(served: Served) -> dict[str, bytes]:
    """Return every page that can be asked for, with the token of its forms taken out."""
    services = served.services()
    paths = {it.path for it in addresses(served.site.flask, services=services)}
    client = Client(served.site)
    token = b" " * len(services.new_token())
    return {path: _blank(client.get(path).get_data(), token=token) for path in sorted(paths)}


def _blank(page: bytes, *, token: bytes) -> bytes:
    """Return *page* with every token, which follows its name, made blank."""
    first, *rest = page.split(b"name=token value=")
    return b"".join([first, *(token + it[len(token) :] for it in rest)])


def test_inside_a_quarter_every_public_page_is_the_same_with_and_without_one_booking(
    pages: Pages, served: Served, stores: Stores
) -> None:
    """Also when it is the one after which the far door leaves the rest of its day for later."""
    programme = served.services().settings.programme
    small = replace(programme, slots=replace(programme.slots, far_ahead_percent=1))
    served.move(replace(served.services().settings, programme=small), sessions=stores.helpline)
    form = open_form(pages, served)
    before = every_page(served)

    far = str(form.all("input", name="time")[-1].get("value"))
    assert pages.send(form, wish(form, time=far)).status == 203
    served.site.refresh()
    assert every_page(served) == before


def test_in_place_of_a_first_talk_that_we_cancelled_the_word_is_asked_for_too(
    pages: Pages, served: Served, stores: Stores
) -> None:
    """A flood that was released has such codes by the dozen."""
    slip = pages.send(open_form(pages, served), wish(open_form(pages, served)))
    code = words(slip.all("p", class_="code")[0])
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.CANCELLED_BY_US))
    ask_for_the_word(stores.helpline, served)

    form = pages.send(pages.send(pages.get("/en/talk/code"), {"code": code}), {"do": "next"})
    served.clock.wait(seconds=10)
    wrong = pages.send(form, wish(form, way="we_ring", number=MOBILE))

    assert (wrong.status, wrong.heading) == (422, "Your next talk")
    assert wrong.one("input", name="number").get("value") == MOBILE
    slip = pages.send(wrong, {"word": WORD})
    assert (slip.status, words(slip.all("p", class_="code")[0])) == (203, code)


def test_a_code_that_was_handed_over_needs_no_word(pages: Pages, served: Served, stores: Stores, world: World) -> None:
    code = draw_code(language="en")
    digest = code_digest(code, key=world.desk.keys.digest)
    with stores.helpline.begin() as session:
        gone_at = NOW + timedelta(days=42)
        session.add(FollowUp(code_digest=digest, counsellor_id=CounsellorId("bram"), talks_left=4, destroy_at=gone_at))
    ask_for_the_word(stores.helpline, served)

    form = pages.send(pages.get("/en/talk/code"), {"code": code})
    served.clock.wait(seconds=10)

    assert not form.all("input", name="word")
    assert pages.send(form, wish(form)).status == 203
