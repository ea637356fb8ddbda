"""One's own account, and the counts of programme staff."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline.staff.tables import Act, AuditEntry
from helpline.usage.invented import fill_counts
from tests.support.office import Office, Person
from tests.support.pages import Opened, words


@pytest.fixture
def programme_staff(office: Office) -> Person:
    """Give programme staff, signed in, eight weeks after some invented counts."""
    with office.stores.counts.begin() as session:
        fill_counts(session, programme=office.services.programme, now=office.clock.now)
    return office.person(office.cast.programme_staff)


def test_a_language_is_chosen_for_every_page(counsellor: Person) -> None:
    page = counsellor.send(counsellor.get("/account"), {"language": "nl"}, action="/account/language")

    assert counsellor.follow(page).heading == "Mijn account"
    assert "Maandag 1 maart".lower() in counsellor.get("/").text
    unknown = counsellor.send(counsellor.get("/account"), {"language": "xx"}, action="/account/language")
    assert unknown.status == 422


def draw(person: Person, passphrase: str) -> Opened:
    return person.send(person.get("/account"), {"passphrase": passphrase}, action="/account/passphrase")


def test_a_new_passphrase_replaces_the_old_one_and_ends_other_sessions(office: Office, counsellor: Person) -> None:
    elsewhere = office.person(office.cast.counsellor)

    page = draw(counsellor, office.cast.counsellor.issued.passphrase)
    fresh = words(page.one("p", class_="secret"))
    assert elsewhere.get("/").status == 403
    assert counsellor.get("/").status == 200
    assert office.stranger().sign_in(office.cast.counsellor).status == 422
    assert office.stranger().sign_in(office.cast.counsellor, passphrase=fresh).status == 303


@pytest.mark.parametrize("minutes", [0, 20], ids=["keys in hand", "keys put away"])
@pytest.mark.parametrize("who", ["counsellor", "programme_staff"])
def test_a_new_passphrase_always_needs_the_old_one(office: Office, who: str, minutes: int) -> None:
    """Whoever finds a computer unlocked must not lock its person out."""
    player = getattr(office.cast, who)
    person = office.person(player)
    office.clock.wait(minutes=minutes)

    for passphrase, said in (("", "Fill in your passphrase."), ("wrong", "This is not your passphrase.")):
        refused = draw(person, passphrase)
        assert refused.status == 422
        assert said in refused.text
        assert refused.one("input", type="password").get("name") == "passphrase"
    assert office.stranger().sign_in(player).status == 303

    fresh = words(draw(person, player.issued.passphrase).one("p", class_="secret"))
    office.clock.wait(minutes=1)
    assert office.stranger().sign_in(player, passphrase=fresh).status == 303


def test_programme_staff_begin_with_the_counts_and_have_no_link_to_a_talk(programme_staff: Person) -> None:
    page = programme_staff.follow(programme_staff.get("/"))

    assert page.heading == "Counts"
    links = {str(it.get("href")) for it in page.all("a")}
    assert {link for link in links if not link.startswith("/counts/")} == {"#main", "/counts", "/account"}


def test_a_finished_period_is_a_file_with_its_statement(office: Office, programme_staff: Person) -> None:
    whole, year = programme_staff.get("/counts"), programme_staff.get("/counts/callback/quarter/2026")
    period = programme_staff.get("/counts/callback/period/quarter/2026-Q4")

    for page, action in (
        (whole, "/counts/files"),
        (year, "/counts/callback"),
        (year, "/counts/callback/2026"),
        (period, "/counts/callback/2026-Q4"),
    ):
        answer = programme_staff.send(page, {"kind": "csv"}, action=action)
        assert answer.response.mimetype == "text/csv"
        assert answer.response.headers["Content-Disposition"].startswith('attachment; filename="counts-')
        assert "# " in answer.body
        assert "margin95" in answer.body
    with office.stores.office.read() as session:
        assert Act.COUNTS_EXPORTED in session.scalars(select(AuditEntry.act)).all()


def test_a_period_that_is_not_released_is_not_here(office: Office, programme_staff: Person) -> None:
    token = programme_staff.token()

    for path in (
        "/counts/nothing",
        "/counts/page/1999-W01",
        "/counts/page/2026-W99",
        "/counts/page/2025",
        "/counts/files",
    ):
        assert programme_staff.post(path, {"csrf_token": token}).status == 404


@pytest.mark.parametrize(("kind", "begins"), [("csv", b"\xef\xbb\xbf# "), ("xlsx", b"PK"), ("zip", b"PK")])
def test_a_file_can_be_of_three_kinds(programme_staff: Person, kind: str, begins: bytes) -> None:
    page = programme_staff.get("/counts")

    answer = programme_staff.send(page, {"kind": kind, "year": "2026"}, action="/counts/files").response

    assert answer.headers["Content-Disposition"] == f'attachment; filename="counts-every-2026.{kind}"'
    assert answer.get_data().startswith(begins)


def test_a_kind_that_there_is_not_is_not_here(programme_staff: Person) -> None:
    page = programme_staff.get("/counts")

    assert programme_staff.send(page, {"kind": "exe"}, action="/counts/files").status == 404


def test_the_statement_of_a_year_is_what_its_files_say(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/statement/2026")
    year = programme_staff.get("/counts/callback/quarter/2026")
    said = [
        line[2:]
        for line in programme_staff.send(year, {"kind": "csv"}, action="/counts/callback/2026").body.splitlines()
        if line[:2] == "# "
    ]

    assert said
    assert {words(it) for it in page.all("p")} >= set(said)
    assert programme_staff.get("/counts/statement/2025").status == 404


def test_the_statement_adds_up_what_the_files_of_a_year_cost_one_talk(programme_staff: Person) -> None:
    page = programme_staff.get("/counts/statement/2026")

    (talk,) = (row for row in page.all("tr") if words(row).startswith("talks "))
    assert words(talk) == "talks 3.5 33.12"


def test_a_price_is_written_as_the_language_of_the_page_writes_numbers(programme_staff: Person) -> None:
    programme_staff.send(programme_staff.get("/account"), {"language": "nl"}, action="/account/language")

    (table, _) = programme_staff.get("/counts/statement/2026").all("tbody")
    assert " 0,5 " in words(table)
    assert " 0.5 " not in words(table)
    assert "hoogstens een factor 1,65 (ε = 0,5)" in programme_staff.get("/counts/definitions").text


def test_before_the_first_release_there_is_nothing_to_see(office: Office) -> None:
    page = office.person(office.cast.programme_staff).get("/counts")

    assert "Nothing is released yet" in page.text


def test_times_that_come_twice_carry_their_offset(office: Office, counsellor: Person) -> None:
    office.clock.now = office.clock.now.replace(month=10, day=31, hour=0, minute=30) + timedelta(minutes=10)
    counsellor.sign_in(office.cast.counsellor)

    assert "02:40 (UTC+0200)" in counsellor.get("/").text
