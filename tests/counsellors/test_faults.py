"""What went wrong is a whole page, and what was sent is still there."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from counsellors.site import create_app, now_in_utc
from helpline.staff.keys import NoSeatError
from helpline.staff.sessions import SessionOverError
from helpline.usage.counting import count_nothing
from tests.support.cast import CHEAP
from tests.support.office import Office, Person

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def gone(*_: object, **__: object) -> None:
    raise OperationalError("SELECT", {}, Exception("gone"))


def broken(*_: object, **__: object) -> None:
    message = "a word of a visitor"
    raise RuntimeError(message)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "elsewhere.test"}, 421),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Length": "999999999"}, 413),
        ({"Content_Length": "many"}, 413),
        ({"Sec_Purpose": "prefetch"}, 503),
    ],
    ids=["host", "foreign", "length", "odd length", "prefetch"],
)
def test_what_no_view_may_see_is_refused_with_a_page(
    office: Office, counsellor: Person, headers: dict[str, str], status: int
) -> None:
    page = counsellor.post("/sign-out", {}, **headers)

    assert page.status == status
    assert page.heading
    assert "Anna" not in page.text
    assert counsellor.get("/").status == 200


def test_what_is_no_form_is_refused(office: Office) -> None:
    answer = Client(office.site).post(
        "/sign-in", data=b"{}", content_type="application/json", base_url="http://localhost"
    )

    assert answer.status_code == 415


def test_an_unknown_page_is_not_here(counsellor: Person) -> None:
    page = counsellor.get("/nothing/at/all")

    assert page.status == 404
    assert page.heading == "This is not here"


def test_a_fault_speaks_the_language_of_who_is_signed_in(counsellor: Person) -> None:
    page = counsellor.get("/nothing", Accept_Language="nl")

    assert page.root.get("lang") == "en-GB"
    assert page.one("nav")
    assert counsellor.post("/week", {"a": "b"}, Accept_Language="nl").root.get("lang") == "en-GB"


def test_a_page_that_takes_no_form_says_what_it_takes(counsellor: Person) -> None:
    page = counsellor.post("/week", {"csrf_token": counsellor.token()})

    assert page.status == 405
    assert "GET" in page.response.headers["Allow"]


def test_while_the_database_is_gone_the_form_can_be_sent_again(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = counsellor.get("/hours")
    hours = {"weekday": "5", "starts": "20:00", "ends": "22:00", "valid_from": "2027-03-01"}
    action = f"/hours/{office.cast.counsellor.id}/weekly"
    with monkeypatch.context() as patch:
        patch.setattr("counsellors.views.hours.add_hours", gone)
        fault = counsellor.send(page, hours, action=action)

    assert fault.status == 503
    assert fault.response.headers["Retry-After"] == "60"
    assert "added" in counsellor.follow(counsellor.send(fault)).text


def test_what_breaks_on_our_side_shows_and_logs_no_word_of_it(
    counsellor: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("counsellors.views.week.diary_between", broken)
    page = counsellor.get("/week")

    assert page.status == 500
    assert page.heading == "Something broke on our side"
    assert "a word of a visitor" not in page.body + caplog.text


def test_when_even_the_fault_page_breaks_there_are_last_words(
    counsellor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counsellors.views.faults.show", broken)
    page = counsellor.get("/nothing")

    assert page.status == 500
    assert "Out of order" in page.body


def test_style_and_script_are_files_and_nothing_else_is(counsellor: Person) -> None:
    style, script = counsellor.get("/static/office.css"), counsellor.get("/static/office.js")

    assert style.response.mimetype == "text/css"
    assert script.response.mimetype == "text/javascript"
    assert len(script.response.get_data()) <= 2000
    assert counsellor.get("/static/office.txt").status == 404
    assert counsellor.get("/static/none.css").status == 404
    assert counsellor.get("/static/..%2f..%2fapp.py").status == 404


def test_the_process_says_that_it_answers(office: Office) -> None:
    assert office.stranger().get("/healthz").body == "ok\n"


def test_a_request_for_the_head_has_no_body(office: Office) -> None:
    answer = Client(office.site).head("/sign-in", base_url="http://localhost")

    assert answer.status_code == 203
    assert answer.get_data() == b""


def test_no_view_is_given_an_address_an_agent_or_a_query(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, object]] = []
    original = office.site.flask.wsgi_app

    def watched(environ: "WSGIEnvironment", start_response: "StartResponse") -> object:
        seen.append(environ)
        return original(environ, start_response)

    monkeypatch.setattr(office.site.flask, "wsgi_app", watched)

    office.stranger().get("/sign-in?a=b", User_Agent="an agent", X_Forwarded_For="127.7.7.7")
    assert not {"REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR"} & set(seen[0])
    assert seen[0]["QUERY_STRING"] == ""


def test_when_every_seat_is_taken_the_keys_wait(
    office: Office, counsellor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise NoSeatError

    office.clock.wait(minutes=20)
    page = counsellor.get("/account")
    monkeypatch.setattr("counsellors.unlocking.regain_keys", taken)

    refused = counsellor.send(page, {"passphrase": "any"}, action="/account/passphrase")
    assert refused.status == 503


def test_a_session_that_ends_in_the_same_moment_is_refused_like_a_passphrase(
    office: Office, coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = coordinator.get("/roster")

    def over(*_: object, **__: object) -> None:
        raise SessionOverError

    monkeypatch.setattr("counsellors.unlocking.private_keys", over)
    assert coordinator.send(page, action="/roster").status == 422


def test_the_front_door_makes_a_whole_back_office(office: Office, tmp_path: Path) -> None:
    site = create_app(office.services.settings, cost=CHEAP)

    assert Client(site).get("/healthz", base_url="http://localhost").status_code == 200
    assert now_in_utc().tzinfo is not None
    count_nothing(("callback", "held"))
    services = site.flask.extensions["counsellors"]
    for sessions in (services.helpline, services.office, services.counts):
        sessions.engine.dispose()
