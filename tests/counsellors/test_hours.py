"""Weekly hours and absences."""

from datetime import timedelta

import pytest

from tests.support.office import Office, Person

EVENING = {"weekday": "5", "starts": "20:00", "ends": "24:00", "valid_from": "2027-03-01", "valid_until": ""}
AWAY = {"first_day": "2027-03-10", "from_time": "", "last_day": "2027-03-12", "until_time": ""}


def test_hours_are_added_and_ended(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)
    path = f"/hours/{any_office.cast.counsellor.id}"

    page = person.follow(person.send(person.get("/hours"), EVENING, action=f"{path}/weekly"))
    assert "Saturday 20:00–24:00" in page.text
    ends = [str(it.get("action")) for it in page.all("form") if str(it.get("action")).endswith("/end")]
    after = person.follow(person.send(page, action=ends[-1]))
    assert "These hours have ended" in after.text
    assert sum(str(it.get("action")).endswith("/end") for it in after.all("form")) == len(ends) - 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starts": ""}, "Fill this in."),
        ({"starts": "nine"}, "Write a time like this"),
        ({"ends": "19:00"}, "The end must lie after the beginning."),
        ({"valid_from": "tomorrow"}, "Write a date like this"),
        ({"valid_until": "2027-02-01"}, "must not lie before"),
        ({"valid_until": "never"}, "Write a date like this"),
        ({"weekday": "9"}, "Fill this in."),
        ({"weekday": "0", "starts": "10:00", "ends": "11:00"}, "overlap"),
    ],
    ids=str,
)
def test_hours_that_cannot_be_are_said_and_kept_in_the_form(
    office: Office, counsellor: Person, change: dict[str, str], said: str
) -> None:
    action = f"/hours/{office.cast.counsellor.id}/weekly"

    page = counsellor.send(counsellor.get("/hours"), EVENING | change, action=action)
    assert page.status == 422
    assert said in page.text
    assert page.title.startswith("To fix:")
    assert page.one("input", name="ends").get("value") == (EVENING | change)["ends"]


def test_an_absence_is_noted_and_taken_back(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)
    path = f"/hours/{any_office.cast.counsellor.id}/absences"

    page = person.follow(person.send(person.get("/hours"), AWAY, action=path))
    assert "Wednesday 10 March, 00:00 Saturday 13 March, 00:00" in page.text
    removes = [str(it.get("action")) for it in page.all("form") if str(it.get("action")).endswith("/remove")]
    assert "taken back" in person.follow(person.send(page, action=removes[0])).text


@pytest.mark.parametrize(("talks", "said"), [(1, "One talk still stands"), (2, "2 talks still stand")])
def test_an_absence_says_which_talks_it_meets(office: Office, counsellor: Person, talks: int, said: str) -> None:
    for count in range(talks):
        office.book(after=timedelta(hours=24 + 2 * count))
    action = f"/hours/{office.cast.counsellor.id}/absences"
    tomorrow = {"first_day": "2027-03-02", "from_time": "08:00", "last_day": "2027-03-02", "until_time": "18:00"}

    assert said in counsellor.follow(counsellor.send(counsellor.get("/hours"), tomorrow, action=action)).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first_day": "soon"}, "Write a date like this"),
        ({"first_day": ""}, "Fill this in."),
        ({"from_time": "25:00"}, "Write a time like this"),
        ({"last_day": "2027-03-09"}, "The end must lie after the beginning."),
        ({"last_day": "2031-03-09"}, "At most a year."),
    ],
)
def test_an_absence_that_cannot_be_is_said(
    office: Office, counsellor: Person, change: dict[str, str], said: str
) -> None:
    action = f"/hours/{office.cast.counsellor.id}/absences"

    page = counsellor.send(counsellor.get("/hours"), AWAY | change, action=action)
    assert page.status == 422
    assert said in page.text


def test_nobody_sees_or_keeps_the_hours_of_a_colleague(office: Office, counsellor: Person) -> None:
    theirs = f"/hours/{office.cast.other.id}"
    token = counsellor.token()

    assert counsellor.get(theirs).status == 404
    for path in ("weekly", "absences", "weekly/x/end", "absences/x/remove"):
        assert counsellor.post(f"{theirs}/{path}", {"csrf_token": token}).status == 404


def test_the_coordinator_keeps_everybodys_hours(office: Office, coordinator: Person) -> None:
    led = coordinator.get("/hours")
    assert led.status == 303
    path = f"/hours/{office.cast.counsellor.id}"

    page = coordinator.get(path)
    assert page.one("a", href=f"/hours/{office.cast.other.id}").text == "Bram"
    assert coordinator.send(page, EVENING, action=f"{path}/weekly").status == 303


def test_hours_and_absences_that_are_not_there_are_not_here(office: Office, counsellor: Person) -> None:
    path, token = f"/hours/{office.cast.counsellor.id}", counsellor.token()

    assert counsellor.post(f"{path}/weekly/nothing/end", {"csrf_token": token}).status == 404
    assert counsellor.post(f"{path}/absences/nothing/remove", {"csrf_token": token}).status == 404
    assert counsellor.get("/hours/nobody").status == 404
