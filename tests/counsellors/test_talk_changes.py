"""A talk that somebody else changes, an emergency, and a call to a talk that we cancelled."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from counsellors.talks import find_talk
from helpline.callbacks.due import DueTalk
from helpline.callbacks.tables import Booking, TalkState
from helpline.staff.tables import Act, AuditEntry
from tests.support.calls import opened, state, talk_path
from tests.support.office import Office, Person

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("version", ["7", "", "one", "²"])
def test_a_talk_that_changed_meanwhile_is_shown_as_it_stands(office: Office, counsellor: Person, version: str) -> None:
    office.book()
    path = talk_path(office)

    for action, filled in (("outcome", {"outcome": "held", "version": version}), ("emergency", {"version": version})):
        page = opened(office, counsellor)
        answer = counsellor.send(page, filled, action=f"{path}/{action}")
        assert answer.status == 409
        assert "Somebody else has changed this talk" in answer.text
        assert "How it stands booked" in answer.text
        assert ("You chose We talked" in answer.text) is (action == "outcome")
    assert state(office) is TalkState.BOOKED


def test_an_emergency_lets_a_stand_in_open_the_talk_at_any_time(office: Office, counsellor: Person) -> None:
    receipt = office.book(after=5 * HOUR)
    path = talk_path(office)
    stand_in = office.person(office.cast.other)
    assert stand_in.get(path).status == 404

    counsellor.send(opened(office, counsellor), action=f"{path}/emergency")
    assert "An emergency is running: Monday 1 March, 14:00, Anna. Call screen" in stand_in.get("/").text
    assert receipt.words[0] in opened(office, stand_in).text


def test_while_an_emergency_runs_the_call_screen_stays_in_sight(office: Office, counsellor: Person) -> None:
    receipt = office.book()
    path, page = talk_path(office), opened(office, counsellor)

    held, reloaded = (counsellor.send(page, action=f"{path}/emergency") for _ in range(2))
    for answer in (held, reloaded):
        assert answer.status == 200
        assert "Emergency running: a stand-in can open" in answer.text
        assert all(needed in answer.text for needed in (*receipt.words, "+31 6 12345678", "An emergency is running"))
        assert not answer.all("form", action=f"{path}/emergency")
    with office.stores.office.read() as session:
        assert list(session.scalars(select(AuditEntry.act))).count(Act.EMERGENCY_HELD) == 1
    assert counsellor.send(held, {"outcome": "held"}, action=f"{path}/outcome").status == 303


def test_of_two_tabs_that_close_one_talk_the_second_sees_both_outcomes(office: Office, counsellor: Person) -> None:
    office.book()
    first, second, path = opened(office, counsellor), opened(office, counsellor), talk_path(office)
    counsellor.send(first, {"outcome": "held"}, action=f"{path}/outcome")

    answer = counsellor.send(second, {"outcome": "not_reached"}, action=f"{path}/outcome")
    assert answer.status == 409
    assert "You chose We rang, nobody answered How it stands talk held" in answer.text
    assert office.tally.cells == [("callback", "we_ring.held")]


def test_a_choice_that_met_an_emergency_can_be_sent_again_with_one_press(office: Office, counsellor: Person) -> None:
    office.book()
    page, path = opened(office, counsellor), talk_path(office)
    counsellor.send(opened(office, counsellor), action=f"{path}/emergency")

    answer = counsellor.send(page, {"outcome": "held"}, action=f"{path}/outcome")
    assert answer.status == 409
    assert answer.one("input", value="held").get("checked") is not None
    assert counsellor.send(answer, {"outcome": "held"}, action=f"{path}/outcome").status == 303
    assert state(office) is TalkState.HELD
    assert office.tally.cells == [("callback", "we_ring.held")]


def test_a_cancelled_talk_whose_visitor_rings_all_the_same_offers_nothing_that_fails(
    office: Office, counsellor: Person
) -> None:
    receipt = office.book()
    path = talk_path(office)
    counsellor.send(counsellor.get(path), {"outcome": "cancelled_by_us"}, action=f"{path}/outcome")

    page = opened(office, counsellor)
    assert receipt.words[0] in page.text
    assert "record the talk as one that was not booked" in page.text
    assert not page.all("form", action=f"{path}/outcome")
    assert not page.all("form", action=f"{path}/emergency")


@pytest.mark.parametrize("action", ["outcome", "attempt", "emergency"])
def test_a_talk_that_goes_while_its_form_is_read_is_not_here(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    office.book(try_again=True)
    page, path = opened(office, counsellor), talk_path(office)
    found = find_talk

    def found_and_cancelled(booking_id: str) -> DueTalk | None:
        talk = found(booking_id)
        with office.stores.helpline.begin() as session:
            session.query(Booking).delete()
        return talk

    monkeypatch.setattr("counsellors.views.talk.find_talk", found_and_cancelled)
    assert counsellor.send(page, {"outcome": "held"}, action=f"{path}/{action}").status == 404
