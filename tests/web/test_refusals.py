"""Requests that no view may see, each answered with a whole page."""

from io import BytesIO

import pytest
from werkzeug.test import Client, TestResponse

from helpline.web.shared import MOST_BYTES, transport_headers
from tests.support.pages import Opened, Pages, inspect
from tests.support.visitors import Served

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(library_site: Served) -> Client:
    return Client(library_site.site)


def opened(response: TestResponse) -> Opened:
    page = Opened(response, "/", "GET")
    inspect(page)
    return page


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "", "localhost:x"])
def test_another_hosts_request_is_misdirected(reader: Pages, host: str) -> None:
    assert reader.get("/nl/", Host=host).status == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LOCALHOST:8000"])
def test_our_own_host_is_known_on_any_port(reader: Pages, host: str) -> None:
    assert reader.get("/nl/", Host=host).status == 200


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"])
def test_nothing_is_fetched_before_somebody_asks(reader: Pages, purpose: str) -> None:
    page = reader.get("/nl/", Sec_Purpose=purpose)

    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_on_a_foreign_page_is_refused(reader: Pages, site: str) -> None:
    form = reader.get("/nl/talk/code")

    assert reader.post(form.path, {"code": "x"}, Sec_Fetch_Site=site).status == 403


def test_an_old_browser_that_does_not_say_where_it_comes_from_may_send(client: Client) -> None:
    assert client.post("/nl/talk/code", data={"code": "x"}).status_code == 400


def test_a_body_that_is_too_large_is_not_read(reader: Pages) -> None:
    assert reader.post("/nl/talk/code", {"code": "x" * MOST_BYTES}).status == 413


@pytest.mark.parametrize("length", ["", "-1", "many"])
def test_a_body_of_unknown_length_is_not_read(library_site: Served, length: str) -> None:
    environ = {"CONTENT_LENGTH": length, "wsgi.input": BytesIO(b"code=x"), "CONTENT_TYPE": FORM}
    response = Client(library_site.site).post("/nl/talk/code", environ_overrides=environ)

    assert response.status_code == 413


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "image/png"])
def test_a_body_of_another_kind_is_not_read(client: Client, kind: str) -> None:
    response = client.post("/nl/talk/code", data=b"{}", content_type=kind, headers={"Sec-Fetch-Site": "same-origin"})

    assert opened(response).status == 415


def test_a_form_may_say_its_alphabet(client: Client) -> None:
    response = client.post("/nl/talk/code", data=b"code=x", content_type=f"{FORM}; charset=UTF-8")

    assert response.status_code == 400


@pytest.mark.parametrize(
    ("path", "accepted", "language"), [("/en/x", "nl", "en"), ("/x", "en", "en"), ("/enx", "", "nl")]
)
def test_a_refusal_speaks_the_visitors_language(reader: Pages, path: str, accepted: str, language: str) -> None:
    assert str(reader.get(path, Accept_Language=accepted).root.get("lang"))[:2] == language


def test_a_browser_is_kept_on_https_and_told_nothing_elsewhere() -> None:
    def told(scheme: str, host: str) -> list[tuple[str, str]]:
        return transport_headers({"wsgi.url_scheme": scheme, "HTTP_HOST": host})

    assert told("https", "line.example") == [("Strict-Transport-Security", "max-age=63072000")]
    assert told("http", "line.example") == []
    assert told("https", "line.onion:443") == []
