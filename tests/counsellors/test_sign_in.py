"""Coming in and going out, in a browser."""

import pytest

from helpline.staff.keys import NoSeatError
from tests.support.office import Office, Person


def cookies(answer: object) -> list[str]:
    response = getattr(answer, "response", None)
    assert response is not None
    return [str(it) for it in response.headers.getlist("Set-Cookie")]


def test_the_right_words_and_code_open_the_day(any_office: Office) -> None:
    person = any_office.stranger()

    day = person.follow(person.sign_in(any_office.cast.counsellor))
    assert day.heading.startswith("Today")
    assert "Anna is signed in" in day.text


def test_both_cookies_are_bound_to_this_host_and_closed_to_scripts(office: Office) -> None:
    said = cookies(office.stranger().sign_in(office.cast.counsellor))

    assert {cookie.partition("=")[0] for cookie in said} == {"__Host-office", "__Host-device"}
    for cookie in said:
        assert "Secure; HttpOnly; Path=/; SameSite=Strict" in cookie
        assert "Domain" not in cookie
    assert "Max-Age" not in next(it for it in said if it.startswith("__Host-office"))


@pytest.mark.parametrize("field", ["name", "passphrase", "code"])
def test_whatever_is_wrong_the_answer_is_the_same(office: Office, field: str) -> None:
    page = office.stranger().sign_in(office.cast.counsellor, **{field: "123456"})

    assert page.status == 422
    assert page.title.startswith("To fix:")
    assert "Name, passphrase or code is not right" in page.text


def test_what_was_typed_is_kept_but_for_secrets(office: Office) -> None:
    page = office.stranger().sign_in(office.cast.counsellor, passphrase="not right")

    assert page.one("input", name="name").get("value") == "anna"
    assert page.one("input", name="passphrase").get("value") is None


def test_an_empty_field_is_named(office: Office) -> None:
    page = office.stranger().sign_in(office.cast.counsellor, code="")

    assert page.status == 422
    assert page.one("a", href="#code").text == "Fill in the code of your telephone."
    assert page.one("input", name="code").get("aria-invalid") == "true"


def test_a_code_that_was_used_is_refused(office: Office) -> None:
    person = office.stranger()
    typed = person.typed(office.cast.counsellor)
    assert person.send(person.get("/sign-in"), typed).status == 303

    page = office.stranger()
    assert page.send(page.get("/sign-in"), typed).status == 422


def test_after_some_tries_the_answer_says_how_long_to_wait(office: Office) -> None:
    person = office.stranger()
    page = person.get("/sign-in")
    typed = person.typed(office.cast.counsellor) | {"passphrase": "wrong"}
    for _ in range(3):
        assert person.send(page, typed).status == 422

    slowed = person.send(page, typed)
    assert slowed.status == 429
    assert slowed.response.headers["Retry-After"] == "2"
    assert "Wait 2 seconds" in slowed.text


def test_when_every_seat_is_taken_the_page_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object, **__: object) -> None:
        raise NoSeatError

    monkeypatch.setattr("counsellors.views.sign_in.sign_in", taken)

    page = office.stranger().sign_in(office.cast.counsellor)
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"


def test_whoever_signs_out_is_out_and_the_browser_forgets_what_it_showed(office: Office, counsellor: Person) -> None:
    answer = counsellor.send(counsellor.get("/"), action="/sign-out")

    assert answer.status == 303
    assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert counsellor.get("/").heading == "Sign in"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(office: Office, counsellor: Person) -> None:
    before = counsellor.get("/")
    thief = office.stranger()
    thief._client = counsellor._client.__class__(office.site)  # noqa: SLF001 - a browser with a copied cookie jar
    cookie = counsellor._client.get_cookie("__Host-office")  # noqa: SLF001 - the cookie that is copied
    assert cookie is not None
    thief._client.set_cookie("__Host-office", cookie.value)  # noqa: SLF001 - the copy
    assert thief.get("/").heading.startswith("Today")

    counsellor.send(before, action="/sign-out")
    assert thief.get("/").heading == "Sign in"


def test_an_hour_without_use_ends_the_session(office: Office, counsellor: Person) -> None:
    office.clock.wait(minutes=61)

    page = counsellor.get("/week")
    assert page.status == 403
    assert page.heading == "Sign in"


def test_a_page_that_asks_for_itself_does_not_keep_the_session_alive(office: Office, counsellor: Person) -> None:
    for _ in range(13):
        office.clock.wait(minutes=4)
        assert counsellor.get("/today/by-itself").status == 200
    office.clock.wait(minutes=9)

    assert counsellor.get("/").status == 403


def test_using_pages_keeps_the_session_alive(office: Office, counsellor: Person) -> None:
    for _ in range(5):
        office.clock.wait(minutes=40)
        assert counsellor.get("/").status == 200


def test_after_signing_in_one_stands_where_one_wanted_to_go(office: Office) -> None:
    person = office.stranger()
    page = person.get("/week")

    answer = person.send(page, person.typed(office.cast.counsellor))
    assert answer.response.headers["Location"] == "/week"


def test_a_sign_in_page_that_lay_open_too_long_is_filled_in_once_more(office: Office) -> None:
    person = office.stranger()
    page = person.get("/sign-in")
    person.forget_cookies()

    again = person.send(page, person.typed(office.cast.counsellor))
    assert again.status == 422
    assert "open for too long" in again.text
    assert again.one("input", name="name").get("value") == "anna"


def test_signing_out_twice_leads_to_the_door(office: Office, counsellor: Person) -> None:
    page = counsellor.get("/")
    counsellor.send(page, action="/sign-out")

    assert counsellor.send(page, action="/sign-out").response.headers["Location"] == "/sign-in"


def test_a_demo_shows_the_codes_of_its_invented_people(demo_office: Office) -> None:
    page = demo_office.stranger().get("/sign-in")

    assert demo_office.cast.counsellor.code(demo_office.clock.now) in page.text
    assert "demo" in page.text


def test_production_shows_no_codes(office: Office) -> None:
    page = office.stranger().get("/sign-in")

    assert office.cast.counsellor.code(office.clock.now) not in page.text


def test_the_door_speaks_the_browsers_language_and_the_pages_the_accounts(office: Office) -> None:
    person = office.stranger()

    assert person.get("/sign-in", Accept_Language="en").heading == "Sign in"
    unknown = person.get("/sign-in", Accept_Language="fr")
    assert (unknown.root.get("lang"), unknown.heading) == ("nl", "Aanmelden")
    person.sign_in(office.cast.counsellor)
    assert person.get("/", Accept_Language="nl").root.get("lang") == "en-GB"


def test_over_https_a_form_from_another_page_is_not_taken(office: Office) -> None:
    person = office.stranger()
    person._base = "https://localhost"  # noqa: SLF001 - the same browser over HTTPS
    page = person.get("/sign-in")
    office.clock.wait(seconds=30)

    foreign = person.post(
        "/sign-in", page.fields() | person.typed(office.cast.counsellor), Referer="https://evil.test/"
    )
    assert foreign.status == 422
    ours = person.post(
        "/sign-in", page.fields() | person.typed(office.cast.counsellor), Referer="https://localhost/sign-in"
    )
    assert ours.status == 303
