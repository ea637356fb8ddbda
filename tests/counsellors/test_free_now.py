"""Free now: one button on Today, which falls back by itself."""

import pytest

from helpline.callbacks.free_now import free_until
from helpline.settings.programme import Way
from tests.support.office import Office, Person
from tests.support.pages import Opened, words


def said(office: Office) -> list[str]:
    """Return in which languages visitors read that somebody is free."""
    with office.stores.helpline.read() as session:
        return list(free_until(session, languages=("nl", "en"), now=office.clock.now))


def press(person: Person, *, page: Opened | None = None) -> Opened:
    return person.send(page or person.get("/"), action="/free-now")


def test_one_press_says_it_until_when_and_one_more_takes_it_back(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)
    page = person.get("/")
    assert "You are free until 10:00" in page.text

    on = person.follow(press(person, page=page))
    assert "Within a minute visitors read that somebody is free to talk, until 10:00." in on.text
    assert "Visitors read: somebody is free to talk now, until 10:00" in on.text
    assert said(any_office) == ["nl", "en"]
    off = person.follow(person.send(on, action="/free-now/off"))
    assert "Switched off." in off.text
    assert said(any_office) == []


def test_it_falls_back_by_itself(office: Office, counsellor: Person) -> None:
    press(counsellor)
    office.clock.wait(minutes=59, seconds=30)

    assert said(office) == []


def test_it_falls_back_when_she_opens_a_talk(office: Office, counsellor: Person) -> None:
    office.book()
    press(counsellor)
    assert said(office)

    talk = counsellor.get("/").one("section", class_="box next").find("a")
    assert talk is not None
    counsellor.send(counsellor.get(str(talk.get("href"))), action=f"{talk.get('href')}/open")
    assert said(office) == []


def test_it_falls_back_when_she_signs_out(office: Office, counsellor: Person) -> None:
    press(counsellor)
    counsellor.send(counsellor.get("/"), action="/sign-out")

    assert said(office) == []


def test_who_waits_for_a_visitor_is_shown_no_button_until_ten_minutes_in(office: Office, counsellor: Person) -> None:
    office.book(way=Way.YOU_RING)
    office.clock.wait(minutes=58)
    counsellor.sign_in(office.cast.counsellor)
    assert "You are free until" not in counsellor.get("/").text
    office.clock.wait(minutes=12)

    assert "You are free until 11:10" in counsellor.get("/").text


def test_a_press_that_comes_too_late_says_so_and_changes_nothing(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/")
    office.book()
    office.clock.wait(minutes=50)
    late = press(counsellor, page=page)

    assert late.status == 409
    assert "This cannot be switched on now" in late.text
    assert said(office) == []


@pytest.mark.parametrize("who", ["other", "coordinator"])
def test_who_has_no_hours_has_no_button(office: Office, who: str) -> None:
    assert "free" not in words(office.person(getattr(office.cast, who)).get("/").one("main"))


def test_programme_staff_cannot_press_it(office: Office) -> None:
    person = office.person(office.cast.programme_staff)

    assert person.post("/free-now", {"csrf_token": person.token()}).status == 403
