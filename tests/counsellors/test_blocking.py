"""Time blocked from the calendar, and opened again: one's own by a press, a colleague's with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline.callbacks.tables import Absence
from helpline.staff.tables import Act, AuditEntry
from tests.support.office import Office, Person
from tests.support.pages import Opened

HOUR = timedelta(hours=1)
MONDAY, TUESDAY = "2027-03-01", "2027-03-02"


def away(office: Office) -> list[tuple[str, str]]:
    """Return from when until when anybody is away, in the helpline's zone."""
    zone = office.services.programme.zone
    with office.stores.helpline.read() as session:
        found = session.scalars(select(Absence).order_by(Absence.starts_at)).all()
    return [(f"{it.starts_at.astimezone(zone):%d %H:%M}", f"{it.ends_at.astimezone(zone):%d %H:%M}") for it in found]


def acts(office: Office) -> list[Act]:
    with office.stores.office.read() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)))


def lifts(page: Opened) -> list[str]:
    """Return where the forms of *page* go that open time again."""
    return [path for it in page.all("form") if (path := str(it.get("action"))).endswith("/open")]


def block(person: Person, **typed: str) -> str:
    page = person.get("/week")
    answer = person.send(page, {"day": TUESDAY, "from_time": "10:00", "length": "hour"} | typed, action="/block")
    return person.follow(answer).text


def test_an_hour_is_blocked_from_the_week_and_opened_again(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)

    said = block(person)
    assert "Blocked. Nobody can book you then." in said
    assert away(any_office) == [("02 10:00", "02 11:00")]
    day = person.get(f"/day/{TUESDAY}")
    assert "09:00 free until 10:00 10:00 away until 11:00 11:00 free until 12:00" in day.text

    opened = person.send(day, action=lifts(day)[0])
    assert opened.response.headers["Location"] == f"/day/{TUESDAY}"
    assert "This time can be booked again." in person.follow(opened).text
    assert away(any_office) == []
    assert acts(any_office).count(Act.HOURS_CHANGED) == 2


def test_the_rest_of_the_day_is_blocked_and_says_which_talks_stand_in_it(office: Office, counsellor: Person) -> None:
    office.book(after=26 * HOUR)

    said = block(counsellor, length="rest")
    assert "One talk still stands in it." in said
    assert "11:00 booked" in said
    assert away(office) == [("02 10:00", "03 00:00")]


def test_the_same_block_sent_twice_is_one(office: Office, counsellor: Person) -> None:
    for _ in range(2):
        block(counsellor)

    assert len(away(office)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"from_time": "late"}, "Write a time like this"),
        ({"from_time": ""}, "Write a time like this"),
        ({"day": "someday"}, "Fill this in."),
        ({"day": "2031-01-01"}, "Fill this in."),
        ({"length": "ever"}, "Fill this in."),
        ({"day": MONDAY, "from_time": "07:30"}, "That time is over."),
        ({"day": "2027-02-28"}, "That time is over."),
        ({"from_time": "24:00", "length": "rest"}, "That time is over."),
    ],
)
def test_what_cannot_be_blocked_is_said_and_what_was_typed_is_kept(
    office: Office, counsellor: Person, typed: dict[str, str], said: str
) -> None:
    filled = {"day": TUESDAY, "from_time": "10:00", "length": "hour"} | typed
    page = counsellor.send(counsellor.get("/week"), filled, action="/block")

    assert page.status == 422
    assert said in page.text
    assert page.title.startswith("To fix")
    assert page.one("input", name="from_time").get("value") == filled["from_time"]
    assert away(office) == []


def test_whoever_is_not_in_the_rota_has_nothing_to_block(office: Office, coordinator: Person) -> None:
    assert not coordinator.get("/week").all("form", action="/block")
    typed = {"day": TUESDAY, "from_time": "10:00", "length": "hour", "csrf_token": coordinator.token()}
    assert coordinator.post("/block", typed).status == 404
    assert away(office) == []


def test_a_coordinator_opens_the_time_of_a_colleague_only_with_a_reason_that_the_audit_keeps(
    office: Office, counsellor: Person, coordinator: Person
) -> None:
    block(counsellor)
    day = coordinator.get(f"/day/{TUESDAY}")
    (path,) = lifts(day)

    for reason in ("", "because"):
        refused = coordinator.send(day, {"reason": reason}, action=path)
        assert refused.status == 422
        assert "Choose why you open the time of a colleague." in refused.text
        assert refused.heading.startswith("Tuesday 2 March")
    assert (len(away(office)), Act.LIFTED_IN_NEED in acts(office)) == (1, False)

    done = coordinator.send(day, {"reason": "lifted_in_need"}, action=path)
    assert "This time can be booked again." in coordinator.follow(done).text
    assert away(office) == []
    assert acts(office).count(Act.LIFTED_IN_NEED) == 1
    assert coordinator.send(day, {"reason": "lifted_in_need"}, action=path).status == 404


def test_the_hours_of_a_colleague_offer_no_way_around_the_reason(
    office: Office, counsellor: Person, coordinator: Person
) -> None:
    block(counsellor)
    page = coordinator.get(f"/hours/{office.cast.counsellor.id}")
    with office.stores.helpline.read() as session:
        absence = session.scalars(select(Absence.id)).one()

    around = f"/hours/{office.cast.counsellor.id}/absences/{absence}/remove"
    assert coordinator.post(around, {"csrf_token": coordinator.token()}).status == 404
    coordinator.send(page, {"reason": "lifted_by_accord"}, action=f"/block/{absence}/open")
    assert away(office) == []


def test_a_colleague_cannot_open_what_is_not_hers(office: Office, counsellor: Person) -> None:
    block(counsellor)
    other = office.person(office.cast.other)
    day = other.get(f"/day/{TUESDAY}")
    assert not lifts(day)
    with office.stores.helpline.read() as session:
        absence = session.scalars(select(Absence.id)).one()

    typed = {"reason": "lifted_in_need", "csrf_token": other.token()}
    assert other.post(f"/block/{absence}/open", typed).status == 404
    assert len(away(office)) == 1


def test_a_day_is_found_from_the_week_and_the_days_around_it(office: Office, counsellor: Person) -> None:
    office.book()
    assert counsellor.get("/week").all("a", href=f"/day/{TUESDAY}")
    today = counsellor.get("/day")
    assert today.heading == "Monday 1 March all counsellors"
    assert "Anna" in today.text
    assert len(today.all("a", href="/day/2027-02-28")) == len(today.all("a", href=f"/day/{TUESDAY}")) == 1
    assert "Nobody works that day." in counsellor.get("/day/2027-02-01").text
    for nowhere in ("someday", "2031-01-01"):
        assert counsellor.get(f"/day/{nowhere}").status == 404


def test_colleagues_see_of_a_talk_only_that_its_time_is_taken(office: Office) -> None:
    receipt = office.book(after=2 * HOUR)
    other = office.person(office.cast.other)

    for path in ("/day", "/week"):
        page = other.get(path)
        assert page.text.count("taken") == 1
        assert "/talk/" not in page.body
        assert not any(word in page.text for word in receipt.words)
