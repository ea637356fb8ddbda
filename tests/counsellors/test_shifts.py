"""Swaps and wishes, as counsellors see them."""

from datetime import timedelta

import pytest

from helpline.callbacks.exceptions import close_days
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import CounsellorId
from tests.support.office import Office, Person
from tests.support.pages import Opened, words
from tests.support.talks import TUESDAY, at

WISH = {"wish_day": "2027-04-05", "half": "day", "kind": "rather_not"}


@pytest.fixture
def other(office: Office) -> Person:
    return office.person(office.cast.other)


def offer(person: Person, *, half_day: str = "2027-03-02.morning") -> Opened:
    return person.follow(person.send(person.get("/shifts"), {"half_day": half_day}, action="/shifts/offers"))


def action(page: Opened, end: str) -> str:
    (found,) = [str(it.get("action")) for it in page.all("form") if str(it.get("action")).endswith(end)]
    return found


def row(page: Opened) -> str:
    return words(list(page.all("table")[0].iter("tr"))[1])


def test_a_half_day_changes_hands_and_both_see_it(any_office: Office) -> None:
    any_office.book(after=timedelta(hours=26))
    counsellor, other = (any_office.person(it) for it in (any_office.cast.counsellor, any_office.cast.other))

    mine = offer(counsellor)
    assert "Until a colleague takes it, it stays yours." in mine.text
    assert row(mine).startswith("Tuesday 2 March morning Anna 09:00–12:00 11:00 stay with Anna Keep it")
    seen = other.get("/shifts")
    taken = other.follow(other.send(seen, action=action(seen, "/take")))
    assert "The half day is yours now." in taken.text
    for person in (counsellor, other):
        assert row(person.get("/shifts")) == "Tuesday 2 March morning Anna – 11:00 stay with Anna Bram took it"
    assert "Tuesday 2 March 09:00–12:00" in other.get("/hours").text
    assert "Tuesday 2 March 12:00–17:00 11:00" in counsellor.get("/hours").text


def test_the_slower_of_two_is_told_kindly(office: Office, counsellor: Person, other: Person) -> None:
    offer(counsellor)
    seen, mine = other.get("/shifts"), counsellor.get("/shifts")
    other.send(seen, action=action(seen, "/take"))

    again = other.send(seen, action=action(seen, "/take"))
    assert again.status == 409
    assert "no longer offered" in again.text
    late = counsellor.send(mine, action=action(mine, "/withdraw"))
    assert late.status == 409
    assert "A colleague was faster" in late.text


def test_an_offer_is_kept_after_all(office: Office, counsellor: Person) -> None:
    mine = offer(counsellor)

    assert "It is no longer offered." in counsellor.follow(counsellor.send(mine, action=action(mine, "/withdraw"))).text
    assert "Nobody offers a half day." in counsellor.get("/shifts").text


def test_who_is_away_or_finds_the_day_closed_cannot_take_it(office: Office, counsellor: Person, other: Person) -> None:
    offer(counsellor)
    whose = CounsellorId(office.cast.other.id)
    with office.stores.helpline.begin() as session:
        add_absence(session, whose, starts_at=at(TUESDAY, "09:00"), ends_at=at(TUESDAY, "10:00"))
    seen = other.get("/shifts")

    refused = other.send(seen, action=action(seen, "/take"))
    assert refused.status == 409
    assert "You are away then" in refused.text
    with office.stores.helpline.begin() as session:
        close_days(session, first=TUESDAY, last=TUESDAY, label="A day out")
    assert "nobody is there then any more" in row(other.get("/shifts"))


def test_what_is_no_half_day_of_hers_is_not_offered(counsellor: Person) -> None:
    form = counsellor.get("/shifts")
    for half_day in ("", "2027-03-02", "soon.morning", "2027-03-02.night", "2027-02-02.morning"):
        page = counsellor.send(form, {"half_day": half_day}, action="/shifts/offers")
        assert page.status == 422
        assert "Choose one of your half days." in page.text


def test_a_wish_is_noted_said_and_taken_back(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)

    page = person.follow(person.send(person.get("/shifts"), WISH, action="/shifts/wishes"))
    assert "Monday 5 April morning: rather not" in page.text
    assert "Monday 5 April from noon: rather not" in page.text
    back = person.follow(person.send(page, action="/shifts/wishes/2027-04-05.morning/remove"))
    assert "The wish is taken back." in back.text
    assert "Monday 5 April morning: rather not" not in back.text
    token = person.token()
    for gone in ("2027-04-05.morning", "nothing"):
        assert person.post(f"/shifts/wishes/{gone}/remove", {"csrf_token": token}).status == 404


NO_WISHES = (
    ({"wish_day": ""}, "Fill this in."),
    ({"wish_day": "2027-02-01"}, "This day is over."),
    ({"half": "night"}, "Fill this in."),
    ({"kind": "never"}, "Fill this in."),
)


def test_a_wish_that_cannot_be_is_said_and_kept_in_the_form(counsellor: Person) -> None:
    form = counsellor.get("/shifts")
    for change, said in NO_WISHES:
        page = counsellor.send(form, WISH | change, action="/shifts/wishes")
        assert page.status == 422
        assert said in page.text
        assert page.one("input", name="wish_day").get("value") == (WISH | change)["wish_day"]


def test_a_coordinator_who_takes_no_talks_sees_offers_and_takes_none(
    office: Office, counsellor: Person, coordinator: Person
) -> None:
    offer(counsellor)

    page = coordinator.get("/shifts")
    assert "You are not on the rota" in page.text
    assert row(page).endswith("offered")
    token = coordinator.token()
    for path in ("/shifts/offers", "/shifts/wishes", "/shifts/offers/nothing/take", "/shifts/offers/nothing/withdraw"):
        assert coordinator.post(path, {"csrf_token": token} | WISH).status == 404
