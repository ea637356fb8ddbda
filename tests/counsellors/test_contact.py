"""The record of a talk: closed lists out of the codebook, asked after a talk, and kept nowhere."""

import pytest
from sqlalchemy import update

from counsellors.forms.contact import BOOKED, CHANNEL, FREE_NOW, NOT_SAID
from helpline.callbacks.tables import Booking
from helpline.clock.metadatas import METADATA
from helpline.store.engine import StoreName
from tests.support.calls import talk_path
from tests.support.contact import CONTACT, contact_tables, counted, everything, filled_in, held, record_path
from tests.support.office import Office, Person
from tests.support.pages import Opened, words

LISTED = "These talks have no record yet"


def chosen(page: Opened) -> dict[str, str]:
    """Return what is chosen on the page, by list."""
    return {name: value for name, value in page.fields().items() if name.startswith("contact_")}


def test_after_a_held_talk_comes_its_record_which_counts_one_cell_of_each_table(any_office: Office) -> None:
    any_office.book()
    person = any_office.person(any_office.cast.counsellor)
    page = held(any_office, person)
    assert (page.status, page.path) == (203, record_path(any_office))
    assert "What the visitor told us for this talk is destroyed." in page.text
    assert page.all("input", name=CHANNEL) == []

    day = person.follow(person.send(page, filled_in(any_office), action=record_path(any_office)))
    assert "Counted, and kept nowhere else" in day.text
    assert LISTED not in day.text
    assert [table for table, _ in counted(any_office)] == [table.id for table in contact_tables(any_office)]
    assert counted(any_office)[0] == (CHANNEL, BOOKED)


def test_questions_answers_and_their_order_are_the_codebooks_own(office: Office, counsellor: Person) -> None:
    page = counsellor.get(CONTACT)

    shown = [
        (words(next(it.iter("legend"))), [words(label) for label in it.iter("label")]) for it in page.all("fieldset")
    ]
    tables = contact_tables(office)
    assert shown == [(it.titles["en"], [cell.labels["en"] for cell in it.cells]) for it in tables]


def test_whoever_is_asked_nothing_needs_to_choose_nothing_but_how_they_came(office: Office, counsellor: Person) -> None:
    asking = {table.id for table in contact_tables(office) if NOT_SAID in {cell.id for cell in table.cells}}

    assert len(asking) > 3
    assert chosen(counsellor.get(CONTACT)) == dict.fromkeys(asking, NOT_SAID)
    assert chosen(counsellor.get(f"{CONTACT}/free-now")) == dict.fromkeys(asking, NOT_SAID) | {CHANNEL: FREE_NOW}


@pytest.mark.parametrize("wrong", ["", "splendid"])
def test_what_is_not_on_a_list_is_not_counted_and_all_else_stays_chosen(
    office: Office, counsellor: Person, wrong: str
) -> None:
    good = filled_in(office)

    page = counsellor.send(counsellor.get(CONTACT), good | {CHANNEL: wrong}, action=CONTACT)

    assert (page.status, page.title.startswith("To fix")) == (422, True)
    assert chosen(page) == {name: value for name, value in good.items() if name != CHANNEL}
    assert counted(office) == []
    assert counsellor.send(page, {CHANNEL: good[CHANNEL]}, action=CONTACT).status == 303
    assert dict(counted(office)) == good


def test_of_a_booked_talk_the_channel_is_known_and_nothing_else(office: Office, counsellor: Person) -> None:
    office.book()
    page = held(office, counsellor)
    asking = {table.id for table in contact_tables(office)}

    sent = dict.fromkeys(asking, "")
    wrong = counsellor.send(page, sent, action=record_path(office))

    assert wrong.status == 422
    assert len(wrong.one("div", id="faults").findall(".//li")) == len(asking) - 1
    assert counted(office) == []


def test_a_heavy_talk_waits_on_her_day_and_nobody_elses(office: Office, counsellor: Person) -> None:
    office.book()
    day = held(office, counsellor, outcome="heavy")
    path = record_path(office)

    assert day.path == "/"
    assert LISTED in day.text
    assert path in day.body
    for player in (office.cast.other, office.cast.coordinator):
        seen = office.person(player).get("/")
        assert LISTED not in seen.text
        assert path not in seen.body
    office.clock.wait(minutes=27 * 60)
    counsellor.sign_in(office.cast.counsellor)
    assert LISTED not in counsellor.get("/").text
    assert counsellor.get(path).status == 404


@pytest.mark.parametrize("outcome", ["missed", "not_reached", "wrong_number", "misuse", "not_there", "cancelled_by_us"])
def test_where_nobody_talked_there_is_nothing_to_record(office: Office, counsellor: Person, outcome: str) -> None:
    office.book()
    path = talk_path(office)
    page = counsellor.send(counsellor.get(path), {"outcome": outcome}, action=f"{path}/outcome")

    assert LISTED not in counsellor.follow(page).text
    sent = {"csrf_token": counsellor.token()} | filled_in(office)
    assert counsellor.get(f"{path}/contact").status == counsellor.post(f"{path}/contact", sent).status == 404
    assert counted(office) == []


def test_the_next_code_comes_first_where_somebody_is_still_on_the_line(office: Office, counsellor: Person) -> None:
    office.book()
    page = held(office, counsellor)
    path = talk_path(office)

    assert [it.get("href") for it in page.one("p", class_="note").iter("a")] == [f"{path}/next"]
    offer = counsellor.get(f"{path}/next")
    code = counsellor.send(offer, {"code": offer.all("button", name="code")[0].get("value") or ""}, action=offer.path)
    for shown in (offer, code):
        assert [words(it) for it in shown.all("a", href=record_path(office))] == ["To the record of this talk"]
    counsellor.send(page, filled_in(office), action=record_path(office))
    assert "To the record of this talk" not in counsellor.get(f"{path}/next").text


@pytest.mark.parametrize("outcome", ["held", "heavy"])
def test_who_held_a_talk_in_a_colleagues_place_records_it_at_once(
    office: Office, counsellor: Person, outcome: str
) -> None:
    office.book()
    office.clock.wait(minutes=31)
    stand_in = office.person(office.cast.coordinator)
    page = held(office, stand_in, outcome=outcome)

    assert page.path == record_path(office)
    assert "it is not on your Today" in page.text
    assert not page.all("p", class_="note")
    assert LISTED not in stand_in.get("/").text
    assert "Counted" in stand_in.follow(stand_in.send(page, filled_in(office), action=page.path)).text
    assert LISTED not in counsellor.get("/").text
    assert "This talk is counted" in counsellor.get(record_path(office)).text


def test_who_rang_because_somebody_was_free_is_counted_with_that_channel_and_nowhere_else(
    office: Office, counsellor: Person
) -> None:
    on = counsellor.follow(counsellor.send(counsellor.get("/"), action="/free-now"))
    page = counsellor.follow(counsellor.send(on, action="/free-now/taken"))

    assert "Switched off." in page.text
    assert "Visitors read" not in counsellor.get("/").text
    good = filled_in(office) | {CHANNEL: FREE_NOW}
    counsellor.send(page, good, action=CONTACT)
    assert office.tally.cells == list(good.items())


def test_no_store_says_what_was_chosen_or_who_chose_it(any_office: Office) -> None:
    any_office.book()
    person = any_office.person(any_office.cast.counsellor)
    pages = {record_path(any_office): held(any_office, person), CONTACT: person.get(CONTACT)}
    before = {name: everything(getattr(any_office.stores, name), METADATA[name]) for name in StoreName}

    for action, page in pages.items():
        assert person.send(page, filled_in(any_office, answer=-2), action=action).status == 303
    with any_office.stores.helpline.begin() as session:
        session.execute(update(Booking).values(recorded=False))

    after = {name: everything(getattr(any_office.stores, name), METADATA[name]) for name in StoreName}
    (spent,) = set(after[StoreName.HELPLINE].pop("spent_token")) - set(before[StoreName.HELPLINE].pop("spent_token"))
    assert after == before
    assert [type(value) for value in spent[:1]] == [bytes]


def test_programme_staff_see_none_of_it(office: Office) -> None:
    person = office.person(office.cast.programme_staff)

    assert {person.get(path).status for path in (CONTACT, f"{CONTACT}/free-now", "/talk/any/contact")} == {403}
