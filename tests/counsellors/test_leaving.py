"""What becomes of the talks of somebody who leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from helpline.callbacks.tables import Booking, Counsellor, Envelope, TalkState
from tests.support.calls import talk_path
from tests.support.handing import assert_whole
from tests.support.ill_today import holders, let_the_other_work
from tests.support.office import Office, Person
from tests.support.pages import words

HOUR = timedelta(hours=1)


def leave_path(office: Office) -> str:
    return f"/staff/{office.cast.counsellor.id}/leave"


def let_go(office: Office, coordinator: Person) -> None:
    path = leave_path(office)
    assert coordinator.send(coordinator.get(path), action=path).status == 303


def make_hers_alone(office: Office) -> None:
    """Let nobody but the counsellor be able to open any talk."""
    with office.stores.helpline.begin() as session:
        session.execute(delete(Envelope).where(Envelope.counsellor_id != office.cast.counsellor.id))


def test_before_an_account_ends_its_coming_talks_are_listed(any_office: Office) -> None:
    any_office.book(after=25 * HOUR)
    coordinator = any_office.person(any_office.cast.coordinator)

    page = coordinator.get(leave_path(any_office))
    assert "1 talk is still to come Tuesday 2 March, 10:00: a stand-in can open it." in page.text
    make_hers_alone(any_office)
    page = coordinator.get(leave_path(any_office))
    assert "Tuesday 2 March, 10:00: afterwards nobody can open it." in page.text


def test_the_last_who_can_open_a_colleagues_talk_is_told_too(office: Office, coordinator: Person) -> None:
    office.book(after=25 * HOUR)
    with office.stores.helpline.begin() as session:
        session.execute(delete(Envelope).where(Envelope.counsellor_id != office.cast.other.id))

    page = coordinator.get(f"/staff/{office.cast.other.id}/leave")
    assert "Tuesday 2 March, 10:00, Anna: afterwards nobody can open it." in page.text


def test_an_account_without_talks_ends_without_a_word_of_them(office: Office, coordinator: Person) -> None:
    assert "still to come" not in coordinator.get(leave_path(office)).text


def test_a_talk_of_somebody_who_left_is_named_until_a_stand_in_takes_it(office: Office, coordinator: Person) -> None:
    office.book(after=25 * HOUR)
    let_go(office, coordinator)

    day = coordinator.get("/").text
    assert "Tuesday 2 March, 10:00, Anna: a stand-in takes it, and can open it from half an hour before." in day
    assert "10:00–10:30 a stand-in takes it" in coordinator.get("/week").text
    assert "Anna: a stand-in takes it" in office.person(office.cast.other).get("/").text


def test_a_talk_that_nobody_can_open_is_cancelled_by_the_coordinator(office: Office, coordinator: Person) -> None:
    office.book(after=25 * HOUR)
    make_hers_alone(office)
    let_go(office, coordinator)

    assert "A coordinator must cancel it" in office.person(office.cast.other).get("/").text
    day = coordinator.get("/")
    assert "Tuesday 2 March, 10:00, Anna: nobody can open it. Cancel it" in day.text
    path = next(str(it.get("href")) for it in day.all("a") if str(it.get("href")).startswith("/talk/"))
    page = coordinator.get(path)
    assert [it.get("value") for it in page.all("input", name="outcome")] == ["cancelled_by_us"]
    coordinator.send(page, {"outcome": "cancelled_by_us"}, action=f"{path}/outcome")
    with office.stores.helpline.read() as session:
        assert session.scalars(select(Booking.state)).one() is TalkState.CANCELLED_BY_US
    assert "lost their counsellor" not in coordinator.get("/").text


def test_a_talk_that_nobody_can_open_is_not_a_counsellors_to_cancel(office: Office, coordinator: Person) -> None:
    office.book(after=25 * HOUR)
    make_hers_alone(office)
    let_go(office, coordinator)

    with office.stores.helpline.read() as session:
        talk = session.scalars(select(Booking.id)).one()
    assert office.person(office.cast.other).get(f"/talk/{talk}").status == 404


def test_what_a_crash_left_of_a_leaving_is_done_by_the_next_signing(
    office: Office, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.book(after=25 * HOUR)
    path = leave_path(office)
    page = coordinator.get(path)

    def gone() -> None:
        raise OperationalError("DELETE", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr("counsellors.views.staff.forget_leavers", gone)
        assert coordinator.send(page, action=path).status == 503
    assert "The staff has changed since the roster was signed" in coordinator.get("/").text
    coordinator.send(coordinator.get("/roster"), action="/roster")
    with office.stores.helpline.read() as session:
        assert str(office.cast.counsellor.id) not in {str(it) for it in session.scalars(select(Envelope.counsellor_id))}
        assert not session.get_one(Counsellor, office.cast.counsellor.id).active


def test_whoever_leaves_hands_her_talks_over_first(office: Office, coordinator: Person) -> None:
    for after in (HOUR, 25 * HOUR):
        office.book(after=after)
    let_the_other_work(office)
    leave = coordinator.get(f"/staff/{office.cast.counsellor.id}/leave")
    path = f"/hand-over/{office.cast.counsellor.id}"
    assert "Hand them over first" in [words(it) for it in leave.all("a", href=path)]

    page = coordinator.get(path)
    assert page.heading == "All coming talks of Anna"
    done = coordinator.follow(coordinator.send(page, action=path))

    assert "Now with Bram: Monday 1 March, 10:00; Tuesday 2 March, 10:00." in done.text
    assert "still to come" not in coordinator.get(f"/staff/{office.cast.counsellor.id}/leave").text


def test_the_talks_of_who_has_left_are_handed_over_by_who_stands_in(office: Office, coordinator: Person) -> None:
    office.book(after=25 * HOUR)
    let_the_other_work(office)
    leave = f"/staff/{office.cast.counsellor.id}/leave"
    coordinator.send(coordinator.get(leave), action=leave)

    path = f"{talk_path(office)}/hand-over"
    assert path in {it.get("href") for it in coordinator.get("/").all("a")}
    coordinator.send(coordinator.get(path), action=path)

    assert holders(office) == ["bram"]
    assert_whole(office.stores)
    assert "lost their counsellor" not in coordinator.get("/").text
