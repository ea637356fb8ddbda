"""Running late: one button at a talk that is due, for whoever may act on it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline.callbacks.tables import Booking
from tests.support.calls import opened, talk_path
from tests.support.office import Office, Person
from tests.support.pages import Opened

HOUR = timedelta(hours=1)


def is_late(office: Office) -> bool:
    with office.stores.helpline.read() as session:
        return session.scalars(select(Booking.running_late)).one()


def forms(office: Office, page: Opened) -> int:
    return len(page.all("form", action=f"{talk_path(office)}/late"))


def test_one_press_says_it_and_one_more_takes_it_back(any_office: Office) -> None:
    any_office.book()
    person, path = any_office.person(any_office.cast.counsellor), talk_path(any_office)

    on = person.follow(person.send(person.get("/"), action=f"{path}/late"))
    assert "The visitor's code now says that we are running late." in on.text
    assert "booked; running late" in on.text
    assert is_late(any_office)

    off = person.follow(person.send(on, action=f"{path}/on-time"))
    assert "The visitor's code no longer says that we are running late." in off.text
    assert "; running late" not in off.text
    assert not is_late(any_office)


def test_the_call_screen_has_the_button_and_the_end_of_the_talk_takes_it_back(
    office: Office, counsellor: Person
) -> None:
    office.book()
    path = talk_path(office)
    counsellor.send(counsellor.get(path), action=f"{path}/late")
    assert "We are on time after all" in counsellor.get(path).text

    counsellor.send(opened(office, counsellor), {"outcome": "held"}, action=f"{path}/outcome")
    assert not is_late(office)


def test_before_the_last_hour_there_is_no_button(office: Office, counsellor: Person) -> None:
    office.book(after=2 * HOUR)
    assert not forms(office, counsellor.get("/"))
    assert not forms(office, counsellor.get(talk_path(office)))
    sent = {"csrf_token": counsellor.token(), "version": "1"}
    early = counsellor.post(f"{talk_path(office)}/late", sent)

    assert early.status == 409
    assert "This talk has changed meanwhile, or it is not its time." in early.text
    assert not is_late(office)


def test_a_stand_in_has_the_button_from_half_an_hour_before(office: Office) -> None:
    office.book()
    stand_in, path = office.person(office.cast.other), talk_path(office)
    assert not forms(office, stand_in.get("/"))
    assert stand_in.post(f"{path}/late", {"csrf_token": stand_in.token(), "version": "1"}).status == 404

    office.clock.wait(minutes=31)
    stand_in.send(stand_in.get("/"), action=f"{path}/late")
    assert is_late(office)


def test_a_coordinator_says_it_of_any_talk(office: Office, coordinator: Person) -> None:
    office.book()
    coordinator.send(coordinator.get("/"), action=f"{talk_path(office)}/late")

    assert is_late(office)


@pytest.mark.parametrize("version", ["7", "", "one"])
def test_a_press_on_a_page_that_is_old_changes_nothing(office: Office, counsellor: Person, version: str) -> None:
    office.book()
    late = counsellor.send(counsellor.get("/"), {"version": version}, action=f"{talk_path(office)}/late")

    assert late.status == 409
    assert not is_late(office)


def test_programme_staff_and_other_talks_are_refused(office: Office, counsellor: Person) -> None:
    person = office.person(office.cast.programme_staff)

    assert person.post("/talk/nothing/late", {"csrf_token": person.token()}).status == 403
    assert counsellor.post("/talk/nothing/on-time", {"csrf_token": counsellor.token()}).status == 404
