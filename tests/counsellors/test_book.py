"""Staff book a talk for somebody who is on the line, by the same function as everybody, and read the code aloud."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select

from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.tables import Envelope, SpentToken
from helpline.callbacks.times import free_times
from helpline.codes import code_digest, read_code
from tests.support.office import Office, Person
from tests.support.pages import Opened, words
from tests.support.staff_booking import (
    NUMBER,
    RINGS,
    book,
    booked_acts,
    bookings,
    let_the_other_work,
    offered,
    secrets_on,
    value_of,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize("way", ["you_ring", "we_ring"])
def test_a_talk_is_booked_and_its_code_and_words_are_shown(any_office: Office, way: str) -> None:
    person = any_office.person(any_office.cast.counsellor)
    page = person.get("/book")
    chosen = offered(page)[3]

    slip = book(person, page, time=chosen, way=way, number=NUMBER, language="en", about="professional")

    (booking,) = bookings(any_office)
    code, pair = secrets_on(slip)
    digest = code_digest(read_code(code), key=any_office.desk.keys.digest)
    assert (slip.status, booking.code_digest, value_of(booking.starts_at)) == (200, digest, chosen)
    assert pair == " – ".join(any_office.desk.call_words(read_code(code), language="en"))
    assert f"You say: {pair.split(' ')[0]}." in slip.text
    assert ("Ring +31 20 794 0001 between" if way == "you_ring" else "We ring you at") in slip.text
    assert "12345678" not in slip.body
    (act,) = booked_acts(any_office)
    assert (act.staff_id, act.about, act.detail) == (any_office.cast.counsellor.id, None, None)
    assert act.form_id != page.fields()["once"]
    assert [table for table, _ in any_office.tally.cells] == ["lead"]


def test_who_books_is_written_down_before_anything_is_booked(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counsellors.views.book.book_for_caller", broken)
    page = counsellor.get("/book")

    assert book(counsellor, page).status == 500
    assert [act.staff_id for act in booked_acts(office)] == [office.cast.counsellor.id]
    assert bookings(office) == []


def broken(*_: object, **__: object) -> None:
    raise BrokenPipeError


def test_what_is_shown_is_what_the_door_of_the_staff_finds(office: Office, counsellor: Person) -> None:
    asked = Asked("nl", door=Door.STAFF)
    with office.stores.helpline.read() as session:
        free = free_times(
            session, asked, programme=office.services.programme, roster=office.roster, now=office.clock.now
        )

    page, shown = counsellor.get("/book"), []
    for turn in range(6):
        page = counsellor.send(page, {"turn": str(turn)}, action="/book")
        shown += offered(page)

    assert shown == [value_of(time.starts_at) for time in free]
    assert free[-1].starts_at > office.clock.now + 40 * DAY


def test_a_double_press_books_once_and_shows_the_same_code(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)
    page = person.get("/book")

    first, again = book(person, page, **RINGS), book(person, page, **RINGS)

    assert secrets_on(again) == secrets_on(first) != []
    assert len(bookings(any_office)) == len(booked_acts(any_office)) == len(any_office.tally.cells) == 1


def test_the_same_form_with_other_fields_books_nothing_more(office: Office, counsellor: Person) -> None:
    let_the_other_work(office, youth=True)
    page, other = counsellor.get("/book"), str(office.cast.other.id)
    book(counsellor, page, **RINGS)

    for changes in ({"about": "professional"}, {"youth": "y"}, {"number": "06 12345679"}, {"counsellor": other}):
        again = book(counsellor, page, **(RINGS | changes))
        assert (again.status, secrets_on(again)) == (409, []), changes
        assert "This form was sent before" in again.text
    assert len(bookings(office)) == 1


@pytest.mark.parametrize("later", [timedelta(minutes=3), timedelta(hours=30)], ids=["minutes", "a day"])
def test_a_form_that_is_sent_again_later_shows_no_code(office: Office, counsellor: Person, later: timedelta) -> None:
    let_the_other_work(office)
    page = counsellor.get("/book")
    chosen = value_of((office.clock.now + 5 * DAY).replace(hour=10, minute=0, second=0, microsecond=0))
    book(counsellor, page, time=chosen)
    office.clock.now += later
    if later > DAY:
        with office.stores.helpline.begin() as session:
            session.execute(delete(SpentToken))
        counsellor.sign_in(office.cast.counsellor)

    sent = page.fields() | {"time": chosen, "csrf_token": counsellor.token()}
    assert counsellor.post("/book", sent).status == 409
    assert len(bookings(office)) == 1


def test_two_of_the_staff_cannot_have_the_same_time(any_office: Office) -> None:
    people = [any_office.person(player) for player in (any_office.cast.counsellor, any_office.cast.other)]
    pages = [person.get("/book") for person in people]
    barrier = Barrier(len(people))

    def press(place: int) -> Opened:
        barrier.wait()
        return book(people[place], pages[place], **RINGS)

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(press, range(len(people))))

    assert sorted(answer.status for answer in answers) == [200, 409]
    assert len(bookings(any_office)) == 1
    (late,) = [answer for answer in answers if answer.status == 409]
    assert late.one("input", name="number").get("value") == NUMBER
    assert "Nearest to that time" in late.text
    assert [it.get("value") for it in late.all("input", name="time") if it.get("checked") is not None] == []


def test_after_a_taken_time_one_press_on_another_books_it(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    office.book()
    (taken,) = bookings(office)

    late = book(counsellor, page, time=value_of(taken.starts_at), **RINGS)
    assert late.status == 409
    assert value_of(taken.starts_at) not in offered(late)
    assert book(counsellor, late).status == 200


def test_nothing_books_into_time_that_is_blocked(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    at_ten = (office.clock.now + DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    blocked = {"day": f"{at_ten:%Y-%m-%d}", "from_time": "10:00", "length": "hour"}
    assert value_of(at_ten) in offered(page)
    counsellor.send(counsellor.get("/week"), blocked, action="/block")

    assert value_of(at_ten) not in offered(counsellor.get("/book"))
    assert book(counsellor, page, time=value_of(at_ten)).status == 409
    assert bookings(office) == []


FAULTS = (
    ({"time": ""}, "time"),
    ({"time": "9" * 8}, "time"),
    ({"language": "xx"}, "language"),
    ({"counsellor": "nobody"}, "counsellor"),
    ({"way": "owl"}, "way"),
    ({"about": "everything"}, "about"),
    ({"way": "we_ring", "number": ""}, "number"),
    ({"way": "we_ring", "number": "112"}, "number"),
    ({"way": "we_ring", "number": "0900 1234"}, "number"),
    ({"way": "we_ring", "number": "+44 20 7946 0018"}, "number"),
    ({"way": "we_ring", "number": "+31 20 794 0001"}, "number"),
)


def test_a_fault_stands_at_its_field_and_the_rest_stays(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    for typed, field in FAULTS:
        mended = book(counsellor, page, **({"about": "about_somebody", "again": "y"} | typed))

        assert (mended.status, mended.title.startswith("To fix")) == (422, True), typed
        assert f"#{field}" in [it.get("href") for it in mended.all("a")], typed
        assert mended.one("input", name="again").get("checked") is not None
        assert mended.one("input", name="number").get("value") == typed.get("number", "")
    assert bookings(office) == []


def test_a_form_that_is_not_whole_is_pressed_once_more(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    for once in ("", "nonsense", "A" * 32, "0" * 33, "\u0660" * 32):
        page = book(counsellor, page, once=once, **RINGS)
        assert page.status == 422
        assert "Please press once more." in page.text
    assert bookings(office) == []
    assert book(counsellor, page).status == 200


def test_who_is_under_18_gets_somebody_who_is_trained_for_it(office: Office, counsellor: Person) -> None:
    page = counsellor.send(counsellor.get("/book"), {"youth": "y", "look": "1"}, action="/book")
    assert offered(page) == []
    assert "No time is free in these seven days." in page.text

    let_the_other_work(office, youth=True)
    page = counsellor.send(page, {"look": "1"}, action="/book")
    assert book(counsellor, page).status == 200
    assert [str(it.counsellor_id) for it in bookings(office)] == [office.cast.other.id]


def test_with_whom_is_asked_and_kept_to(office: Office, counsellor: Person) -> None:
    let_the_other_work(office)

    for place in range(2):
        page = counsellor.get("/book")
        slip = book(counsellor, page, time=offered(page)[4 * place], counsellor=str(office.cast.other.id))
        assert slip.status == 200
    assert {str(it.counsellor_id) for it in bookings(office)} == {office.cast.other.id}


def test_other_times_are_looked_at_without_losing_a_choice(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    chosen = offered(page)[0]

    later = counsellor.send(page, {"time": chosen, "turn": "1"} | RINGS, action="/book")

    assert later.status == 203
    assert offered(later)[0] == chosen
    assert later.one("input", name="number").get("value") == NUMBER
    assert bookings(office) == []
    assert book(counsellor, later).status == 200
    assert [value_of(it.starts_at) for it in bookings(office)] == [chosen]


def test_without_a_roster_nothing_is_offered_and_nothing_booked(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    office.clock.now += timedelta(days=60)
    counsellor.sign_in(office.cast.counsellor)

    closed = counsellor.get("/book")
    assert offered(closed) == []
    assert "No roster is in force" in closed.text
    chosen = value_of((office.clock.now + DAY).replace(hour=10, minute=0, second=0, microsecond=0))
    sent = counsellor.send(closed, RINGS | {"time": chosen}, action="/book")
    assert (sent.status, bookings(office)) == (409, [])
    assert sent.one("input", name="number").get("value") == NUMBER
    assert page.status == 203


def test_the_number_is_not_kept_when_the_session_is_over(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/book")
    chosen = offered(page)[20]
    office.clock.wait(minutes=61)
    kept = book(counsellor, page, time=chosen, **RINGS).one("input", name="kept").get("value") or ""

    shown = counsellor.sign_in(office.cast.counsellor, kept=kept)
    assert "12345678" not in shown.body
    said = [words(it) for it in shown.all("dd")]
    assert said[:2] == ["Book a talk", "Nederlands"]
    assert {"We ring them", "rather not say", "Hidden; some phones refuse that"} <= set(said)
    again = counsellor.send(shown)
    assert again.status == 422
    assert book(counsellor, again, time=chosen, number=NUMBER).status == 200
    assert [value_of(it.starts_at) for it in bookings(office)] == [chosen]


def test_a_number_that_one_person_only_could_read_is_not_taken(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpline.callbacks.booking.seal_envelopes", lambda *_, **__: 1)
    page = book(counsellor, counsellor.get("/book"), **RINGS)

    assert page.status == 422
    assert "Too few people could read a number then." in page.text
    assert bookings(office) == []
    assert book(counsellor, page, way="you_ring").status == 200


def test_an_envelope_is_sealed_to_who_may_open_it(office: Office, counsellor: Person) -> None:
    book(counsellor, counsellor.get("/book"), **RINGS)

    with office.stores.helpline.read() as session:
        assert session.scalar(select(func.count()).select_from(Envelope)) == 3


def test_who_sees_no_booking_books_none(office: Office) -> None:
    person = office.person(office.cast.programme_staff)

    assert person.get("/book").status == 403
    assert person.post("/book", {"csrf_token": person.token()}).status == 403


def test_the_pages_of_the_day_lead_there(counsellor: Person) -> None:
    for path in ("/", "/week", "/day"):
        assert "/book" in [it.get("href") for it in counsellor.get(path).all("a")]
