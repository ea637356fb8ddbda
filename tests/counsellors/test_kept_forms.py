"""A form that was sent too late is kept, in the page and nowhere else."""

import pytest

from counsellors.kept_words import kept_in_words
from helpline.web.office_kept import KeptForm, kept_form, read_kept
from tests.support.ill_today import HOUR, go_away, let_the_other_work, press
from tests.support.office import Office, Person
from tests.support.pages import words

HOURS = {"weekday": "5", "starts": "20:00", "ends": "22:00", "valid_from": "2027-03-01", "valid_until": ""}


def add_hours_too_late(office: Office, person: Person) -> tuple[Person, str]:
    path = f"/hours/{office.cast.counsellor.id}/weekly"
    page = person.get("/hours")
    office.clock.wait(minutes=61)
    kept = person.send(page, HOURS, action=path)
    assert kept.status == 403
    assert "Nothing is lost" in kept.text
    return person, kept.one("input", name="kept").get("value") or ""


def test_what_was_sent_is_shown_after_signing_in_and_sent_by_one_press(office: Office, counsellor: Person) -> None:
    person, kept = add_hours_too_late(office, counsellor)

    shown = person.sign_in(office.cast.counsellor, kept=kept)
    assert shown.status == 200
    said = "What Add hours Day Saturday From (09:30) 20:00 Until (24:00 at most) 22:00 First day 2027-03-01 Send it"
    assert said in shown.text
    done = person.follow(person.send(shown))
    assert "The hours are added" in done.text
    assert "20:00–22:00" in done.text


def test_a_wrong_code_on_the_way_loses_nothing(office: Office, counsellor: Person) -> None:
    person, kept = add_hours_too_late(office, counsellor)

    refused = person.sign_in(office.cast.counsellor, kept=kept, code="000000")
    assert refused.one("input", name="kept").get("value") == kept


def test_somebody_else_who_signs_in_sends_nothing_that_is_not_hers(office: Office, counsellor: Person) -> None:
    person, kept = add_hours_too_late(office, counsellor)

    shown = person.sign_in(office.cast.other, kept=kept)
    assert person.send(shown).status == 404


def test_a_passphrase_is_never_kept(office: Office, coordinator: Person) -> None:
    page = coordinator.get("/roster")
    office.clock.wait(minutes=61)

    kept = coordinator.send(page, {"passphrase": "six secret words"}, action="/roster")
    shown = coordinator.sign_in(office.cast.coordinator, kept=kept.one("input", name="kept").get("value") or "")
    assert "six secret words" not in shown.body


@pytest.mark.parametrize("kept", ["", "nonsense", "W10.AAAA"])
def test_what_we_did_not_sign_leads_to_the_first_page(office: Office, kept: str) -> None:
    answer = office.stranger().sign_in(office.cast.counsellor, kept=kept)

    assert answer.response.headers["Location"] == "/"


def test_a_form_of_an_older_sign_in_is_asked_for_again(office: Office, counsellor: Person) -> None:
    path = f"/hours/{office.cast.counsellor.id}/weekly"
    page = counsellor.get("/hours")
    counsellor.sign_in(office.cast.counsellor)

    again = counsellor.send(page, HOURS, action=path)
    assert again.status == 422
    assert again.heading == "Send it now?"
    assert "The hours are added" in counsellor.follow(counsellor.send(again)).text


def test_a_path_never_leads_to_another_host(office: Office) -> None:
    elsewhere = {"PATH_INFO": "//elsewhere.test/week"}
    with office.site.flask.test_request_context(environ_overrides=elsewhere):
        kept = read_kept(kept_form())
    assert kept is not None
    assert kept.path == "/elsewhere.test/week"


def test_a_kept_form_is_shown_in_the_words_of_its_page(office: Office, coordinator: Person) -> None:
    typed = {
        "shown_name": "Fenna Kok",
        "name": "fenna",
        "role": "counsellor",
        "language": "nl",
        "alias": "",
        "spoken": "en",
        "stands_in": "y",
    }
    page = coordinator.get("/staff/new")
    office.clock.wait(minutes=61)

    kept = coordinator.send(page, typed, action="/staff").one("input", name="kept").get("value") or ""
    shown = coordinator.sign_in(office.cast.coordinator, kept=kept)
    said = [words(it) for it in shown.all("dd")]
    counsellor = "Counsellor: talks with visitors"
    assert said == ["Add somebody", "Fenna Kok", "fenna", counsellor, "Nederlands", "English", "yes"]


@pytest.mark.parametrize("path", ["/counts/callback", "/nothing", "/week"])
def test_a_form_that_has_no_words_is_named_by_its_path(office: Office, path: str) -> None:
    with office.site.flask.test_request_context(headers={"Accept-Language": "en"}):
        assert kept_in_words(KeptForm(path, is_sent=True, fields=(("a", "b"),))) == [("Page", path)]


def test_time_that_was_blocked_too_late_is_shown_in_its_words(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/week")
    office.clock.wait(minutes=61)

    typed = {"day": "2027-03-02", "from_time": "10:00", "length": "rest"}
    kept = counsellor.send(page, typed, action="/block").one("input", name="kept").get("value") or ""
    shown = counsellor.sign_in(office.cast.counsellor, kept=kept)
    assert [words(it) for it in shown.all("dd")] == ["Block time of mine", "2027-03-02", "10:00", "The rest of the day"]
    assert "Blocked." in counsellor.follow(counsellor.send(shown)).text


def test_a_value_that_is_on_no_list_is_shown_as_it_was_sent(office: Office) -> None:
    with office.site.flask.test_request_context(headers={"Accept-Language": "en"}):
        kept = KeptForm("/hours/somebody/weekly", is_sent=True, fields=(("weekday", "9"),))
        assert kept_in_words(kept)[1] == ("Day", "9")


def test_a_list_that_was_sent_too_late_is_kept_in_words(office: Office, coordinator: Person) -> None:
    office.book(after=4 * HOUR)
    let_the_other_work(office)
    page = go_away(office, coordinator)
    office.clock.wait(minutes=61)

    kept = press(office, coordinator, page).one("input", name="kept").get("value") or ""
    shown = coordinator.sign_in(office.cast.coordinator, kept=kept)

    assert "What Hand over A talk Whoever fits" in shown.text
    assert "Now with Bram" in coordinator.follow(coordinator.send(shown)).text
