"""Every route of the visitors' site, out of the site itself: whole pages, whole headers, no way to leave the house."""

import re
from html import unescape

import pytest
from sqlalchemy import event
from werkzeug.test import Client

from helpline.web.visitors import FROZEN_STATUSES
from selfhelp.site import addresses
from tests.support.pages import Opened, Pages
from tests.support.visitors import Served

SHAPE = re.compile(r"[0-9]+")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture(scope="module")
def paths(library_site: Served) -> list[str]:
    """Give every path that can be asked for."""
    found = addresses(library_site.site.flask, services=library_site.services())
    return sorted({address.path for address in found})


@pytest.fixture(scope="module")
def opened(reader: Pages, paths: list[str]) -> list[Opened]:
    """Open every page once; the client inspects each."""
    return [reader.get(path) for path in paths]


def test_every_page_is_whole(opened: list[Opened]) -> None:
    statuses = {page.path: page.status for page in opened}

    assert set(statuses.values()) == {200, 203, 303}
    assert [path for path, status in statuses.items() if status == 303] == ["/"]


def test_every_route_that_is_read_is_frozen(library_site: Served, paths: list[str]) -> None:
    read = [rule for rule in library_site.site.flask.url_map.iter_rules() if "GET" in (rule.methods or ())]

    assert len(paths) >= len(read)
    for rule in read:
        assert any(path.count("/") == rule.rule.count("/") for path in paths), rule


def test_no_page_has_a_size_of_its_own(opened: list[Opened]) -> None:
    sizes = {(page.response.mimetype == "text/html", len(page.response.get_data())) for page in opened}

    assert sizes == {(True, 12_000), (False, 4_000)}


def test_a_page_is_one_request(opened: list[Opened]) -> None:
    for page in opened:
        if page.response.mimetype == "text/html":
            assert not page.all("img")
            assert not page.all("link", rel="stylesheet")


def test_every_link_inside_the_site_leads_somewhere(opened: list[Opened], paths: list[str]) -> None:
    for page in opened:
        if page.response.mimetype == "text/html":
            inside = {unescape(str(it.get("href"))).partition("#")[0] for it in page.root.iter("a")}
            inside |= {str(it.get("href")).removeprefix("https://localhost") for it in page.root.iter("link")}
            assert {it for it in inside if it.startswith("/")} <= set(paths), page.path


def test_a_page_exists_in_every_language_under_the_same_name(paths: list[str]) -> None:
    dutch = {path.removeprefix("/nl/") for path in paths if path.startswith("/nl/")}
    english = {path.removeprefix("/en/") for path in paths if path.startswith("/en/")}

    assert dutch == english


def test_titles_are_neutral_and_tell_pages_apart(opened: list[Opened]) -> None:
    ending = {"nl": "Informatie", "en": "Information"}
    for page in opened:
        if page.response.mimetype == "text/html" and page.path[1:3] in ending:
            assert page.title.endswith(ending[page.path[1:3]]), page.path
            assert len(page.title) < 40


@pytest.fixture
def client(library_site: Served) -> Client:
    """Give a visitor whose pages nobody inspects: quick."""
    return Client(library_site.site)


@pytest.mark.parametrize("method", METHODS)
def test_what_a_page_does_not_do_is_said_on_a_whole_page(
    client: Client, library_site: Served, paths: list[str], method: str
) -> None:
    answers = {path: client.open(path, method=method, headers=FORM) for path in paths}
    takes_forms = {path for path, answer in answers.items() if answer.status_code in {400, 422}}
    assert method == "POST" or not takes_forms
    assert {it.status_code for path, it in answers.items() if path not in takes_forms} <= {405}
    assert all(answer.get_data().rstrip().endswith(b"</html>") for answer in answers.values())

    for path in {SHAPE.sub("0", path): path for path in paths}.values():
        Pages(library_site.site).ask(method, path)


def test_a_page_asked_for_by_head_has_no_body(library_site: Served) -> None:
    answer = Client(library_site.site).head("/nl/")

    assert answer.status_code == 200
    assert answer.get_data() == b""
    assert answer.headers["Content-Length"] == "12000"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("status", FROZEN_STATUSES)
def test_every_fault_is_a_whole_page_in_the_visitors_language(library_site: Served, language: str, status: int) -> None:
    frozen = library_site.site.fault(status, environ={"PATH_INFO": f"/{language}/"})
    page = Pages(lambda environ, start: library_site.site.answer(frozen, environ=environ, start_response=start)).get(
        "/"
    )

    assert page.status == status
    assert page.root.get("lang", "")[:2] == language


def test_no_page_asks_the_database(client: Client, library_site: Served, paths: list[str]) -> None:
    statements: list[str] = []
    engine = library_site.services().sessions.engine
    remember = lambda *args: statements.append(str(args[2]))  # noqa: E731 - listened to and removed below
    event.listen(engine, "before_cursor_execute", remember)
    try:
        for path in paths:
            client.get(path)
        assert not statements
        library_site.site.refresh()
        assert statements, "the listener hears nothing"
    finally:
        event.remove(engine, "before_cursor_execute", remember)


def test_two_workers_show_the_same_bytes(client: Client, library_site: Served, opened: list[Opened]) -> None:
    before = {page.path: page.response.get_data() for page in opened if not page.has_form}
    assert before
    library_site.site.freeze()

    assert before == {path: client.get(path).get_data() for path in before}
