"""A year in sentences: each with its margin and what it cannot say; what is missing is said kindly."""

from collections.abc import Collection
from datetime import date

import pytest
from sqlalchemy import update

from helpline.outside.missed import replace_days
from helpline.outside.tables import Cause, Entry, SeriesYear
from helpline.outside.yearly import keep_register, keep_series_year
from helpline.usage.figures import Figure, figure_of
from helpline.usage.invented import fill_counts
from helpline.usage.periods import year_called
from helpline.usage.released import read_counted, released_periods
from helpline.usage.tables import ReleasedCell
from tests.support.office import Office, Person
from tests.support.pages import words

PAGES = ("/counts/questions/2026", "/counts/report/2026")


@pytest.fixture
def pim(any_office: Office) -> Person:
    """Give somebody of the programme staff, signed in."""
    return any_office.person(any_office.cast.programme_staff)


@pytest.fixture
def filled(any_office: Office) -> Office:
    """Give an office with the counts of a year, and totals from outside."""
    with any_office.stores.counts.begin() as session:
        since = year_called(2026).starts
        fill_counts(session, programme=any_office.services.programme, now=any_office.clock.now, since=since)
    with any_office.stores.office.begin() as session:
        replace_days(session, {date(2026, 5, 1): {Cause.CLOSED: 1200, Cause.ENGAGED: 34}, date(2026, 5, 2): {}})
        keep_series_year(session, SeriesYear(series="contacts", year=2024, value=1420, source="report of 2024"))
        keep_register(session, year=2026, numbers={Entry.COMPLAINTS: 2})
    return any_office


@pytest.mark.parametrize("path", PAGES)
def test_every_question_has_a_sentence_with_its_margin(filled: Office, pim: Person, path: str) -> None:
    page = pim.get(path)

    assert page.text.count("; the true number is very likely between ") >= 12
    assert page.text.count("What it cannot say:") == 8
    assert "contacts with people who said that they are under 26" in page.text
    assert "From 29 Dec 2025 up to and including 3 Jan 2027." in page.text
    assert "1,234 calls were not answered." in page.text
    assert "From 29 Dec 2025 on, something is known of 1 of 371 days." in page.text
    assert "report of 2024" in page.text
    assert "Complaints" in page.text
    assert "Invented numbers of a demo" in page.text


def figure(office: Office, table_id: str, cells: Collection[str]) -> Figure:
    """Return the sum of *cells* of a table over the year."""
    span = year_called(2026)
    with office.stores.counts.read() as session:
        found = released_periods(session, table=table_id, now=office.clock.now, since=span.starts, until=span.ends)
        return figure_of(read_counted(session, found), cells)


@pytest.mark.parametrize(
    ("table", "cells", "what"),
    [
        ("contact_channel", ["booked", "rung", "free_now"], "talks by telephone, booked or not"),
        ("contact_channel", ["chat"], "chats"),
        (
            "contact_group",
            ["own_thoughts", "own_images", "own_acts"],
            "contacts with people worried about themselves",
        ),
        ("contact_group", ["adult_near", "young_near"], "contacts with people worried about somebody near"),
        ("contact_channel", ["mail"], "mails"),
        ("contact_channel", ["other"], "contacts by another channel"),
        ("contact_age", ["under_18", "18_25"], "contacts with people who said that they are under 26"),
        ("contact_source", ["leaflet"], "contacts by way of a leaflet of the police"),
        ("contact_source", ["leaflet", "police"], "contacts by way of the police, leaflet or not"),
    ],
)
def test_a_sentence_says_the_number_and_both_of_its_ends(
    filled: Office, pim: Person, table: str, cells: list[str], what: str
) -> None:
    known = figure(filled, table, cells)
    value, low, high = known.value, known.value - known.margin95, known.value + known.margin95

    said = f"About {value:,} {what}; the true number is very likely between {low:,} and {high:,}."
    assert said in pim.get("/counts/questions/2026").text


def test_a_number_below_zero_is_only_said_to_be_less_than_its_margin(filled: Office, pim: Person) -> None:
    with filled.stores.counts.begin() as session:
        session.execute(update(ReleasedCell).where(ReleasedCell.cell == "unmet").values(value=-3))
    least = figure(filled, "callback", ["unmet"]).margin95 + 1
    page = pim.get("/counts/questions/2026")

    assert f"Fewer than {least} times that somebody found no time that suits: too few to say more." in page.text
    assert "About -" not in page.text


def test_a_report_holds_every_table_with_its_price(filled: Office, pim: Person) -> None:
    page = pim.get("/counts/report/2026")
    heads = [heading.text for heading in page.all("h2")]

    for table in filled.services.texts.codebook.tables:
        assert table.titles["en"] in heads
        assert page.text.count(table.titles["en"]) >= 2
    assert heads.index("By which channel") < heads.index("Requested talks") < heads.index("Arrivals")
    assert "in 95 of 100 cases the true number lies within it" in page.text
    (talk,) = (row for row in page.all("tr") if words(row).startswith("talks 3.5"))
    assert words(talk) == "talks 3.5 33.12"


@pytest.mark.parametrize("path", PAGES)
def test_the_same_year_is_the_same_page(filled: Office, pim: Person, path: str) -> None:
    """Nothing that happens to a visitor, or on another day, moves it."""
    before = words(pim.get(path).one("main"))
    filled.book()

    assert words(pim.get(path).one("main")) == before


@pytest.mark.parametrize("path", ["/counts/questions/2019", "/counts/report/2019"])
def test_a_year_of_which_nothing_is_known_says_so(any_office: Office, pim: Person, path: str) -> None:
    page = pim.get(path)

    assert page.status == 200
    assert "Nothing is released of this year." in page.text
    assert "Nothing is known of this year." in page.text
    assert "The rota has no hours in this year." in page.text


def test_a_year_that_has_begun_says_that_it_is_not_whole(filled: Office, pim: Person) -> None:
    for page in (pim.get("/counts/report/2027"), pim.get("/counts/questions/2027")):
        assert "Not whole yet" in page.text
        assert "That is from 4 Jan 2027 up to and including 21 Feb 2027" in page.text
    whole = pim.get("/counts/report/2026")
    assert "Not whole yet" not in whole.text
    assert "That is from" not in whole.text


def test_each_cause_says_on_how_many_days_it_is_known(filled: Office, pim: Person) -> None:
    with filled.stores.office.begin() as session:
        replace_days(session, {date(2026, 5, 3): {Cause.CLOSED: 1}})
    (table,) = (it for it in pim.get("/counts/questions/2026").all("table") if "by cause" in words(it))

    assert "1,201 2" in words(table)
    assert "34 1" in words(table)


@pytest.mark.parametrize("path", ["/counts/questions/soon", "/counts/report/99999", "/counts/report/2028"])
def test_what_is_no_year_is_not_here(any_office: Office, pim: Person, path: str) -> None:
    assert pim.get(path).status == 404


def test_the_first_page_leads_to_both(filled: Office, pim: Person) -> None:
    links = {str(it.get("href")) for it in pim.get("/counts").all("a")}

    assert links >= set(PAGES)


def test_a_question_leads_to_the_sentence_that_answers_it(filled: Office, pim: Person) -> None:
    found = [str(it.get("href")) for it in pim.get("/counts").all("a") if "#" in str(it.get("href"))]
    asked = [link.partition("#") for link in found if link.startswith(PAGES[0])]

    there = {it.get("id") for it in pim.get(PAGES[0]).all("h2")}
    assert [anchor for _, _, anchor in asked] == ["channels", "under-26", "sources", "unanswered"]
    assert {anchor for _, _, anchor in asked} <= there


def test_missed_calls_of_whole_weeks_and_of_the_calendar_are_both_said(filled: Office, pim: Person) -> None:
    with filled.stores.office.begin() as session:
        replace_days(session, {date(2025, 12, 30): {Cause.CLOSED: 5}, date(2026, 1, 1): {Cause.CLOSED: 7}})
        replace_days(session, {date(2027, 1, 2): {Cause.CLOSED: 0}})
    whole_weeks, of_calendar = "1,246", "1,241"
    sentence, page = pim.get(PAGES[0]).text, pim.get("/counts/missed/2026").text

    assert f"{whole_weeks} calls were not answered." in sentence
    assert f"From 1 January up to and including 1 May 2026 there were {of_calendar}" in sentence
    assert f"All together 1,207 34 – – {of_calendar}" in page
    assert f"from 29 Dec 2025 up to and including 2 Jan 2027 there were {whole_weeks}." in page
    of_last_weeks = pim.get("/counts/missed/2027").text  # those days belong to weeks of 2026
    assert "Download the days of 2027" in of_last_weeks
    assert "Reports add up whole weeks" not in of_last_weeks
