"""Somebody who asks the real processes for pages, and says in every request who is asking."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection
from io import BytesIO
from typing import Final
from urllib.parse import urlencode

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse
from werkzeug.wrappers import Request

from tests.support.pages import Opened
from tests.support.running import Running

PATIENCE_SECONDS: Final = 180
MOST_READ: Final = 65_536

ADDRESS = "127.7.7.7"
FORWARDED = "198.51.100.77"
AGENT = "Canarybrowser/7.7"
REFERER = "https://canary-referer.example/canarypath"
ABOUT_ME = {"User-Agent": AGENT, "Referer": REFERER, "X-Forwarded-For": FORWARDED, "Accept-Language": "en"}
"""What each of her requests says of her, besides the address that it comes from."""


class Caller:
    """A browser at ADDRESS, without script, that gives itself away as much as a request can."""

    def __init__(self, site: Running) -> None:
        """Stand before *site*."""
        self._site = site
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Opened:
        """Ask for *path*."""
        return self._asked("GET", path, body=None, more={})

    def post(self, path: str, data: Mapping[str, str]) -> Opened:
        """Send *data* to *path* as a form of the site itself does."""
        more = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self._asked("POST", path, body=urlencode(data).encode(), more=more)

    def send(self, page: Opened, filled: Mapping[str, str], *, action: str | None = None) -> Opened:
        """Fill in the form of *page* that goes to *action* (the first one by default); return what comes back."""
        forms = page.all("form") if action is None else page.all("form", action=action)
        assert forms, f"no such form at {page.path}: {page.text}"
        goes_to = str(forms[0].get("action")).partition("#")[0]
        return self.post(goes_to, page.fields(page.all("form").index(forms[0])) | dict(filled))

    def upload(self, page: Opened, filled: Mapping[str, str], *, file: tuple[bytes, str]) -> Opened:
        """Fill in the form of *page*, choose *file* (content and name) and press a button."""
        data = {**page.fields(), **filled, "file": (BytesIO(file[0]), file[1])}
        environ = EnvironBuilder(path=page.path, method="POST", data=data).get_environ()
        more = {"Content-Type": environ["CONTENT_TYPE"], "Sec-Fetch-Site": "same-origin"}
        return self._asked("POST", page.path, body=environ["wsgi.input"].read(), more=more)

    def say(self, raw: bytes) -> bytes:
        """Send *raw* and nothing more; return what comes back, which may be nothing."""
        line = socket.create_connection(("127.0.0.1", self._site.port), PATIENCE_SECONDS, source_address=(ADDRESS, 0))
        # A server that does not want to hear it all hangs up.
        with line, suppress(ConnectionError):
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(MOST_READ), b""))
        return b""

    def _asked(self, method: str, path: str, *, body: bytes | None, more: Mapping[str, str]) -> Opened:
        headers = ABOUT_ME | {"Host": f"{self._site.host}:{self._site.port}"} | dict(more)
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        line = HTTPConnection("127.0.0.1", self._site.port, timeout=PATIENCE_SECONDS, source_address=(ADDRESS, 0))
        line.request(method, path, body=body, headers=headers)
        answer = line.getresponse()
        said = Headers(answer.getheaders())
        status = f"{answer.status} {answer.reason}"
        response = TestResponse([answer.read()], status, said, Request(EnvironBuilder(path="/").get_environ()))
        line.close()
        self._cookies |= dict(_cookies(said))
        return Opened(response, path, method)


def _cookies(said: Headers) -> Iterator[tuple[str, str]]:
    for cookie in said.getlist("Set-Cookie"):
        name, _, value = cookie.partition(";")[0].partition("=")
        yield name, value
