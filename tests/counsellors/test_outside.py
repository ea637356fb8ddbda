"""Totals that others counted: typed or brought as a file by programme staff, and by nobody else."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from helpline.outside.missed import missed_by_month, replace_days
from helpline.outside.tables import Cause, Entry
from helpline.outside.yearly import keep_register, register_of, series_years
from helpline.staff.tables import Act, AuditEntry
from tests.support.office import Office, Person
from tests.support.pages import Opened, words

FILE = "/counts/missed/file"
BY_HAND = "/counts/missed"
CALLER = "0612345678"


@pytest.fixture
def pim(any_office: Office) -> Person:
    """Give somebody of the programme staff, signed in."""
    return any_office.person(any_office.cast.programme_staff)


def bring(person: Person, content: bytes) -> Opened:
    """Bring a file as the page does."""
    return person.post(FILE, {"csrf_token": person.token(), "file": (BytesIO(content), "calls.csv")})


def months(office: Office, year: int = 2027) -> dict[str, dict[Cause, int]]:
    with office.stores.office.read() as session:
        return {f"{month:%Y-%m}": totals for month, totals in missed_by_month(session, year=year).items()}


def test_missed_calls_are_typed_corrected_and_taken_out(any_office: Office, pim: Person) -> None:
    page = pim.get("/counts/missed")
    assert "Nothing is known of 2027." in page.text

    page = pim.follow(pim.send(page, {"day": "2027-02-01", "closed": "1.214", "engaged": "3"}, action=BY_HAND))
    assert "Kept." in page.text
    assert "1,214" in page.text
    assert months(any_office) == {"2027-02": {Cause.CLOSED: 1214, Cause.ENGAGED: 3}}

    page = pim.follow(pim.send(page, {"day": "2027-02-01", "closed": "12"}, action=BY_HAND))
    assert months(any_office) == {"2027-02": {Cause.CLOSED: 12}}

    page = pim.follow(pim.send(page, {"day": "2027-02-01"}, action=BY_HAND))
    assert "Nothing is known of that day any more." in page.text
    assert months(any_office) == {}
    with any_office.stores.office.read() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == Act.OUTSIDE_CHANGED)).all()
    assert len(acts) == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"closed": "3"}, "Fill this in."),
        ({"day": "soon", "closed": "3"}, "Write a date"),
        ({"day": "2027-03-02", "closed": "3"}, "This day is still to come."),
        ({"day": "2027-02-01", "closed": "many"}, "Write a whole number"),
        ({"day": "2027-02-01", "closed": "3,5"}, "Write a whole number"),
        ({"day": "2027-02-01", "closed": "1.214.5"}, "Write a whole number"),
        ({"day": "2027-02-01", "unknown": "-3"}, "Write a whole number"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(
    any_office: Office, pim: Person, typed: dict[str, str], said: str
) -> None:
    page = pim.send(pim.get("/counts/missed"), typed, action=BY_HAND)

    assert page.status == 422
    assert said in page.text
    for name, value in typed.items():
        assert page.one("input", name=name).get("value") == value
    assert months(any_office) == {}


def test_a_file_is_kept_whole_and_twice_is_once(any_office: Office, pim: Person) -> None:
    content = b"dag;oorzaak;oproepen\r\n31-01-2027;gesloten;14\r\n01-02-2027;in gesprek;3\r\n"
    for _ in range(2):
        page = pim.follow(bring(pim, content))
        assert "2 days are kept." in page.text

    assert months(any_office) == {"2027-01": {Cause.CLOSED: 14}, "2027-02": {Cause.ENGAGED: 3}}

    page = pim.follow(bring(pim, b"day,cause,calls\n2027-02-01,closed,8\n"))
    assert "1 day is kept." in page.text
    assert months(any_office)["2027-02"] == {Cause.CLOSED: 8, Cause.ENGAGED: 3}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_days_of_a_year_are_a_file_to_bring_back(any_office: Office, pim: Person, language: str) -> None:
    bring(pim, b"day,cause,calls\n2027-01-31,closed,14\n2027-02-01,engaged,3\n2027-02-01,unknown,0\n")
    bring(pim, b"day,cause,calls\n2027-01-31,gave up,6\n")
    bring(pim, b"day,cause,calls\n2026-12-31,gave up,2\n")
    before = months(any_office)
    pim.send(pim.get("/account"), {"language": language}, action="/account/language")

    file = pim.send(pim.get("/counts/missed/2027"), {}, action="/counts/missed/2027").response
    assert file.headers["Content-Disposition"] == 'attachment; filename="missed-2027.csv"'
    head, *lines = file.get_data(as_text=True).splitlines()
    assert (head, len(lines)) == ("dag;oorzaak;oproepen" if language == "nl" else "day,cause,calls", 4)
    with any_office.stores.office.begin() as session:
        replace_days(session, {day: {} for day in (date(2027, 1, 31), date(2027, 2, 1))})
    assert months(any_office) == {}
    bring(pim, file.get_data())
    assert months(any_office) == before

    assert pim.post("/counts/missed/2019", {"csrf_token": pim.token()}).status == 404


def test_the_sums_of_a_year_stand_below_its_months(any_office: Office, pim: Person) -> None:
    bring(pim, b"day,cause,calls\n2027-01-31,closed,14\n2027-02-01,engaged,3\n2027-02-01,closed,1200\n")

    (table,) = pim.get("/counts/missed/2027").all("table")
    assert words(list(table.iter("tr"))[-1]) == "All together 1,214 3 – – 1,217"


def test_a_file_with_callers_is_refused_and_none_is_shown_or_kept(any_office: Office, pim: Person) -> None:
    page = bring(pim, f"day,cause,calls,number\n2027-02-01,closed,1,{CALLER}\n".encode())

    assert page.status == 422
    assert "Nothing of the file is kept" in page.text
    assert "they may name who rang" in page.text
    assert CALLER not in page.body
    assert months(any_office) == {}


def test_lines_that_are_wrong_are_named_ten_at_most(any_office: Office, pim: Person) -> None:
    lines = "".join(f"2027-02-01,{CALLER},1\n" for _ in range(12))
    page = bring(pim, f"day,cause,calls\n2027-01-31,closed,5\n{lines}".encode())

    assert page.status == 422
    assert "Line 3: the cause is none of" in page.text
    assert "Line 12:" in page.text
    assert "Line 13:" not in page.text
    assert "And 2 lines more." in page.text
    assert CALLER not in page.body
    assert months(any_office) == {}


IN_MONTHS_AND_DAYS = ("/counts/missed/2027", "/counts/missed/2027/02")


def test_a_demo_says_that_its_totals_are_invented(demo_office: Office) -> None:
    person = demo_office.person(demo_office.cast.programme_staff)

    assert all("Invented numbers of a demo" in person.get(path).text for path in IN_MONTHS_AND_DAYS)


def test_real_totals_are_not_called_invented(office: Office) -> None:
    person = office.person(office.cast.programme_staff)

    assert not any("Invented" in person.get(path).text for path in IN_MONTHS_AND_DAYS)


def test_without_a_file_nothing_happens(any_office: Office, pim: Person) -> None:
    page = pim.post(FILE, {"csrf_token": pim.token()})

    assert page.status == 422
    assert "Choose a file first." in page.text


def test_a_day_is_found_by_its_month_and_corrected_without_typing_the_rest(any_office: Office, pim: Person) -> None:
    bring(pim, b"day,cause,calls\n2027-01-31,closed,14\n2027-01-31,engaged,3\n2027-02-01,closed,9\n")
    page = pim.get("/counts/missed")
    for label in ("January 2027", "Sunday 31 January 2027"):
        (link,) = (it for it in page.all("a") if words(it) == label)
        page = pim.get(str(link.get("href")).partition("#")[0])

    page = pim.follow(pim.send(page, {"engaged": "4"}, action=BY_HAND))
    january = {Cause.CLOSED: 14, Cause.ENGAGED: 4}
    assert months(any_office) == {"2027-01": january, "2027-02": {Cause.CLOSED: 9}}


@pytest.mark.parametrize(
    "path", ["2027/13", "2027/1", "1066/01", "day/2027-02-30", "day/20270201", "day/1999-12-31", "x/01"]
)
def test_what_is_no_day_or_month_is_not_found(office: Office, path: str) -> None:
    assert office.person(office.cast.programme_staff).get(f"{BY_HAND}/{path}").status == 404


def test_a_month_of_which_nothing_is_known_says_so(office: Office) -> None:
    assert (
        "Nothing is known of this month." in office.person(office.cast.programme_staff).get(f"{BY_HAND}/2026/12").text
    )


def test_the_coordinator_brings_totals_and_sees_no_count_and_a_counsellor_neither(office: Office) -> None:
    coordinator = office.person(office.cast.coordinator)
    assert "1 day is kept." in coordinator.follow(bring(coordinator, b"day,cause,calls\n2027-02-01,closed,1\n")).text
    for path in ("/counts/missed", "/counts/outside"):
        page = coordinator.get(path)
        assert page.status == 203
        assert "/counts" not in {it.get("href") for it in page.all("a")}
        assert office.person(office.cast.counsellor).get(path).status == 403
    assert coordinator.get("/counts/report/2026").status == 403


def test_a_file_that_is_too_large_is_refused_unread(office: Office) -> None:
    page = bring(office.person(office.cast.programme_staff), b"day,cause,calls\n" + b"2027-02-01,closed,1\n" * 14_000)

    assert page.status == 413
    assert months(office) == {}


def test_a_published_year_is_kept_replaced_and_taken_out(any_office: Office, pim: Person) -> None:
    typed = {"series": "contacts, all channels", "year": "2025", "value": "1 871", "source": "yearly report, page 4"}
    typed |= {"note": "  mails by  letter "}
    page = pim.follow(pim.send(pim.get("/counts/outside"), typed, action="/counts/outside/series"))
    page = pim.follow(pim.send(page, typed | {"value": "1872"}, action="/counts/outside/series"))
    assert "1,872" in page.text
    with any_office.stores.office.read() as session:
        found = [(row.series, row.year, row.value, row.note) for row in series_years(session)]
    assert found == [(typed["series"], 2025, 1872, "mails by letter")]

    page = pim.follow(pim.send(page, action="/counts/outside/series/drop"))
    assert "Taken out." in page.text
    with any_office.stores.office.read() as session:
        assert list(series_years(session)) == []
    gone = {"csrf_token": pim.token(), "series": typed["series"], "year": "2025"}
    assert pim.post("/counts/outside/series/drop", gone).status == 404


@pytest.mark.parametrize("year", ["2028", "000020261", "26", "٢٠٢٦"])
def test_a_year_to_come_is_none(office: Office, year: str) -> None:
    pim = office.person(office.cast.programme_staff)
    typed = {"series": "contacts", "year": year, "value": "5", "source": "x" * 201}
    page = pim.send(pim.get("/counts/outside"), typed, action="/counts/outside/series")

    assert page.status == 422
    assert "Write a year as 2026, no later than this one." in page.text
    assert "At most 200 letters." in page.text
    assert page.one("input", name="series").get("value") == "contacts"


def test_the_register_of_a_year_is_kept(any_office: Office, pim: Person) -> None:
    typed = {"of_year": "2026", "breaches": "1", "complaints": "0"}
    page = pim.follow(pim.send(pim.get("/counts/outside"), typed, action="/counts/outside/register"))

    assert "From the organisation's register" in page.text
    with any_office.stores.office.read() as session:
        assert register_of(session, year=2026) == {Entry.BREACHES: 1, Entry.COMPLAINTS: 0}


def test_a_register_is_corrected_without_typing_the_rest_and_taken_out(any_office: Office, pim: Person) -> None:
    with any_office.stores.office.begin() as session:
        keep_register(session, year=2026, numbers={Entry.BREACHES: 1, Entry.COMPLAINTS: 2})
    page = pim.get("/counts/outside")
    (link,) = (it for it in page.all("a") if words(it) == "2026")

    page = pim.get(str(link.get("href")).partition("#")[0])
    pim.send(page, {"complaints": "3"}, action="/counts/outside/register")
    with any_office.stores.office.read() as session:
        assert register_of(session, year=2026) == {Entry.BREACHES: 1, Entry.COMPLAINTS: 3}
    pim.send(page, {"breaches": "", "complaints": ""}, action="/counts/outside/register")
    with any_office.stores.office.read() as session:
        assert register_of(session, year=2026) == {}
    assert pim.get("/counts/outside/register/x").status == 404
