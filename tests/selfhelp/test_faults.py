"""When something breaks: whole pages, the visitor's words, and no word of what broke in a log."""

import pytest
from sqlalchemy.exc import OperationalError

from helpline.codes import draw_code, grouped
from selfhelp.views import code
from tests.support.pages import Opened, Pages
from tests.support.visitors import Served

SECRET = "a word that only this visitor knows"
CODE = grouped(draw_code(language="nl"))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what takes a code fail, with the visitor's words in the error."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(code, "_done", fail)


@pytest.fixture
def page(reader: Pages, broken: None) -> Opened:
    """Send a code to a site that fails."""
    return reader.send(reader.get("/nl/talk/code"), {"code": CODE, "do": "see"})


def test_an_unexpected_error_is_a_whole_page_that_keeps_the_words(page: Opened) -> None:
    assert page.status == 500
    assert page.heading == "Er ging bij ons iets stuk"
    assert page.fields()["code"] == CODE
    assert page.fields()["do"] == "see"


def test_pressing_again_sends_the_same(page: Opened, reader: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    again = reader.send(page, {})

    assert again.status == 422
    assert again.one("input", type="text").get("value") == CODE


def test_the_log_says_what_broke_and_not_for_whom(
    reader: Pages, broken: None, caplog: pytest.LogCaptureFixture
) -> None:
    page = reader.send(reader.get("/nl/talk/code"), {"code": CODE, "do": "see"})

    assert "RuntimeError" in caplog.text
    assert "test_faults.py" in caplog.text
    assert not [word for word in (SECRET, CODE, "/nl/talk/code") if word in caplog.text]
    assert SECRET not in page.body


def test_an_error_page_that_breaks_as_well_is_still_a_page(
    reader: Pages, library_site: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = reader.get("/en/talk/code")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(library_site.site.flask, "wsgi_app", fail)

    page = reader.send(form, {"code": CODE})

    assert page.status == 500
    assert page.heading == "Something broke on our side"


def test_a_database_that_goes_away_is_no_fault_of_the_visitors(
    reader: Pages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError(SECRET, {}, RuntimeError(SECRET))

    monkeypatch.setattr(code, "_done", fail)

    page = reader.send(reader.get("/en/talk/code"), {"code": CODE, "do": "see"})

    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"
    assert page.fields()["code"] == CODE
    assert SECRET not in caplog.text


def test_a_form_with_too_many_parts_is_refused_on_a_whole_page(reader: Pages) -> None:
    many = {f"field{number}": "x" for number in range(1_200)}
    response = reader.post("/en/talk/code", many, Content_Type="multipart/form-data")

    assert response.status == 413
