"""The next talk with the same counsellor, by the pages alone."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.keeping import MOST_TALKS
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.tables import Booking, CounsellorId, TalkState
from helpline.codes import AccessCode, code_digest, draw_code, grouped
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.talks import bookings, count
from tests.support.visitors import Served
from tests.support.world import NOW, World

CODE = "/en/talk/code"
MOBILE = "06 12 34 56 78"


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


@pytest.fixture
def code(stores: Stores, world: World) -> AccessCode:
    """Give a code that bram handed over."""
    new = draw_code(language="en")
    digest = code_digest(new, key=world.desk.keys.digest)
    gone_at = (NOW + timedelta(days=42)).replace(minute=0, second=0)
    with stores.helpline.begin() as session:
        session.add(FollowUp(code_digest=digest, counsellor_id=CounsellorId("bram"), talks_left=4, destroy_at=gone_at))
    return new


@pytest.fixture
def form(pages: Pages, served: Served, code: AccessCode) -> Opened:
    """Type the code and look at what it gives for ten seconds."""
    page = pages.send(pages.get(CODE), {"code": grouped(code).lower()})
    served.clock.wait(seconds=10)
    return page


def test_a_code_that_was_handed_over_says_with_whom_how_often_and_until_when(form: Opened) -> None:
    assert (form.status, form.heading) == (203, "Your next talk")
    for said in ("talk with Bram again", "4 more times at most", "until Monday 12 April, 10:00"):
        assert said in form.text, said
    assert form.one("main").get("translate") == "no"
    assert len(times_of(form)) > 3


def test_the_next_talk_is_booked_with_that_code(
    pages: Pages, served: Served, form: Opened, code: AccessCode, stores: Stores
) -> None:
    chosen = times_of(form)[2]

    slip = pages.send(form, {"time": chosen, "way": "we_ring", "number": MOBILE})

    (booking,) = bookings(stores.helpline)
    assert (slip.status, slip.heading) == (203, "Your talk is booked")
    assert words(slip.all("p", class_="code")[0]) == grouped(code)
    assert "It is the code that you have already." in slip.text
    assert (booking.counsellor_id, booking.talks_left) == ("bram", MOST_TALKS - 2)
    assert int(booking.starts_at.timestamp()) // 300 == int(chosen)
    assert count(stores.helpline, FollowUp) == 0
    assert "Your talk stands" in pages.send(pages.get(CODE), {"code": code}).text
    assert [cell for cell in served.tally.cells if cell[0] == "lead"] == []


def test_a_time_six_weeks_ahead_can_be_reached_by_the_buttons(pages: Pages, form: Opened, stores: Stores) -> None:
    page, days = form, 1
    while buttons := [it for it in page.all("button", name="days") if int(it.get("value") or 0) > days]:
        days += 1
        page = pages.send(page, {"days": str(buttons[0].get("value"))})

    last = times_of(page)[-1]
    assert days > 9
    assert pages.send(page, {"time": last, "way": "you_ring"}).heading == "Your talk is booked"
    assert bookings(stores.helpline)[0].starts_at > NOW + timedelta(days=40)


def test_a_second_phone_with_the_same_code_is_told_that_it_is_used(
    pages: Pages, served: Served, form: Opened, code: AccessCode, stores: Stores
) -> None:
    other = pages.send(pages.get(CODE), {"code": code})
    served.clock.wait(seconds=10)
    pages.send(form, {"time": times_of(form)[2], "way": "you_ring"})

    late = pages.send(other, {"time": times_of(other)[4], "way": "you_ring"})

    assert (late.status, late.heading) == (409, "You have sent this page before")
    assert len(bookings(stores.helpline)) == 1


def test_the_same_form_twice_shows_the_same_slip(pages: Pages, served: Served, form: Opened) -> None:
    sent = form.fields() | {"time": times_of(form)[2], "way": "you_ring"}
    first = pages.post(CODE, sent)
    served.clock.wait(seconds=60)

    assert pages.post(CODE, sent).text == first.text


def test_what_is_wrong_keeps_the_form_and_the_right(pages: Pages, form: Opened, stores: Stores) -> None:
    page = pages.send(form, {"way": "we_ring", "number": "12"})

    assert (page.status, page.heading) == (422, "Your next talk")
    assert "talk with Bram again" in page.text
    assert page.one("input", name="number").get("value") == "12"
    assert count(stores.helpline, FollowUp) == 1


def test_a_next_talk_moves_among_the_times_of_its_counsellor(
    pages: Pages, served: Served, form: Opened, code: AccessCode, stores: Stores
) -> None:
    pages.send(form, {"time": times_of(form)[2], "way": "you_ring"})
    page = pages.send(pages.send(pages.get(CODE), {"code": code}), {"do": "move"})
    served.clock.wait(seconds=10)

    moved = pages.send(page, {"time": times_of(page)[4], "way": "you_ring"})

    assert moved.heading == "Your talk has another time"
    assert [(it.counsellor_id, it.talks_left) for it in bookings(stores.helpline)] == [("bram", MOST_TALKS - 2)]


@pytest.mark.parametrize("do", ["see", "cancel", "destroy", "move"])
def test_a_code_without_a_talk_cannot_be_cancelled_away(
    pages: Pages, form: Opened, code: AccessCode, stores: Stores, do: str
) -> None:
    page = pages.send(pages.get(CODE), {"code": code, "do": do})

    assert page.status in {203, 422}
    assert count(stores.helpline, FollowUp) == 1


def test_a_right_that_is_over_looks_like_a_code_that_never_was(pages: Pages, served: Served, code: AccessCode) -> None:
    served.clock.wait(days=42)

    page = pages.send(pages.get(CODE), {"code": code})

    assert page.status == 422
    assert "We find no talk with this code" in page.text


def test_while_booking_pauses_the_right_stays(pages: Pages, served: Served, form: Opened, stores: Stores) -> None:
    served.clock.wait(minutes=40)

    page = pages.send(form, {"time": times_of(form)[5], "way": "you_ring"})

    assert page.status == 503
    assert count(stores.helpline, FollowUp) == 1


def test_a_talk_that_we_cancelled_offers_another_time_by_the_door_of_the_code(
    pages: Pages, served: Served, stores: Stores
) -> None:
    page = pages.get("/en/talk/")
    served.clock.wait(seconds=10)
    slip = pages.send(page, {"time": times_of(page)[0], "way": "you_ring"})
    code = words(slip.all("p", class_="code")[0])
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.CANCELLED_BY_US))
    talk = pages.send(pages.get(CODE), {"code": code})
    assert "We had to cancel this talk" in talk.text

    form = pages.send(talk, {"do": "next"})
    served.clock.wait(seconds=10)
    again = pages.send(form, {"time": times_of(form)[3], "way": "you_ring"})

    assert form.heading == "Your next talk"
    assert words(again.all("p", class_="code")[0]) == code
    assert words(again.all("p", class_="code")[1]) == words(slip.all("p", class_="code")[1])
    assert [(it.state, it.talks_left) for it in bookings(stores.helpline)] == [(TalkState.BOOKED, MOST_TALKS - 1)]


def test_a_code_that_gives_no_talk_shows_the_talk_it_has(pages: Pages, served: Served, stores: Stores) -> None:
    page = pages.get("/en/talk/")
    served.clock.wait(seconds=10)
    code = words(pages.send(page, {"time": times_of(page)[0], "way": "you_ring"}).all("p", class_="code")[0])

    assert pages.send(pages.get(CODE), {"code": code, "do": "next"}).heading == "Your talk"


def test_nothing_suits_is_counted_once_and_the_code_stays_good(
    pages: Pages, served: Served, form: Opened, code: AccessCode
) -> None:
    first, again = (pages.send(form, {"none": "1"}) for _ in range(2))

    assert (first.status, again.status) == (303, 303)
    assert "Next time to talk" in pages.follow(first).text
    assert served.tally.cells.count(("callback", "unmet")) == 1
    assert pages.send(pages.get(CODE), {"code": grouped(code)}).heading == "Your next talk"
