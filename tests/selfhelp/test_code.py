"""Coming back with a code."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from helpline.callbacks.tables import Booking, TalkState
from helpline.codes import draw_code, grouped
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.visitors import Served

CODE = "/en/talk/code"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def code(pages: Pages, served: Served) -> str:
    """Book a talk and return its code."""
    page = pages.get("/en/talk/")
    served.clock.wait(seconds=10)
    chosen = str(page.all("input", name="time")[0].get("value"))
    filled = {"time": chosen, "way": "we_ring", "number": "0612345678"}
    return words(pages.send(page, filled).all("p", class_="code")[0])


def see(pages: Pages, code: str) -> Opened:
    return pages.send(pages.get(CODE), {"code": code})


def test_a_code_shows_the_talk_and_no_digit_of_the_number(pages: Pages, code: str) -> None:
    talk = see(pages, code)

    assert talk.status == 203
    assert "Your talk stands" in talk.text
    assert "345678" not in talk.body
    assert talk.one("main").get("translate") == "no"


@pytest.mark.parametrize("between", ["", " - ", "   "])
def test_a_code_may_be_typed_in_any_way(pages: Pages, code: str, between: str) -> None:
    assert see(pages, code.lower().replace(" ", between)).status == 203


def test_a_wrong_letter_is_told_at_once(pages: Pages, code: str) -> None:
    wrong = code[:-1] + ("X" if code[-1] != "X" else "Y")

    page = see(pages, wrong)

    assert page.status == 422
    assert "A letter of this code is wrong or missing" in page.text
    assert page.one("input", name="code", type="text").get("value") == wrong


def test_an_empty_code_is_asked_for(pages: Pages) -> None:
    assert "Fill in your code" in see(pages, " ").text


def test_a_cancelled_talk_is_gone_and_its_code_unknown(pages: Pages, code: str, served: Served) -> None:
    answer = pages.send(see(pages, code), {"do": "cancel"})

    assert answer.response.headers["Location"] == "/en/talk/done"
    assert "Your talk is cancelled" in pages.follow(answer).text
    assert ("callback", "cancelled_by_visitor") in served.tally.cells
    assert see(pages, code).status == 422


def test_a_destroyed_number_is_gone_and_the_code_still_says_so(pages: Pages, code: str) -> None:
    answer = pages.send(see(pages, code), {"do": "destroy"}, form=1)

    assert "Your number is destroyed" in pages.follow(answer).text
    talk = see(pages, code)
    assert "Your number is destroyed" in talk.text
    assert not talk.all("form")


@pytest.mark.parametrize("first", ["cancel", "destroy"])
def test_a_request_that_a_visitor_ends_is_counted_once_however_often_a_button_is_pressed(
    pages: Pages, code: str, served: Served, first: str
) -> None:
    talk = see(pages, code)

    assert pages.send(talk, {"do": first}).status == 303
    for again in ("cancel", "destroy"):
        assert pages.send(talk, {"do": again}).status == 422
    assert [cell for table, cell in served.tally.cells if table == "callback"] == ["cancelled_by_visitor"]


def test_cancelling_twice_is_harmless(pages: Pages, code: str) -> None:
    talk = see(pages, code)
    pages.send(talk, {"do": "cancel"})

    assert pages.send(talk, {"do": "cancel"}).status == 422


def test_unknown_over_and_destroyed_look_the_same(pages: Pages, code: str, served: Served) -> None:
    never = grouped(draw_code(language="en"))
    served.clock.wait(days=3)
    over = see(pages, code)

    unknown = see(pages, never)

    assert over.status == unknown.status == 422
    assert over.text.replace(code, "") == unknown.text.replace(never, "")
    assert "We find no talk with this code" in over.text
    assert len(over.response.get_data()) == len(unknown.response.get_data())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (TalkState.CANCELLED_BY_US, "We had to cancel this talk"),
        (TalkState.NOT_THERE, "We were not there at your time. We are sorry: that is our fault."),
        (TalkState.NOT_REACHED, "nobody answered"),
        (TalkState.WRONG_NUMBER, "wrong number"),
        (TalkState.HELD, "has passed"),
        (TalkState.MISSED, "has passed"),
        (TalkState.MISUSE, "has passed"),
    ],
)
def test_each_state_is_said_in_words(pages: Pages, code: str, stores: Stores, state: TalkState, said: str) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=state))

    talk = see(pages, code)

    assert said in talk.text
    assert not talk.all("p", class_="code")


def test_a_talk_that_a_colleague_takes_stands_with_the_same_words(pages: Pages, code: str, stores: Stores) -> None:
    before = see(pages, code)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(handed_over=True))

    talk = see(pages, code)

    said = "Your talk stands. A colleague of ours rings or answers you. Your time and your words stay the same."
    assert said in talk.text
    assert "A colleague" not in before.text
    assert words(talk.one("p", class_="code")) == words(before.one("p", class_="code"))
    assert [it.get("value") for it in talk.all("button")] == [it.get("value") for it in before.all("button")]


LATE = {
    "en": "We are running a little late. Do you ring us? You can ring until {}. "
    "Do we ring you? Then we ring somewhat later.",
    "nl": "Het loopt bij ons een beetje uit. Bel jij ons? Dat kan tot {}. Bellen wij jou? Dan bellen we iets later.",
}


@pytest.mark.parametrize("tongue", LATE)
def test_that_we_run_late_is_said_for_both_ways_while_the_talk_stands(
    pages: Pages, code: str, stores: Stores, served: Served, tongue: str
) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(running_late=True))
        ends_at = session.scalars(select(Booking.ends_at)).one()
    said = LATE[tongue].format(f"{ends_at.astimezone(AMSTERDAM):%H:%M}")
    page = pages.get(f"/{tongue}/talk/code")

    late = pages.send(page, {"code": code}).text
    assert said in late
    assert late.count(f"{ends_at.astimezone(AMSTERDAM):%H:%M}") == 2
    served.clock.wait(minutes=60 * 4)
    assert said[:20] not in pages.send(page, {"code": code}).text


def test_a_talk_whose_time_is_over_stands_no_more_and_its_number_can_still_go(
    pages: Pages, code: str, served: Served
) -> None:
    served.clock.wait(minutes=60 * 4)

    talk = see(pages, code)

    assert "has passed" in talk.text
    assert "Your talk stands" not in talk.text
    assert not talk.all("p", class_="code")
    assert [it.get("value") for it in talk.all("button")] == ["destroy"]
    assert pages.send(talk, {"do": "destroy"}).response.headers["Location"] == "/en/talk/gone"


def test_a_code_tells_whoever_rings_us_where_and_until_when(pages: Pages, code: str) -> None:
    talk = see(pages, code)

    assert "Did you choose to ring us? Ring +31 20 794 0001 between" in talk.text
    assert "Ring again until" in talk.text


def test_a_code_forms_token_may_be_old(pages: Pages, code: str, served: Served) -> None:
    page = pages.get(CODE)
    served.clock.wait(minutes=60 * 13)

    assert pages.send(page, {"code": code}).status == 203


def test_a_forged_code_form_finds_nothing(pages: Pages, code: str) -> None:
    page = pages.get(CODE)

    forged = pages.send(page, {"code": code, "token": ""})

    assert forged.status == 400
    assert "Please press once more" in forged.text
    assert forged.one("input", type="text").get("value") == code


def test_the_code_form_changes_language_with_what_was_typed(pages: Pages, code: str) -> None:
    page = pages.send(pages.get(CODE), {"code": code, "lang": "nl"})

    assert page.root.get("lang") == "nl"
    assert page.one("input", type="text").get("value") == code


def test_a_booking_row_holds_nothing_that_was_chosen(code: str, stores: Stores) -> None:
    with stores.helpline.read() as session:
        row = session.scalars(select(Booking)).one()

    assert code.replace(" ", "") not in repr(vars(row))
