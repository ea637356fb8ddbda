"""The coordinator's door: what happens there, the switches, and the release of an hour."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from helpline.callbacks.booking import Receipt
from helpline.callbacks.public_door import FarDoor, read_door, set_far
from helpline.callbacks.tables import Booking, Drawn, TalkState
from helpline.callbacks.talk import find_talk
from helpline.roster import SignedRosterRow
from helpline.staff.tables import Act, AuditEntry
from tests.support.office import Office, Person
from tests.support.pages import words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def acts(office: Office) -> Sequence[Act]:
    """Return what was done at the door, in order."""
    with office.stores.office.read() as session:
        everything = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
    return [act for act in everything if act not in {Act.SIGNED_IN, Act.ROSTER_SIGNED, Act.MEMBER_ADDED}]


def book_several(office: Office) -> list[Receipt]:
    return [office.book(after=DAY + number * 2 * HOUR) for number in range(3)]


def rows(person: Person) -> list[str]:
    return [words(row) for row in person.get("/door").all("tr")]


def test_booking_is_paused_and_goes_on_and_both_are_written_down(any_office: Office) -> None:
    cora = any_office.person(any_office.cast.coordinator)

    paused = cora.follow(cora.send(cora.get("/door"), action="/door/pause"))
    assert "Booking is paused" in paused.text
    with any_office.stores.helpline.read() as session:
        assert read_door(session).paused
    assert "Booking is paused. Visitors see the number to ring. To the door" in cora.get("/").text

    cora.send(paused, action="/door/resume")
    with any_office.stores.helpline.read() as session:
        assert not read_door(session).paused
    assert "Booking is paused" not in cora.get("/").text
    assert acts(any_office) == [Act.BOOKING_PAUSED, Act.BOOKING_RESUMED]


def test_a_word_is_asked_for_changed_and_dropped(office: Office, coordinator: Person) -> None:
    for typed, kept in ((" paarse  ladder ", "paarse ladder"), ("Lantaarn", "Lantaarn")):
        page = coordinator.follow(coordinator.send(coordinator.get("/door"), {"word": typed}, action="/door/word"))
        assert f"On: {kept}." in page.text
    assert "Booking asks for the door word" in coordinator.get("/").text

    gone = coordinator.follow(coordinator.send(coordinator.get("/door"), action="/door/word/drop"))
    assert "Off." in gone.text
    assert acts(office) == [Act.DOOR_WORD_SET, Act.DOOR_WORD_SET, Act.DOOR_WORD_DROPPED]


@pytest.mark.parametrize("typed", ["", " . ", "x" * 31])
def test_a_word_that_nobody_can_say_is_kept_in_the_form(office: Office, coordinator: Person, typed: str) -> None:
    page = coordinator.send(coordinator.get("/door"), {"word": typed}, action="/door/word")

    assert page.status == 422
    assert page.title.startswith("To fix:")
    assert page.one("input", name="word").get("value") == typed
    assert acts(office) == []


def test_the_far_door_says_why_it_is_shut_and_real_people_open_it(office: Office, coordinator: Person) -> None:
    with office.stores.helpline.begin() as session:
        set_far(session, FarDoor.SHUT_BY_ITSELF, now=office.clock.now)

    shut = coordinator.get("/door")
    assert "Shut by itself since Monday 1 March, 09:01. Nobody came to most talks." in shut.text
    assert "The far door is shut" in coordinator.get("/").text

    opened = coordinator.follow(coordinator.send(shut, action="/door/far/open"))
    assert "Of each day at most 70 % is given away" in opened.text
    again = coordinator.follow(coordinator.send(opened, action="/door/far/shut"))
    assert "Shut by one of you since" in again.text
    assert acts(office) == [Act.FAR_DOOR_OPENED, Act.FAR_DOOR_SHUT]


def test_the_page_shows_how_full_the_days_are_and_when_talks_were_booked(office: Office, coordinator: Person) -> None:
    book_several(office)

    assert "Tuesday 2 March 6 3 3 2" in rows(coordinator)
    assert "Wednesday 3 March 6 0 6 5" in rows(coordinator)
    assert "Monday 1 March, 09:00 3 Release… Monday 1 March, 09:00" in rows(coordinator)


def test_without_a_roster_the_days_cannot_be_reckoned_and_the_page_says_so(office: Office, coordinator: Person) -> None:
    with office.stores.helpline.begin() as session:
        session.execute(delete(SignedRosterRow))

    assert "No roster is in force, so nothing can be booked." in rows(coordinator)


def test_an_hour_is_released_in_one_action_after_its_number_was_said(any_office: Office) -> None:
    receipts = book_several(any_office)
    any_office.clock.wait(minutes=60)
    cora = any_office.person(any_office.cast.coordinator)
    later = any_office.book(after=2 * DAY)

    asked = cora.send(cora.get("/door"), {"hour": hour_of(any_office, receipts[0])}, action="/door/hour")
    assert (asked.status, asked.heading) == (203, "Cancel 3 talks?")
    assert acts(any_office) == []

    done = cora.follow(cora.send(asked, action="/door/hour/release"))
    assert "3 talks are cancelled and their times free." in done.text
    with any_office.stores.helpline.read() as session:
        found = [find_talk(session, it.code, desk=any_office.desk, now=any_office.clock.now) for it in receipts]
        stands = find_talk(session, later.code, desk=any_office.desk, now=any_office.clock.now)
    assert {talk.state for talk in found} == {TalkState.RELEASED}
    assert stands.state is TalkState.BOOKED
    assert acts(any_office) == [Act.TALKS_RELEASED]
    assert any_office.tally.cells.count(("callback", "cancelled_by_us")) == 3


def hour_of(office: Office, receipt: Receipt) -> str:
    """Return the hour in which a talk was booked, as the form writes it."""
    with office.stores.helpline.read() as session:
        hour = session.scalars(select(Booking.booked_hour).where(Booking.starts_at == receipt.starts_at)).one()
    assert hour is not None
    return str(int(hour.timestamp()) // 3600)


def test_never_more_talks_go_than_the_page_said(office: Office, coordinator: Person) -> None:
    (first, *_) = book_several(office)
    asked = coordinator.send(coordinator.get("/door"), {"hour": hour_of(office, first)}, action="/door/hour")
    office.book(after=3 * DAY)

    again = coordinator.send(asked, action="/door/hour/release")
    assert (again.status, again.heading) == (409, "Cancel 4 talks?")
    assert "Meanwhile there are more" in again.text
    assert acts(office) == []
    assert coordinator.send(again, action="/door/hour/release").status == 303


def test_an_hour_is_released_once(office: Office, coordinator: Person) -> None:
    (first, *_) = book_several(office)
    asked = coordinator.send(coordinator.get("/door"), {"hour": hour_of(office, first)}, action="/door/hour")
    coordinator.send(asked, action="/door/hour/release")

    twice = coordinator.send(asked, action="/door/hour/release")
    assert twice.status == 409
    assert "No talk to come that was booked in that hour is left." in twice.text
    assert acts(office) == [Act.TALKS_RELEASED]


@pytest.mark.parametrize("hour", ["", "x", "999999999", "-1", "٣"])
def test_an_hour_that_is_none_releases_nothing(office: Office, coordinator: Person, hour: str) -> None:
    book_several(office)

    answer = coordinator.post("/door/hour/release", {"hour": hour, "talks": "9", "csrf_token": coordinator.token()})
    assert answer.status == 409
    assert acts(office) == []


def test_staff_are_told_when_hardly_a_time_is_left(office: Office, counsellor: Person) -> None:
    assert "Hardly a time is left" not in counsellor.get("/").text

    with office.stores.helpline.begin() as session:
        soon = Drawn.starts_at.between(office.clock.now, office.clock.now + 3 * DAY)
        session.execute(delete(Drawn).where(soon))
    day = counsellor.get("/")
    assert "Hardly a time is left for visitors in the next three days." in day.text
    assert "/door" not in day.body
