"""The screens of released figures: by year, by period, two beside each other, and what they can say."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline.usage.invented import fill_counts
from helpline.usage.periods import year_called
from helpline.usage.tables import Period, ReleasedCell
from tests.support.office import Office, Person
from tests.support.pages import Opened, words

YEAR, QUARTER = "2026", "2026-Q4"
"""The year and the quarter that were over when the demo was filled."""

SVG = "{http://www.w3.org/2000/svg}"

NEW = (
    "/counts",
    "/counts/definitions",
    "/counts/margins",
    f"/counts/callback/quarter/{YEAR}",
    "/counts/arrival/week/2027",
    f"/counts/callback/period/quarter/{QUARTER}",
    f"/counts/callback/compare/quarter/{QUARTER}/{QUARTER}",
)


@pytest.fixture
def programme_staff(office: Office) -> Person:
    """Give programme staff, signed in, after some invented counts."""
    with office.stores.counts.begin() as session:
        fill_counts(session, programme=office.services.programme, now=office.clock.now)
    return office.person(office.cast.programme_staff)


def change(office: Office, period_id: str, *, cells: dict[str, int]) -> None:
    """Set released numbers, as no page can."""
    with office.stores.counts.begin() as session:
        for row in session.scalars(select(ReleasedCell).where(ReleasedCell.period_id == period_id)):
            row.value = cells.get(row.cell, row.value)


def cells_of(office: Office, table_id: str) -> list[str]:
    """Return the cells of a table in the order in which a page shows them."""
    table = office.services.texts.codebook.table(table_id)
    return [] if table is None else [cell.id for cell in table.cells]


def rows(page: Opened) -> dict[str, list[str]]:
    """Return the cells of every row of the page's tables by what the row is called."""
    lines = [list(row) for row in page.all("tr")]
    return {words(line[0]): [words(cell) for cell in line[1:]] for line in lines if line[-1].tag == "td"}


@pytest.mark.parametrize("path", NEW)
def test_each_screen_opens_for_programme_staff_alone(office: Office, programme_staff: Person, path: str) -> None:
    assert programme_staff.get(path).status in {200, 203}
    assert office.person(office.cast.counsellor).get(path).status == 403
    assert office.person(office.cast.coordinator).get(path).status == 403


def test_the_front_page_leads_by_a_question_to_the_year_that_is_over(programme_staff: Person) -> None:
    page = programme_staff.get("/counts")
    (link,) = (it for it in page.all("a") if "what became of them" in words(it))

    opened = programme_staff.get(str(link.get("href")))
    assert opened.heading.startswith(f"Requested talks, {YEAR}")


def test_a_form_leads_to_table_step_and_year(programme_staff: Person) -> None:
    page = programme_staff.get("/counts")
    typed = {"table": "callback", "step": "quarter", "year": YEAR}

    answer = programme_staff.send(page, typed, action="/counts/choose")
    assert answer.response.location == f"/counts/callback/quarter/{YEAR}"
    token = programme_staff.token()
    for wrong in ({"step": "week"}, {"table": "nothing"}, {"year": "٢٠٢٦"}, {"year": "20260"}, {"year": "1999"}):
        assert programme_staff.post("/counts/choose", {"csrf_token": token} | typed | wrong).status == 404


def test_a_number_within_the_noise_is_said_to_be_fewer_than(office: Office, programme_staff: Person) -> None:
    with office.stores.counts.read() as session:
        margin = session.scalars(select(Period.margin95).where(Period.table_id == "lead")).one() or 0
    cells = cells_of(office, "lead")
    values = dict(zip(cells, (-40, margin, margin + 1, 1000, 10 * margin), strict=True))
    change(office, f"lead/demo {QUARTER}", cells=values)

    shown = list(rows(programme_staff.get(f"/counts/lead/period/quarter/{QUARTER}")).values())
    assert [it[0] for it in shown[:2]] == [f"fewer than {margin + 1}"] * 2
    assert shown[2] == [f"{margin + 1} ± {margin}", "rough (C)"]
    assert shown[3] == [f"1,000 ± {margin}", "within 10 % (A)"]
    total = sum(values.values())
    assert shown[-1][0].startswith(f"{total:,} ± ")
    assert int(shown[-1][0].rsplit(" ", maxsplit=1)[1]) > margin


def test_a_year_with_weeks_missing_says_so_and_a_demo_that_it_is_invented(programme_staff: Person) -> None:
    page = programme_staff.get(f"/counts/callback/quarter/{YEAR}")

    assert "Not whole yet" in page.text
    assert "The year as far as it is released, by part" in page.text
    assert "nobody was counted" in page.text
    (quarter,) = (name for name in rows(page) if name.startswith(QUARTER))
    assert "invented" in quarter
    assert "not whole yet" not in quarter


def test_every_figure_of_a_chart_stands_in_a_table_below_it(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/arrival/week/2027")
    said = {it[0] for it in rows(page).values()}

    drawn = {words(it) for it in page.all(f"{SVG}text") if it.get("text-anchor") == "end"}
    assert {it for it in drawn if "±" in it or "fewer" in it} <= said
    assert len(page.all(f"{SVG}svg")) == 2


def test_two_periods_differ_where_noise_does_not_explain_it(office: Office, programme_staff: Person) -> None:
    with office.stores.counts.read() as session:
        weeks = session.scalars(select(Period).where(Period.table_id == "arrival").order_by(Period.starts)).all()
        first, second = weeks[0], weeks[1]
    cells = cells_of(office, "arrival")
    margin = first.margin95 or 0
    change(office, first.id, cells=dict.fromkeys(cells, 100))
    differ = dict(zip(cells, (100 + margin, 200, 20, margin), strict=False))
    change(office, second.id, cells=dict.fromkeys(cells, 100) | differ)
    names = [period.name.removeprefix("demo ") for period in (first, second)]

    page = programme_staff.get(f"/counts/arrival/compare/week/{names[0]}/{names[1]}")
    said = [it[0] for it in rows(page).values()]
    assert said[0] == "no clear change"
    assert re.fullmatch(r"more: 100 ± (\d+)", said[1])
    assert int(said[1].rsplit(" ", maxsplit=1)[1]) > margin
    assert said[2].startswith("fewer: 80 ± ")
    assert said[3] == "fewer"  # of a number that is only said to be less than its margin, no difference is told


def test_a_comparison_begins_with_the_earlier_period_whichever_was_chosen_first(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/arrival/week/2027")
    action = "/counts/arrival/compare/week"

    one, other = (
        programme_staff.follow(
            programme_staff.send(page, dict(zip(("one", "other"), names, strict=True)), action=action)
        )
        for names in (("2027-W07", "2027-W06"), ("2027-W06", "2027-W07"))
    )
    assert one.heading == "Arrivals: 2027-W07 compared with 2027-W06"
    assert rows(one) == rows(other)
    assert programme_staff.send(page, {"one": "2027-W60", "other": "2027-W06"}, action=action).status == 404


def test_a_period_is_not_compared_with_itself(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/arrival/compare/week/2027-W07/2027-W07")

    assert "You chose the same period twice." in page.text
    assert rows(page) == {}


def test_a_year_is_compared_with_the_one_before_and_the_one_after(office: Office, programme_staff: Person) -> None:
    with office.stores.counts.begin() as session:
        since = year_called(2026).starts
        fill_counts(session, programme=office.services.programme, now=office.clock.now, since=since)

    def offered(path: str) -> tuple[list[str], list[str]]:
        page = programme_staff.get(path)
        chosen = [words(it) for it in page.all("option") if it.get("selected") is not None]
        found = [words(it) for it in page.one("select", id="one")]
        return found, chosen[:2]

    assert offered("/counts/arrival/quarter/2026") == (
        ["2027-Q1", "2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"],
        ["2026-Q3", "2026-Q4"],
    )
    assert offered("/counts/arrival/year/2026") == (["2027", "2026"], ["2026", "2027"])
    assert offered("/counts/arrival/year/2027") == (["2027", "2026"], ["2026", "2027"])


def test_of_tables_that_tell_of_the_same_talks_one_total_is_quoted(programme_staff: Person) -> None:
    hint = "quote the total of “By which channel”."

    assert hint in programme_staff.get(f"/counts/contact_age/quarter/{YEAR}").text
    assert hint in programme_staff.get(f"/counts/contact_age/period/quarter/{QUARTER}").text
    for table in ("contact_channel", "callback"):
        assert hint not in programme_staff.get(f"/counts/{table}/quarter/{YEAR}").text


def test_what_is_not_there_says_that_it_is_not_released_and_leads_back(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/arrival/week/2019")

    assert "Nothing is released of that period" in page.text
    assert "destroyed" not in page.text
    assert [it for it in page.all("a") if it.get("href") == "/counts" and words(it) == "All counts"]


@pytest.mark.parametrize(
    "path",
    [
        "/counts/nothing/week/2027",
        "/counts/callback/week/2026",
        "/counts/arrival/day/2027",
        "/counts/arrival/week/1066",
        "/counts/arrival/week/2030",
        "/counts/arrival/week/x",
        "/counts/arrival/period/week/2027-W54",
        "/counts/arrival/period/week/2019-W01",
        "/counts/arrival/compare/week/2027-W01/2010-W02",
    ],
)
def test_what_is_not_there_is_not_found(programme_staff: Person, path: str) -> None:
    assert programme_staff.get(path).status == 404


def test_before_the_first_release_there_is_nothing_to_choose(office: Office) -> None:
    person = office.person(office.cast.programme_staff)

    assert not [it for it in person.get("/counts").all("form") if it.get("action") == "/counts/choose"]
    assert person.get("/counts/arrival/week/2027").status == 404


def test_an_open_or_hidden_period_is_on_no_screen(office: Office, programme_staff: Person) -> None:
    with office.stores.counts.begin() as session:
        for period in session.scalars(select(Period).where(Period.table_id == "callback")):
            period.visible_at = office.clock.now + timedelta(minutes=1)

    assert programme_staff.get(f"/counts/callback/quarter/{YEAR}").status == 404
    assert programme_staff.get(f"/counts/callback/period/quarter/{QUARTER}").status == 404
    office.clock.wait(minutes=2)
    assert programme_staff.get(f"/counts/callback/quarter/{YEAR}").status == 200


def test_volumes_are_reckoned_with_and_what_was_typed_stays(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/margins")
    typed = {"visit": "12.000", "read": "50 000", "request": "900", "talk": "600"}

    answer = programme_staff.send(page, typed, action="/counts/margins")
    assert answer.one("input", name="visit").get("value") == "12.000"
    found = rows(answer)
    (lead,) = (cells for name, cells in found.items() if "Requested talks" not in name and "request" in name)
    assert lead[0].startswith("± ")
    assert "900 ± " in lead[-1]


@pytest.mark.parametrize("wrong", ["", "many", "-3", "1" * 9, "٣"])
def test_a_volume_that_is_no_number_is_asked_again(programme_staff: Person, wrong: str) -> None:
    page = programme_staff.get("/counts/margins")
    typed = {"visit": wrong, "read": "5", "request": "9", "talk": "6"}

    answer = programme_staff.send(page, typed, action="/counts/margins")
    assert answer.status == 422
    assert "There is something to fix" in answer.text
    assert answer.one("input", name="read").get("value") == "5"
    assert not answer.all("table")


def test_definitions_name_every_table_and_part(office: Office, programme_staff: Person) -> None:
    text = programme_staff.get("/counts/definitions").text

    for table in office.services.texts.codebook.tables:
        assert table.titles["en"] in text
        for part in (*table.singles, *(part for axis in table.axes for part in axis.parts)):
            assert part.labels["en"] in text
