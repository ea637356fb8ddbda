"""Somebody's own calendar: read-only, off by default, neutral, and the same all day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from sqlalchemy import select

from helpline.callbacks.busy_times import freeze
from helpline.callbacks.tables import CounsellorId
from helpline.clock.metadatas import METADATA
from helpline.staff.tables import Act, AuditEntry, StaffSession
from helpline.store.engine import StoreName
from tests.support.office import Office, Person

HOUR = timedelta(hours=1)
MOST_OCTETS = 75


def address(person: Person) -> str:
    """Switch the calendar of *person* on and return where it is."""
    page = person.send(person.get("/account"), action="/account/feed")
    (shown,) = page.all("p", **{"class": "secret"})
    return "/feed/" + str(shown.text).rpartition("/feed/")[2]


def wait_until_five(office: Office) -> None:
    """Let the night go by, and do what the clock does at five."""
    office.clock.now = datetime(2027, 3, 2, 4, 0, 30, tzinfo=UTC)
    with office.stores.helpline.begin() as session:
        asking = [CounsellorId(office.cast.counsellor.id)]
        freeze(session, asking, programme=office.services.programme, now=office.clock.now)


def by_icalendar(file: bytes) -> list[tuple[object, object, str]]:
    found = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return [(it.decoded("dtstart"), it.decoded("dtend"), str(it["summary"])) for it in found]


def by_vobject(file: bytes) -> list[tuple[object, object, str]]:
    names = ("dtstart", "dtend", "summary")
    events = vobject.readOne(file.decode()).vevent_list
    rows = [[it.contents[name][0].value for name in names] for it in events]
    return [(begin, end, str(words)) for begin, end, words in rows]


def test_it_is_off_until_somebody_switches_it_on_and_the_address_is_shown_once(
    any_office: Office,
) -> None:
    person = any_office.person(any_office.cast.counsellor)
    assert "Switch it off" not in person.get("/account").text

    path = address(person)
    assert path.removeprefix("/feed/") not in person.get("/account").body
    assert "Switch it off" in person.get("/account").text
    with any_office.stores.office.read() as session:
        assert Act.FEED_SWITCHED_ON in session.scalars(select(AuditEntry.act)).all()
        for table in METADATA[StoreName.OFFICE].sorted_tables:
            assert path.removeprefix("/feed/") not in str(session.execute(select(table)).all())


@pytest.mark.parametrize("read", [by_icalendar, by_vobject], ids=["icalendar", "vobject"])
def test_two_readers_read_blocks_named_busy(
    office: Office, counsellor: Person, read: Callable[[bytes], list[tuple[object, object, str]]]
) -> None:
    receipts = [office.book(after=hours * HOUR) for hours in (26, 27, 30)]
    path = address(counsellor)
    wait_until_five(office)

    answer = office.stranger().get(path).response
    begins = [receipt.starts_at for receipt in receipts]
    half = timedelta(minutes=30)
    assert read(answer.get_data()) == [
        (begins[0], begins[1] + half, "Busy"),
        (begins[2], begins[2] + half, "Busy"),
    ]


def test_it_stands_still_all_day_and_says_nothing_of_a_visitor(office: Office, counsellor: Person) -> None:
    receipt = office.book(after=26 * HOUR)
    path, calendar = address(counsellor), office.stranger()
    wait_until_five(office)

    first = calendar.get(path).response
    office.clock.wait(minutes=1)
    office.book(after=4 * HOUR)
    with office.stores.helpline.begin() as session:
        asking = [CounsellorId(office.cast.counsellor.id)]
        freeze(session, asking, programme=office.services.programme, now=office.clock.now)
    office.clock.wait(minutes=23 * 60)
    second = calendar.get(path, Accept_Language="nl").response

    file = first.get_data()
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert second.get_data() == file
    assert b"DTSTAMP:20270302T040000Z" in file
    assert all(len(line) <= MOST_OCTETS for line in file.split(b"\r\n"))
    names = {line.partition(b":")[0].partition(b";")[0] for line in file.split(b"\r\n") if line}
    assert names == {b"BEGIN", b"VERSION", b"PRODID", b"SUMMARY", b"DTSTART", b"DTEND", b"DTSTAMP", b"UID", b"END"}
    for secret in (receipt.code, *receipt.words, "612345678", "Anna", "anna"):
        assert secret.encode() not in file


def test_it_is_empty_until_the_morning_after_it_was_switched_on(office: Office, counsellor: Person) -> None:
    office.book(after=26 * HOUR)

    file = office.stranger().get(address(counsellor)).response.get_data()
    assert b"BEGIN:VCALENDAR" in file
    assert b"VEVENT" not in file


def test_it_speaks_the_language_of_its_person_whoever_asks(office: Office, counsellor: Person) -> None:
    office.book(after=26 * HOUR)
    path = address(counsellor)
    counsellor.send(counsellor.get("/account"), {"language": "nl"}, action="/account/language")
    wait_until_five(office)

    assert b"SUMMARY:Bezet" in office.stranger().get(path, Accept_Language="en").response.get_data()


def test_no_session_is_made_or_used_and_no_cookie_is_set(office: Office, counsellor: Person) -> None:
    path = address(counsellor)

    def sessions() -> list[tuple[bytes, datetime]]:
        with office.stores.office.read() as session:
            return [(it.digest, it.last_used) for it in session.scalars(select(StaffSession))]

    before = sessions()
    office.clock.wait(minutes=20)
    for person in (office.stranger(), counsellor):
        assert not person.get(path).response.headers.getlist("Set-Cookie")
    assert sessions() == before


def test_an_address_that_is_switched_off_or_replaced_is_not_here(office: Office, counsellor: Person) -> None:
    first, second = address(counsellor), address(counsellor)
    stranger = office.stranger()
    assert [stranger.get(path).status for path in (first, second)] == [404, 200]

    page = counsellor.send(counsellor.get("/account"), action="/account/feed/off")
    assert "leads nowhere any more" in counsellor.follow(page).text
    assert stranger.get(second).status == 404
    for nothing in ("/feed/made-up", "/feed/%C3%A9", f"{second}/x"):
        assert stranger.get(nothing).status == 404


def test_programme_staff_have_no_calendar(office: Office) -> None:
    staff = office.person(office.cast.programme_staff)

    assert "Calendar of my own" not in staff.get("/account").text
    for action in ("/account/feed", "/account/feed/off"):
        assert staff.post(action, {"csrf_token": staff.token()}).status == 403
