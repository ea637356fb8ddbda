"""Days that differ and days that are closed, as the staff keep them."""

from datetime import timedelta

import pytest

from counsellors.forms.days import read_spans
from helpline.callbacks.spans import Spans
from tests.support.office import Office, Person
from tests.support.pages import Opened, words

SPLIT = {"day": "2027-03-02", "times": "9-12:30, 13.00–17:00"}
TRIP = {"from_day": "2027-03-02", "to_day": "2027-03-03", "label": "A day out"}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("  ", ()),
        ("9-12", ((540, 720),)),
        ("13:00-24:00, 09:00-12:30", ((540, 750), (780, 1440))),
        ("9.15–10.45; 11 - 12 13-14", ((555, 645), (660, 720), (780, 840))),
        ("9-12, 11-13", None),
        ("12-9", None),
        ("9-9", None),
        ("22-25", None),
        ("9-12 or so", None),
        ("٩-١٢", None),
        ("9", None),
    ],
    ids=str,
)
def test_times_are_read_as_people_write_them(text: str, spans: Spans | None) -> None:
    assert read_spans(text) == spans


def days_path(office: Office) -> str:
    return f"/hours/{office.cast.counsellor.id}/days"


def cell(page: Opened, caption: str, column: int) -> str:
    """Return the words of a column in the first row of the table under *caption*."""
    (table,) = [it for it in page.all("table") if caption in words(it)]
    row = list(table.iter("tr"))[1]
    return words(list(row)[column])


def test_a_day_differs_and_goes_back(any_office: Office) -> None:
    person = any_office.person(any_office.cast.counsellor)

    page = person.follow(person.send(person.get("/hours"), SPLIT, action=days_path(any_office)))
    assert "On that day these hours hold" in page.text
    assert "Tuesday 2 March 09:00–12:30, 13:00–17:00" in page.text
    back = person.follow(person.send(page, action=f"{days_path(any_office)}/2027-03-02/restore"))
    assert "The weekly hours hold on that day again." in back.text


def test_a_day_that_is_closed_lists_the_talks_that_stand_on_it(office: Office, counsellor: Person) -> None:
    office.book(after=timedelta(hours=24))
    office.book(after=timedelta(hours=28))

    page = counsellor.follow(
        counsellor.send(counsellor.get("/hours"), SPLIT | {"times": "9-11"}, action=days_path(office))
    )
    assert cell(page, "Days on which other hours hold", 2) == "13:00"
    page = counsellor.follow(counsellor.send(page, SPLIT | {"times": ""}, action=days_path(office)))
    assert cell(page, "Days on which other hours hold", 1) == "not there"
    assert cell(page, "Days on which other hours hold", 2) == "09:00, 13:00"


NO_DAYS = (
    ({"day": ""}, "Fill this in."),
    ({"day": "tomorrow"}, "Write a date like this"),
    ({"day": "2027-02-28"}, "This day is over."),
    ({"times": "nine to five"}, "Write times like this"),
    ({"times": "9-12, 11-13"}, "Write times like this"),
)


def test_a_day_that_cannot_be_is_said_and_kept_in_the_form(office: Office, counsellor: Person) -> None:
    form = counsellor.get("/hours")
    for change, said in NO_DAYS:
        page = counsellor.send(form, SPLIT | change, action=days_path(office))
        assert page.status == 422
        assert said in page.text
        assert page.title.startswith("To fix:")
        assert page.one("input", name="times").get("value") == (SPLIT | change)["times"]


def test_a_day_that_does_not_differ_is_not_here(office: Office, counsellor: Person) -> None:
    token = counsellor.token()

    for day in ("2027-03-09", "never"):
        assert counsellor.post(f"{days_path(office)}/{day}/restore", {"csrf_token": token}).status == 404


def test_nobody_changes_a_day_of_a_colleague(office: Office, counsellor: Person) -> None:
    theirs, token = f"/hours/{office.cast.other.id}/days", counsellor.token()

    assert counsellor.post(theirs, SPLIT | {"csrf_token": token}).status == 404
    assert counsellor.post(f"{theirs}/2027-03-02/restore", {"csrf_token": token}).status == 404


def test_a_closure_is_made_says_what_it_meets_and_is_taken_back(any_office: Office) -> None:
    coordinator = any_office.person(any_office.cast.coordinator)
    any_office.book(after=timedelta(hours=24))

    page = coordinator.follow(coordinator.send(coordinator.get("/closures"), TRIP, action="/closures"))
    assert "The programme is closed then." in page.text
    assert "2 Mar 2027 – 3 Mar 2027 A day out Tuesday 2 March, 09:00, Anna" in page.text
    (remove,) = [str(it.get("action")) for it in page.all("form") if str(it.get("action")).endswith("/remove")]
    assert "taken back" in coordinator.follow(coordinator.send(page, action=remove)).text
    assert coordinator.post(remove, {"csrf_token": coordinator.token()}).status == 404


NO_CLOSURES = (
    ({"from_day": ""}, "Fill this in."),
    ({"from_day": "2027-02-01"}, "This day is over."),
    ({"to_day": "2027-03-01"}, "must not lie before"),
    ({"to_day": "soon"}, "Write a date like this"),
    ({"to_day": "2027-09-01"}, "At most three months."),
    ({"label": " "}, "Fill this in."),
    ({"label": "x" * 61}, "At most 60 letters."),
)


def test_a_closure_that_cannot_be_is_said_and_kept_in_the_form(coordinator: Person) -> None:
    form = coordinator.get("/closures")
    for change, said in NO_CLOSURES:
        page = coordinator.send(form, TRIP | change, action="/closures")
        assert page.status == 422
        assert said in page.text
        assert page.one("input", name="to_day").get("value") == (TRIP | change)["to_day"]


def test_everybody_sees_the_closures_on_the_hours_and_in_the_week(coordinator: Person, counsellor: Person) -> None:
    coordinator.send(coordinator.get("/closures"), TRIP, action="/closures")

    assert "closed for everybody on: 2 Mar 2027 – 3 Mar 2027 (A day out)" in counsellor.get("/hours").text
    week = counsellor.get("/week").text
    assert "Tuesday 2 March closed: A day out" in week
    assert "Thursday 4 March closed" not in week


def test_days_that_are_closed_are_not_closed_twice(coordinator: Person) -> None:
    coordinator.send(coordinator.get("/closures"), TRIP, action="/closures")
    page = coordinator.send(coordinator.get("/closures"), TRIP, action="/closures")

    assert page.status == 422
    assert "closed then already" in page.text


def test_public_holidays_are_proposed_with_their_talks_and_closed_by_a_tick(office: Office) -> None:
    coordinator = office.person(office.cast.coordinator)
    office.book(after=timedelta(days=25, hours=2))

    page = coordinator.get("/closures")
    assert "Friday 26 March 2027: Good Friday 1 talk stands:" in page.text
    assert "Saturday 1 January 2028: New Year's Day" in page.text
    done = coordinator.follow(coordinator.send(page, {"holidays": "2027-03-26"}, action="/closures/holidays"))
    assert "Closed on one more day." in done.text
    assert not [it for it in done.all("input", name="holidays") if it.get("value") == "2027-03-26"]
    # A colleague who had the page open ticks the same day: nothing is closed twice.
    assert coordinator.send(page, {"holidays": "2027-03-26"}, action="/closures/holidays").status == 422


def test_what_is_no_holiday_is_not_closed_as_one(coordinator: Person) -> None:
    form = coordinator.get("/closures")
    for ticked in ("", "2027-03-25", "nonsense"):
        page = coordinator.send(form, {"holidays": ticked}, action="/closures/holidays")
        assert page.status == 422
        assert "Tick the holidays" in page.text
        assert "None ahead." in page.text


def test_only_a_coordinator_closes_the_programme(counsellor: Person) -> None:
    token = counsellor.token()

    assert counsellor.get("/closures").status == 403
    assert counsellor.post("/closures", TRIP | {"csrf_token": token}).status == 403
