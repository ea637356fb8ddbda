"""The visitors' site as it is shipped: a real gunicorn, asked in ways that no browser would."""

import socket
from collections.abc import Iterator

import pytest

from tests.support.running import Running, filled_demo, running_visitors_site

AGENT = "a-browser-that-nobody-else-has"
ADDRESS = "127.0.0.1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a demo."""
    filled = filled_demo(tmp_path_factory.mktemp("filled"))
    with running_visitors_site(filled, tmp_path_factory.mktemp("served")) as running:
        yield running


def ask(site: Running, raw: bytes) -> tuple[bytes, bytes]:
    """Send *raw* bytes and return head and body of the answer."""
    with socket.create_connection((ADDRESS, site.port), timeout=20) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while part := line.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def get(site: Running, path: str) -> tuple[bytes, bytes]:
    return ask(site, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {AGENT}\r\n\r\n".encode())


def test_an_answer_fits_into_the_first_flight_of_a_line(site: Running) -> None:
    head, body = get(site, "/nl/talk/")

    assert b" 203 " in head
    assert len(head) <= 1_900
    assert len(head) + 4 + len(body) <= 14_000


def test_nobody_says_what_the_server_is(site: Running) -> None:
    for path in ("/nl/", "/nothing", "/healthz"):
        head, _ = get(site, path)
        assert b"server:" not in head.lower()
        assert b"gunicorn" not in head.lower()


@pytest.mark.parametrize(
    "raw",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"x" * 3_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100 + b"\r\n",
        b"GET / HTTP/1.1\r\nBad Header: x\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
    ids=["nonsense", "version", "line", "headers", "header", "coding"],
)
def test_what_cannot_be_read_gets_a_whole_page_and_no_detail(site: Running, raw: bytes) -> None:
    head, body = ask(site, raw)

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"server:" not in head.lower()
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert b'class="crisis"' in body
    assert b"Invalid" not in body


def test_head_has_no_body(site: Running) -> None:
    head, body = ask(site, b"HEAD /nl/ HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert b" 200 " in head
    assert body == b""


def test_a_broken_line_is_no_event(site: Running) -> None:
    with socket.create_connection((ADDRESS, site.port)) as line:
        line.sendall(b"GET /nl/ HT")

    assert b" 200 " in get(site, "/nl/")[0]


def test_the_log_holds_no_address_no_agent_and_no_path(site: Running) -> None:
    get(site, "/nl/read/12/1")
    ask(site, b"NONSENSE-OF-SOMEBODY\r\n\r\n")
    log = site.log.read_text(encoding="utf-8")

    listening = f"Listening at: http://{ADDRESS}:{site.port}"
    assert "InvalidRequestLine" in log or "InvalidRequestMethod" in log
    for word in (ADDRESS, AGENT, "/nl/", "SOMEBODY"):
        assert word not in log.replace(listening, "")


def test_no_socket_is_left_by_which_the_server_could_be_steered(site: Running) -> None:
    home = site.log.parent / "home"

    assert not [path for path in home.rglob("*") if path.is_socket()]


def test_pages_of_any_worker_take_forms_of_any_other(site: Running) -> None:
    first = get(site, "/nl/talk/code")[1]
    second = get(site, "/nl/talk/code")[1]

    assert first != second
    assert len(first) == len(second)
