"""Moving a talk, by the pages alone."""

import pytest

from helpline.codes import draw_code
from selfhelp.views.code import EARLIER_TIMES
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.talks import bookings
from tests.support.visitors import Served

TALK, CODE = "/en/talk/", "/en/talk/code"
MOBILE = "06 12 34 56 78"


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


def booked(pages: Pages, served: Served, *, time: int = 0) -> Opened:
    """Book the time of that number on the list and return the slip."""
    page = pages.get(TALK)
    served.clock.wait(seconds=10)
    return pages.send(page, {"time": times_of(page)[time], "way": "we_ring", "number": MOBILE})


def code_of(slip: Opened) -> str:
    return words(slip.all("p", class_="code")[0])


def words_of(slip: Opened) -> str:
    return words(slip.all("p", class_="code")[1])


def see(pages: Pages, code: str) -> Opened:
    return pages.send(pages.get(CODE), {"code": code})


@pytest.fixture
def slip(pages: Pages, served: Served) -> Opened:
    """Give the slip of a talk at the sixth time of the list."""
    return booked(pages, served, time=5)


@pytest.fixture
def form(pages: Pages, served: Served, slip: Opened) -> Opened:
    """Open the form that moves that talk, and look at it for ten seconds."""
    page = pages.send(see(pages, code_of(slip)), {})
    served.clock.wait(seconds=10)
    return page


def starts(stores: Stores) -> list[int]:
    """Return the times of all talks as the form writes them."""
    return [int(booking.starts_at.timestamp()) // 300 for booking in bookings(stores.helpline)]


def test_a_talk_moves_and_its_slip_has_the_same_code_and_words(
    pages: Pages, slip: Opened, form: Opened, stores: Stores
) -> None:
    chosen = times_of(form)[1]

    moved = pages.send(form, {"time": chosen, "way": "you_ring"})

    assert (moved.status, moved.path) == (203, CODE)
    assert moved.heading == "Your talk has another time"
    assert (code_of(moved), words_of(moved)) == (code_of(slip), words_of(slip))
    assert "are the same as before" in moved.text
    assert "Ring +31 20 794 0001 between" in moved.text
    assert starts(stores) == [int(chosen)]
    assert words(moved.one("p", class_="panel")) in see(pages, code_of(slip)).text


def test_the_form_says_that_the_talk_stands_and_asks_way_and_number_again(slip: Opened, form: Opened) -> None:
    assert (form.status, form.heading) == (203, "Another time")
    assert words(slip.one("p", class_="panel")) in form.text
    assert "Your talk stands until you have another time" in form.text
    assert form.one("input", name="number").get("value") == ""
    assert not [it for it in form.all("input", name="way") if it.get("checked") is not None]
    assert "34 56" not in form.text
    assert form.one("main").get("translate") == "no"


def test_a_code_that_moves_a_talk_is_in_no_address(slip: Opened, form: Opened) -> None:
    code = code_of(slip).replace(" ", "")
    addresses = [str(it.get(name)) for it in form.root.iter() for name in ("href", "action") if it.get(name)]

    assert form.one("input", name="code").get("value") == code
    assert not [it for it in addresses if code in it]


def test_an_earlier_time_is_offered_beside_the_talk_and_comes_chosen_into_the_form(
    pages: Pages, slip: Opened, stores: Stores
) -> None:
    talk = see(pages, code_of(slip))
    earlier = [str(it.get("value")) for it in talk.all("button", name="time")]

    form = pages.send(talk, {"time": earlier[2]})

    assert 3 <= len(earlier) <= EARLIER_TIMES
    assert max(map(int, earlier)) < starts(stores)[0]
    assert [it.get("value") for it in form.all("input", name="time") if it.get("checked") is not None] == [earlier[2]]


def test_the_first_talk_of_all_has_no_earlier_one_and_can_still_move(pages: Pages, served: Served) -> None:
    first = booked(pages, served)

    talk = see(pages, code_of(first))

    assert not talk.all("button", name="time")
    assert pages.send(talk, {}).heading == "Another time"


def test_a_taken_time_keeps_the_form_and_the_talk(pages: Pages, served: Served, form: Opened, stores: Stores) -> None:
    taken = times_of(form)[0]
    for _ in range(2):
        booked(pages, served)
    before = starts(stores)

    late = pages.send(form, {"time": taken, "way": "we_ring", "number": MOBILE, "again": "y"})

    assert late.status == 409
    assert late.heading == "Another time"
    assert late.one("input", name="number").get("value") == MOBILE
    assert late.one("input", name="again").get("checked") is not None
    assert starts(stores) == before
    other = times_of(late)[0]
    assert pages.send(late, {"time": other}).heading == "Your talk has another time"
    assert int(other) in starts(stores)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"way": "you_ring"}, "Choose a time."),
        ({"time": "1"}, "Choose who rings."),
        ({"way": "we_ring"}, "Fill in your telephone number"),
        ({"way": "we_ring", "number": "+1 212 555 0100"}, "We cannot ring numbers of this country."),
    ],
    ids=["no time", "no way", "no number", "a number from far away"],
)
def test_what_is_wrong_is_said_and_the_talk_stands(
    pages: Pages, form: Opened, stores: Stores, changed: dict[str, str], said: str
) -> None:
    before = starts(stores)
    sent = {name: times_of(form)[0] if name == "time" else value for name, value in changed.items()}

    page = pages.send(form, sent)

    assert (page.status, page.heading) == (422, "Another time")
    assert said in page.text
    assert starts(stores) == before


def test_a_form_sent_at_once_comes_back_filled_in(pages: Pages, slip: Opened, stores: Stores) -> None:
    page = pages.send(see(pages, code_of(slip)), {})

    hasty = pages.send(page, {"time": times_of(page)[0], "way": "you_ring"})

    assert hasty.status == 422
    assert "Please press once more" in hasty.text
    assert starts(stores) != [int(times_of(page)[0])]


def test_the_same_form_twice_shows_the_same_slip_and_later_leads_to_the_code(
    pages: Pages, served: Served, form: Opened
) -> None:
    sent = form.fields() | {"time": times_of(form)[0], "way": "you_ring"}
    first = pages.post(CODE, sent)
    served.clock.wait(seconds=60)
    second = pages.post(CODE, sent)
    served.clock.wait(minutes=2)
    third = pages.post(CODE, sent)

    assert (second.status, second.text) == (203, first.text)
    assert (third.status, third.heading) == (409, "You have sent this page before")


def test_a_talk_moves_twice_from_the_same_page_of_its_code(
    pages: Pages, served: Served, slip: Opened, stores: Stores
) -> None:
    """Each form has a token of its own, so somebody who goes back is not told that the page was sent before."""
    talk = see(pages, code_of(slip))
    for number in range(2):
        page = pages.send(talk, {})
        served.clock.wait(seconds=10)
        chosen = times_of(page)[number]
        assert pages.send(page, {"time": chosen, "way": "you_ring"}).status == 203
        assert starts(stores) == [int(chosen)]


def test_whoever_keeps_the_time_sees_the_talk_again(pages: Pages, form: Opened, stores: Stores) -> None:
    before = starts(stores)

    page = pages.send(form, {"back": "1", "time": times_of(form)[0], "way": "you_ring"})

    assert (page.status, page.heading) == (203, "Your talk")
    assert starts(stores) == before


def test_other_days_and_another_language_keep_what_was_typed(pages: Pages, form: Opened) -> None:
    later = pages.send(form, {"number": MOBILE, "way": "we_ring", "days": "2"})
    dutch = pages.send(later, {"lang": "nl"})

    assert later.one("input", name="number").get("value") == MOBILE
    assert (dutch.root.get("lang"), dutch.heading) == ("nl", "Een andere tijd")
    assert dutch.one("input", name="number").get("value") == MOBILE
    assert dutch.one("input", name="part").get("value") == "2"


def test_a_code_that_finds_no_talk_moves_none(pages: Pages, form: Opened, stores: Stores) -> None:
    before = starts(stores)

    page = pages.send(form, {"code": draw_code(language="en"), "time": times_of(form)[0], "way": "you_ring"})

    assert page.status == 422
    assert "We find no talk with this code" in page.text
    assert starts(stores) == before


def test_a_talk_whose_time_is_over_does_not_move(pages: Pages, served: Served, form: Opened, stores: Stores) -> None:
    before = starts(stores)
    (talk,) = bookings(stores.helpline)
    served.clock.now = talk.ends_at

    page = pages.send(form, {"time": times_of(form)[0], "way": "you_ring"})

    assert (page.status, page.heading) == (203, "Your talk")
    assert "The time of this talk has passed." in page.text
    assert starts(stores) == before


def test_while_booking_pauses_the_talk_stands_and_the_form_is_kept(
    pages: Pages, served: Served, form: Opened, stores: Stores
) -> None:
    before = starts(stores)
    served.clock.wait(minutes=40)

    page = pages.send(form, {"time": times_of(form)[3], "way": "we_ring", "number": MOBILE})

    assert page.status == 503
    assert page.one("input", name="number").get("value") == MOBILE
    assert starts(stores) == before


def test_a_forged_form_moves_nothing(pages: Pages, form: Opened, stores: Stores) -> None:
    before = starts(stores)

    page = pages.send(form, {"time": times_of(form)[0], "way": "you_ring", "token": ""})

    assert page.status == 400
    assert starts(stores) == before


def test_moving_counts_no_new_request(pages: Pages, served: Served, form: Opened) -> None:
    before = list(served.tally.cells)

    pages.send(form, {"time": times_of(form)[0], "way": "you_ring"})

    assert [cell for cell in served.tally.cells[len(before) :] if cell[0] in {"lead", "callback"}] == []
