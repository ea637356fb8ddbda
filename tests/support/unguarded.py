"""The visitors' site without its guards: a door in front of it that takes them out of every page, for controls."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.support.loopback import running

HIDDEN_PASSWORD = re.compile(rb'<input type="?password"? name="?k"?[^>]*>')
"""What keeps Chromium from writing what was sent into its session file."""

NO_AUTOCOMPLETE = re.compile(rb' autocomplete="?off"?')
"""What keeps a browser from writing what was typed into its session file."""

LOOPBACK = "127.0.0.1"
PASSED_ON = ("Accept", "Accept-Language", "Content-Type", "Content-Length", "Sec-Fetch-Site", "Sec-Fetch-Mode")
ENDS_HERE = {"connection", "date", "transfer-encoding"}


@contextmanager
def unguarded(url: str, *, without: Sequence[re.Pattern[bytes]]) -> Iterator[str]:
    """Give the address of a site that is the one at *url*, but each of *without* is blank in its pages."""

    class Door(_Door):
        site = str(urlsplit(url).netloc)
        taken_out = tuple(without)

    with running(ThreadingHTTPServer((LOOPBACK, 0), Door)) as port:
        yield f"http://{LOOPBACK}:{port}"


class _Door(BaseHTTPRequestHandler):
    """Asks the site what it was asked, and blanks the guards in the answer; its length stays what it was."""

    site: str
    taken_out: tuple[re.Pattern[bytes], ...]

    def do_GET(self) -> None:
        """Pass a page on."""
        self._pass_on(None)

    def do_POST(self) -> None:
        """Pass a form and its answer on."""
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _pass_on(self, sent: bytes | None) -> None:
        connection = HTTPConnection(self.site)
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        connection.request(self.command, self.path, sent, headers)
        answer = connection.getresponse()
        body = answer.read()
        for guard in self.taken_out:
            body = guard.sub(lambda found: b" " * len(found[0]), body)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ENDS_HERE:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        connection.close()
