"""gunicorn's worker and logger, piece by piece."""

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidRequestLine, NoMoreData
from gunicorn.http.wsgi import Response

from helpline.web.worker import BARE_REFUSAL, QuietLogger, QuietWorker
from tests.support.visitors import Served

if TYPE_CHECKING:
    from gunicorn.http.message import Request

SECRET = "127.7.7.7"


@pytest.fixture
def logger() -> QuietLogger:
    root = logging.getLogger()
    before = root.handlers, root.level
    made = QuietLogger(Config())
    root.handlers, root.level = before
    made.error_log.handlers = []
    made.error_log.propagate = True
    return made


@pytest.fixture
def worker(logger: QuietLogger, tmp_path: Path) -> Iterator[QuietWorker]:
    config = Config()
    config.set("worker_tmp_dir", str(tmp_path))
    made = QuietWorker(age=1, ppid=1, sockets=[], app=None, timeout=30, cfg=config, log=logger)
    yield made
    made.tmp.close()


def test_a_warning_loses_its_words(logger: QuietLogger, caplog: pytest.LogCaptureFixture) -> None:
    said = f"Invalid request from ip={SECRET}"
    logger.warning(said)

    assert "a request was refused" in caplog.text
    assert SECRET not in caplog.text


def test_an_exception_loses_its_words(logger: QuietLogger, caplog: pytest.LogCaptureFixture) -> None:
    try:
        int(SECRET)
    except ValueError:
        logger.exception("Error handling request %s", SECRET)

    assert "builtins.ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_debugging_and_access_are_silent(logger: QuietLogger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "gunicorn.error")

    logger.debug("request of %s", SECRET)
    request = cast("Request", object())
    logger.access(Response(request, None, Config()), request, {"REMOTE_ADDR": SECRET}, timedelta())

    assert not caplog.text


def silent(environ: object, start_response: object) -> list[bytes]:
    """Serve nothing."""
    del environ, start_response
    return []


def answered(worker: QuietWorker, error: Exception) -> bytes:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker.handle_error(None, ours, (SECRET, 7), error)
        ours.shutdown(socket.SHUT_WR)
        theirs.settimeout(10)
        answer = b""
        while part := theirs.recv(65536):
            answer += part
        return answer


def test_a_site_without_a_page_of_its_own_still_refuses(worker: QuietWorker) -> None:
    worker.wsgi = silent

    assert answered(worker, InvalidRequestLine(SECRET)) == BARE_REFUSAL


def test_a_site_with_a_page_shows_it(worker: QuietWorker, library_site: Served) -> None:
    worker.wsgi = library_site.site

    answer = answered(worker, InvalidRequestLine(SECRET))

    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert SECRET.encode() not in answer


def test_somebody_who_hung_up_gets_no_answer(worker: QuietWorker, caplog: pytest.LogCaptureFixture) -> None:
    assert answered(worker, NoMoreData(SECRET)) == b""
    assert SECRET not in caplog.text


def test_somebody_who_sends_nonsense_and_hangs_up_ends_no_worker(worker: QuietWorker) -> None:
    """One stray request each would do: gunicorn ends a worker at an error of a line that it does not expect."""
    worker.wsgi = silent
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"NONSENSE\r\n\r\n")
        theirs.close()

        worker.handle(ours, ours, (SECRET, 7))


def test_a_client_that_falls_silent_is_let_go(worker: QuietWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a request held a worker until gunicorn killed it."""
    monkeypatch.setattr("helpline.web.worker.SILENCE_SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    hangs_up = threading.Timer(20, theirs.shutdown, [socket.SHUT_RDWR])
    with ours, theirs:
        theirs.sendall(b"GET /nl/ HTTP/1.1\r\nHost: loc")
        hangs_up.start()
        worker.handle(ours, ours, ("", 0))
        was_let_go = hangs_up.is_alive()
        hangs_up.cancel()
        assert was_let_go
