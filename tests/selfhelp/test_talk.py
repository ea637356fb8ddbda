"""Booking a talk, by the pages alone."""

from dataclasses import replace

import pytest

from helpline.callbacks.booking import NEAREST
from tests.support.pages import Opened, Pages, words
from tests.support.visitors import Served

TALK = "/en/talk/"
MOBILE = "06 12 34 56 78"


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


@pytest.fixture
def form(pages: Pages, served: Served) -> Opened:
    """Open the form and look at it for ten seconds."""
    page = pages.get(TALK)
    served.clock.wait(seconds=10)
    return page


def wish(form: Opened, **changed: str) -> dict[str, str]:
    return {"time": times_of(form)[0], "way": "you_ring"} | changed


def code_of(slip: Opened) -> str:
    return words(slip.all("p", class_="code")[0])


def test_a_talk_is_booked_without_leaving_a_contact_detail(pages: Pages, form: Opened) -> None:
    slip = pages.send(form, wish(form))

    assert slip.status == 203
    assert slip.heading == "Your talk is booked"
    assert len(code_of(slip).replace(" ", "")) == 18
    assert "Ring +31 20 794 0001 between" in slip.text
    assert slip.one("main").get("translate") == "no"


def test_we_ring_a_number_that_is_never_shown_again(pages: Pages, form: Opened) -> None:
    slip = pages.send(form, wish(form, way="we_ring", number=MOBILE))

    assert slip.status == 203
    assert "We ring you at" in slip.text
    assert "The counsellor begins with: Hello, is this a good moment?" in slip.text
    assert "34 56" not in slip.text
    assert "12345678" not in slip.body


def test_the_slip_says_the_words_that_the_code_page_says(pages: Pages, form: Opened) -> None:
    slip = pages.send(form, wish(form))

    talk = pages.send(pages.get("/en/talk/code"), {"code": code_of(slip).lower().replace(" ", "-")})

    assert talk.status == 203
    assert words(talk.all("p", class_="code")[0]) == words(slip.all("p", class_="code")[1])


def test_the_same_form_twice_shows_the_same_code(pages: Pages, form: Opened, served: Served) -> None:
    sent = form.fields() | wish(form)
    first = pages.post(TALK, sent)
    served.clock.wait(seconds=60)

    second = pages.post(TALK, sent)

    assert second.status == 203
    assert code_of(second) == code_of(first)


def test_the_same_form_much_later_leads_to_the_code(pages: Pages, form: Opened, served: Served) -> None:
    sent = form.fields() | wish(form)
    pages.post(TALK, sent)
    served.clock.wait(minutes=3)

    again = pages.post(TALK, sent)

    assert again.status == 409
    assert again.heading == "You have sent this page before"
    assert "/en/talk/code" in again.body


def test_a_form_sent_again_with_other_fields_books_nothing(pages: Pages, form: Opened) -> None:
    sent = form.fields() | wish(form)
    pages.post(TALK, sent)

    assert pages.post(TALK, sent | {"time": times_of(form)[1]}).status == 409


def test_a_taken_time_keeps_the_form_and_offers_the_nearest(pages: Pages, form: Opened, served: Served) -> None:
    taken = times_of(form)[0]
    for _ in range(2):
        page = pages.get(TALK)
        served.clock.wait(seconds=5)
        assert pages.send(page, wish(form, time=taken)).status == 203

    late = pages.send(form, wish(form, time=taken, way="we_ring", number=MOBILE, again="y"))

    assert late.status == 409
    assert late.one("input", name="number").get("value") == MOBILE
    assert late.one("input", name="again").get("checked") is not None
    assert taken not in times_of(late)
    nearest = late.all("fieldset", class_="times")[0]
    assert len(list(nearest.iter("input"))) == NEAREST
    assert "Somebody else has just taken this time" in late.text


def test_the_form_with_another_time_then_books(pages: Pages, form: Opened, served: Served) -> None:
    taken = times_of(form)[0]
    for _ in range(2):
        page = pages.get(TALK)
        served.clock.wait(seconds=5)
        pages.send(page, wish(form, time=taken))
    late = pages.send(form, wish(form, time=taken))

    assert pages.send(late, {"time": times_of(late)[0]}).status == 203


def test_missing_fields_are_said_at_once_with_links_to_them(pages: Pages, form: Opened) -> None:
    page = pages.send(form, {})

    assert page.status == 422
    assert page.title.startswith("Something to fix: ")
    summary = page.one("div", role="alert")
    assert [it.get("href") for it in summary.iter("a")] == ["#time", "#way"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("", "Fill in your telephone number"),
        ("hello", "We cannot read this number"),
        ("+1 212 736 5000", "numbers of this country"),
        ("0900 1450", "this kind of number"),
        ("+31 20 794 0000", "our own number"),
    ],
)
def test_a_number_that_we_do_not_ring_is_refused_kindly(pages: Pages, form: Opened, number: str, kind: str) -> None:
    page = pages.send(form, wish(form, way="we_ring", number=number))

    assert page.status == 422
    assert kind in page.text
    assert page.one("input", name="number").get("value") == number
    assert page.one("input", name="number").get("aria-describedby") == "number-fault"


def test_a_number_is_not_looked_at_when_the_visitor_rings(pages: Pages, form: Opened) -> None:
    assert pages.send(form, wish(form, number="nonsense")).status == 203


@pytest.mark.parametrize(
    ("field", "value"),
    [("time", "1"), ("time", "x"), ("time", "9" * 30), ("way", "pigeon"), ("about", "gossip"), ("time", "٣")],
)
def test_what_is_on_no_list_is_refused(pages: Pages, form: Opened, field: str, value: str) -> None:
    assert pages.send(form, wish(form, **{field: value})).status == 422


def test_an_unknown_opening_sentence_is_the_first(pages: Pages, form: Opened) -> None:
    assert pages.send(form, wish(form, way="we_ring", number=MOBILE, opening="99", part="many")).status == 203


def test_a_form_sent_in_two_seconds_comes_back_filled_in(pages: Pages, served: Served) -> None:
    page = pages.get(TALK)
    served.clock.wait(seconds=2)

    back = pages.send(page, wish(page))

    assert back.status == 422
    assert "Please press once more" in back.text
    served.clock.wait(seconds=4)
    assert pages.send(back, {}).status == 203


def test_a_form_of_yesterday_comes_back_filled_in(pages: Pages, form: Opened, served: Served) -> None:
    served.clock.wait(minutes=60 * 13)

    back = pages.send(form, wish(form, time=times_of(form)[-1], about="about_me"))

    assert back.status == 422
    assert "Please press once more" in back.text
    assert back.one("input", value="about_me").get("checked") is not None


def test_a_forged_form_keeps_the_words_and_gets_a_real_token(pages: Pages, form: Opened, served: Served) -> None:
    forged = pages.send(form, wish(form, way="we_ring", number=MOBILE, token="A" * 48))

    assert forged.status == 400
    assert "Please press once more" in forged.text
    assert forged.one("input", name="number").get("value") == MOBILE
    served.clock.wait(seconds=4)
    assert pages.send(forged, {}).status == 203


def test_another_language_keeps_what_was_typed(pages: Pages, form: Opened) -> None:
    dutch = pages.send(form, wish(form, way="we_ring", number=MOBILE, lang="nl"))

    assert dutch.root.get("lang") == "nl"
    assert dutch.one("input", name="number").get("value") == MOBILE
    assert dutch.one("form").get("action") == "/nl/talk/#main"


def test_a_form_with_faults_begins_with_them_and_not_with_the_story(pages: Pages, form: Opened) -> None:
    assert "You choose a time, and who rings." in form.text
    assert "You choose a time, and who rings." not in pages.send(form, {}).text


def test_the_form_says_where_to_write_for_who_cannot_speak(form: Opened) -> None:
    assert "/en/now#quiet" in [it.get("href") for it in form.all("a")]


def test_who_is_closed_is_no_help_for_whom_nothing_suits(pages: Pages, served: Served) -> None:
    early = pages.get(f"{TALK}other")
    served.clock.wait(minutes=150)
    served.site.refresh()

    assert "Kindertelefoon" not in early.text
    assert "Open now" in pages.get(f"{TALK}other").text
    assert "Kindertelefoon" in pages.get(f"{TALK}other").text


def test_a_booking_counts_once_how_far_ahead_it_is(pages: Pages, form: Opened, served: Served) -> None:
    sent = form.fields() | wish(form)
    pages.post(TALK, sent)
    pages.post(TALK, sent)

    assert [cell for table, cell in served.tally.cells if table == "lead"] == ["under_4_hours"]


def test_without_a_draw_booking_pauses_and_the_number_stands_there(pages: Pages, served: Served) -> None:
    form = pages.get(TALK)
    served.clock.wait(minutes=31)
    served.site.refresh()

    page = pages.get(TALK)

    assert page.status == 200
    assert not page.all("input", name="time")
    assert "No time can be booked just now" in page.text
    late = pages.send(form, wish(form))
    assert late.status == 503
    assert late.response.headers["Retry-After"] == "60"
    assert late.one("input", value="you_ring").get("checked") is not None


def test_a_number_that_one_person_only_could_read_is_not_taken(pages: Pages, form: Opened, served: Served) -> None:
    found = served.services()
    roster = found.snapshot.offer.roster
    assert roster is not None
    alone = replace(found.snapshot.offer, roster=replace(roster, readers=roster.readers[:1]))
    found.snapshot = replace(found.snapshot, offer=alone)

    page = pages.send(form, wish(form, way="we_ring", number=MOBILE))

    assert page.status == 422
    assert "We cannot ring you at this time" in page.text
    assert page.one("input", name="number").get("value") == MOBILE
