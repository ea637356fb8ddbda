"""The day and the week."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.office import Office, Person

HOUR = timedelta(hours=1)


def test_the_day_shows_a_talk_with_its_time_and_nothing_of_the_visitor(any_office: Office) -> None:
    receipt = any_office.book()
    person = any_office.person(any_office.cast.counsellor)

    day = person.get("/")
    assert "10:00–10:30 you booked Call screen" in day.text
    assert "At the latest a day after the talk." in day.text
    assert day.title.startswith("(1) Today")
    for secret in ("612345678", *receipt.words):
        assert secret not in day.body


def test_a_colleague_sees_that_the_time_is_taken_and_no_more(office: Office) -> None:
    office.book(after=2 * HOUR)

    day = office.person(office.cast.other).get("/")
    assert "11:00–11:30 Anna taken" in day.text
    assert "/talk/" not in day.body


def test_the_week_shows_talks_free_time_and_closed_days_of_everybody_once(office: Office, counsellor: Person) -> None:
    office.book(after=25 * HOUR)

    week = counsellor.get("/week")
    assert week.heading == "Week of Monday 1 March"
    tuesday = "09:00–10:00 free 10:00–10:30 booked Call screen 10:00 Hand over 10:00 10:45–17:00 free"
    assert week.text.count(tuesday) == 1
    assert "Bram closed closed closed closed closed closed closed" in week.text
    assert len(week.all("table")) == 1
    assert counsellor.get("/week/2027-03-09").heading == "Week of Monday 8 March"


@pytest.mark.parametrize("day", ["yesterday", "2031-01-01", "2027-02-30"])
def test_a_week_that_is_none_is_not_here(counsellor: Person, day: str) -> None:
    assert counsellor.get(f"/week/{day}").status == 404


def test_a_talk_of_yesterday_without_an_outcome_is_asked_for(office: Office, counsellor: Person) -> None:
    office.book()
    counsellor.send(counsellor.get("/"), action="/sign-out")
    office.clock.wait(days=1)
    counsellor.sign_in(office.cast.counsellor)

    day = counsellor.get("/")
    assert "How did these end? Monday 1 March, 10:00" in day.text


def test_the_first_page_says_when_the_clock_stands_still(office: Office, counsellor: Person) -> None:
    assert "The clock is late" in counsellor.get("/").text
    office.clock.wait(minutes=46)
    assert "No times are drawn" in counsellor.get("/").text


def test_crisis_numbers_are_due_a_month_before_visitors_lose_sight_of_them(office: Office) -> None:
    texts, now = office.services.texts, office.clock.now

    def is_due(*, days_ago: int) -> bool:
        rung = now.date() - timedelta(days=days_ago)
        signposts = tuple(replace(signpost, confirmed=rung) for signpost in texts.pack.signposts)
        return replace(texts, pack=replace(texts.pack, signposts=signposts)).crisis_is_due(now=now)

    assert not is_due(days_ago=150)
    assert is_due(days_ago=151)


def test_the_first_page_asks_to_ring_the_crisis_numbers(counsellor: Person) -> None:
    assert "must be rung again" in counsellor.get("/").text


def test_in_a_demo_nobody_is_asked_to_ring_them(demo_office: Office) -> None:
    assert "must be rung again" not in demo_office.person(demo_office.cast.counsellor).get("/").text


def test_the_day_has_words_when_there_are_no_talks(counsellor: Person) -> None:
    assert "No talks today" in counsellor.get("/").text


def test_the_day_begins_with_ones_own_next_talk(office: Office, counsellor: Person) -> None:
    office.book()
    assert "Your next talk Monday 1 March, 10:00 In 59 minutes." in counsellor.get("/").text
    office.clock.wait(minutes=58)
    counsellor.sign_in(office.cast.counsellor)
    assert "In one minute." in counsellor.get("/").text
    office.clock.wait(minutes=5)
    assert "It has begun." in counsellor.get("/").text


def test_a_talk_of_tomorrow_is_the_next_one_too(office: Office, counsellor: Person) -> None:
    office.book(after=25 * HOUR)

    day = counsellor.get("/")
    assert "Your next talk Tuesday 2 March, 10:00 Call screen" in day.text
    assert "No talks today" in day.text


def test_a_talk_that_is_over_is_asked_for_on_the_same_day(office: Office, counsellor: Person) -> None:
    office.book()
    office.clock.wait(minutes=91)
    counsellor.sign_in(office.cast.counsellor)

    day = counsellor.get("/")
    assert "How did these end? Monday 1 March, 10:00" in day.text
    assert "Your next talk" not in day.text
