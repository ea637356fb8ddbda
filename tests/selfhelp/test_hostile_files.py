"""Whatever is brought in place of a saved file comes to a kind error or to plain text, and never lies on a disk."""

import tempfile
from pathlib import Path

import pytest
import werkzeug.formparser

from helpline.languages import CONTENT
from helpline.programme.exercises import read_answers
from helpline.programme.words import load_words
from tests.support.exercises import FIELDS, LENGTH
from tests.support.hostile_bodies import FORM_TYPE, TOKEN, Sent, hostile_bodies, sent
from tests.support.hostile_files import WRITTEN, Ground, Hostile, hostile_files
from tests.support.pages import Opened, Pages, words
from tests.support.visitors import Served
from tests.support.walks import FIRST, address, kept

GROUND = Ground(FIELDS, load_words(CONTENT, languages=("en",))["en"])
FILES = hostile_files(GROUND)
FORM = {"k": "1", "at": str(FIRST), "do": "open", "plan-if": "typed before"}
BODIES = hostile_bodies(FORM, ground=GROUND)

MOST_BYTES = 256 * 1024
HEAVY = 2_000_000
PAGE = address(FIRST)


@pytest.fixture(scope="module")
def visitor(walking: Served) -> Pages:
    """Give a visitor of the invented module; what comes back to her may be long."""
    return Pages(walking.site, heaviest=HEAVY)


@pytest.fixture(scope="module")
def token(visitor: Pages) -> str:
    """Give the token of a form of ours."""
    return visitor.get(PAGE).fields()["token"]


@pytest.fixture(scope="module")
def elements(visitor: Pages) -> set[str]:
    """Give the kinds of elements that a page with fields has."""
    return {it.tag for it in visitor.send(visitor.get(PAGE), {"do": "open"}).root.iter()} | {"p"}


@pytest.fixture(autouse=True)
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything explode that would write a temporary file."""

    def exploding(*_: object, **__: object) -> None:
        pytest.fail("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, exploding)
    for name in ("TemporaryFile", "SpooledTemporaryFile"):
        if hasattr(werkzeug.formparser, name):
            monkeypatch.setattr(werkzeug.formparser, name, exploding)


def is_inert(page: Opened, *, elements: set[str]) -> bool:
    """Return whether nothing in *page* is markup that is not ours (the client has looked at it already)."""
    scripts = [it.text or "" for it in page.all("script")]
    return {it.tag for it in page.root.iter()} <= elements and not any("qvcanary" in it for it in scripts)


def test_there_are_enough_of_them_and_each_has_a_name() -> None:
    names = [it.name for it in FILES] + [it.name for it in BODIES]

    assert len(names) == len(set(names)) >= 100
    assert all(len(it.data) <= MOST_BYTES for it in FILES)


@pytest.mark.parametrize("file", FILES, ids=[it.name for it in FILES])
def test_a_file_that_is_not_as_we_wrote_it(visitor: Pages, token: str, elements: set[str], file: Hostile) -> None:
    body = sent(FORM | {"token": token}, file=file.data, called=file.called)

    page = visitor.send_raw(PAGE, body, kind=FORM_TYPE)

    assert page.heading == f"Screen {FIRST}"
    assert is_inert(page, elements=elements)
    if file.fault is None:
        assert page.status == 203
        assert words(page.one("p", role="status"))
        assert len(kept(page)["note"]) <= LENGTH
        assert set(kept(page)) == {"note"}
    else:
        assert page.status == 422
        assert words(page.one("p", id="file-fault")) == GROUND.words.faults[file.fault]
        assert kept(page) == {"plan-if": "typed before"}


@pytest.mark.parametrize("request_", BODIES, ids=[it.name for it in BODIES])
def test_a_request_that_no_browser_makes(visitor: Pages, token: str, elements: set[str], request_: Sent) -> None:
    page = visitor.send_raw(PAGE, request_.body.replace(TOKEN.encode(), token.encode()), kind=request_.kind)

    assert page.status in request_.statuses
    assert is_inert(page, elements=elements)


def test_what_a_file_says_is_shown_as_it_was_written(visitor: Pages, token: str) -> None:
    body = sent(FORM | {"token": token}, file=GROUND.good())

    page = visitor.send_raw(PAGE, body, kind=FORM_TYPE)

    assert kept(page) == {"note": WRITTEN}


def test_a_text_of_accents_is_not_spelt_anew_where_it_is_too_long() -> None:
    """The time for it grows with the square of the length: 100,000 of them take ten seconds."""
    accents = "a" + "\u0301\u0316" * LENGTH

    assert read_answers(FIELDS, form={"note": accents}).values["note"] == accents


def test_the_site_has_no_name_for_a_temporary_file() -> None:
    rooms = [Path(__file__).parents[2] / room for room in ("selfhelp", "helpline/web", "helpline/programme")]

    assert [
        path for room in rooms for path in room.rglob("*.py") if "tempfile" in path.read_text(encoding="utf-8")
    ] == []
