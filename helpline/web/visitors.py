"""The visitors' site as the server calls it: refusals and frozen pages first, Flask for what was sent."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from flask import Flask
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from helpline.usage.codebook import CountedCell
from helpline.usage.counting import Counter
from helpline.web.frozen import FrozenPage, content_length, frozen, padded, status_line
from helpline.web.quiet import log_error
from helpline.web.shared import Headers, fixed_headers, rebuilt, refusal, transport_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FROZEN_STATUSES = (400, 403, 404, 413, 415, 421, 500, 503)
"""The faults that are answered without asking Flask, from pages it made before."""

REFRESH_SECONDS = 30.0
"""How old what a page says may be: a time is taken, a line opens."""

FREEZING = "helpline.freezing"
"""In the environment of a request of our own: the page is made to be kept, so its forms get no real token."""

FAULT = "helpline.fault"
"""In the environment of a request of our own: the status that it must be answered with."""

PASSED_ON = ("Content-Type", "Content-Disposition", "Location", "Retry-After", "Allow", "X-Robots-Tag")
"""What a view may say in headers. An allow-list, so that no library can set a cookie, an ETag or a Vary."""


class UnfrozenPageError(Exception):
    """A page could not be made; the log above says why."""


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Address:
    """A page to freeze: its path, for whom it is frozen if the path does not say a language, and what it counts as."""

    path: str
    language: str | None = None
    counted: CountedCell | None = None


@dataclass(frozen=True, slots=True)
class Plumbing:
    """What the site needs besides its views."""

    hosts: frozenset[str]
    languages: tuple[str, ...]
    content_policy: str
    token: Callable[[], str]
    count: Counter
    arrival_cells: Callable[["WSGIEnvironment"], tuple[CountedCell, ...]]
    renew: Callable[[], bool]
    addresses: Callable[[], Iterable[Address]]


class VisitorsSite:
    """A WSGI application that no view's mistake can make tell more than it should."""

    def __init__(self, flask: Flask, *, plumbing: Plumbing) -> None:
        """Serve the views of *flask*; nothing is frozen yet."""
        self.flask = flask
        self._plumbing = plumbing
        self._fixed = fixed_headers(policy=plumbing.content_policy, referrer="no-referrer", passkeys=False)
        self._is_stale = True
        self._pages: Mapping[str, FrozenPage] = {}
        self._faults: Mapping[tuple[str, int], FrozenPage] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        status = refusal(environ, hosts=self._plumbing.hosts)
        if status is not None:
            page = self.fault(status, environ=environ)
        elif environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            page = self._page(environ) or self.fault(404, environ=environ)
        else:
            page = self._asked(environ)
        return self.answer(page, environ=environ, start_response=start_response)

    def answer(
        self, page: FrozenPage, *, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Send *page* as the answer to the request of *environ*."""
        start_response(page.status, [*page.headers, *transport_headers(environ)])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body(self._plumbing.token)]

    def refresh(self) -> None:
        """Look again at what moves with time, and make the pages again if anything did."""
        self._is_stale = self._plumbing.renew() or self._is_stale
        if self._is_stale:
            self.freeze()

    def keep_fresh(self, *, every: float = REFRESH_SECONDS) -> threading.Event:
        """Refresh again and again, outside any request, in a thread of this process, until the event is set."""
        return keep_doing(self.refresh, every=every)

    def freeze(self) -> None:
        """Make every page and every fault again, then show the new ones all at once.

        Raises:
            UnfrozenPageError: a page is broken; the old ones stay.
        """
        addresses = self._plumbing.addresses()
        pages = {_key(address.path, language=address.language): self._frozen(address) for address in addresses}
        faults = {
            (language, status): self._frozen(Address(f"/{language}/"), status=status)
            for language in self._plumbing.languages
            for status in FROZEN_STATUSES
        }
        self._pages, self._faults, self._is_stale = pages, faults, False

    def fault(self, status: int, *, environ: "WSGIEnvironment") -> FrozenPage:
        """Return the whole page that says *status*, in the language of the path or of the browser."""
        return self._faults[self._language(environ), status]

    def unreadable_request(self) -> FrozenPage:
        """Return the page for a request that the server itself could not read."""
        return self._faults[self._plumbing.languages[0], 400]

    def _page(self, environ: "WSGIEnvironment") -> FrozenPage | None:
        path = environ["PATH_INFO"]
        page = self._pages.get(path) or self._pages.get(path + "/")
        if page is None and path.count("/") == 1:
            page = self._pages.get(_key(path, language=self._language(environ)))
        if page is not None:
            self._count(page, environ=environ)
        return page

    def _count(self, page: FrozenPage, *, environ: "WSGIEnvironment") -> None:
        """Count a reading, and an arrival if it is one, in one turn of the counters' lock."""
        reading = () if page.counted is None else (page.counted,)
        self._plumbing.count(*reading, *self._plumbing.arrival_cells(environ))

    def _asked(self, environ: "WSGIEnvironment") -> FrozenPage:
        """Return Flask's answer to what was sent."""
        response = attempt(lambda: Response.from_app(self.flask, rebuilt(environ), buffered=True))
        if response is None:
            return self.fault(500, environ=environ)
        headers = self._headers(response)
        body = padded(response.get_data(), headers=headers)
        return FrozenPage(status_line(response.status_code), [*headers, content_length(body)], (body,))

    def _frozen(self, address: Address, *, status: int | None = None) -> FrozenPage:
        builder = EnvironBuilder(path=address.path, headers=[("Accept-Language", address.language or "")])
        environ = rebuilt(builder.get_environ())
        environ |= {FREEZING: True, FAULT: status}
        response = Response.from_app(self.flask, environ, buffered=True)
        if status is None and response.status_code >= HTTPStatus.BAD_REQUEST:
            raise UnfrozenPageError(address.path)
        line = status_line(status or response.status_code)
        return frozen(response.get_data(), status=line, headers=self._headers(response), counted=address.counted)

    def _headers(self, response: Response) -> Headers:
        said = [(name, response.headers[name]) for name in PASSED_ON if name in response.headers]
        return said + self._fixed

    def _language(self, environ: "WSGIEnvironment") -> str:
        return language_of(environ, languages=self._plumbing.languages)


def language_of(environ: "WSGIEnvironment", *, languages: tuple[str, ...]) -> str:
    """Return the language that the path names, else the first of *languages* that the browser prefers."""
    path: str = environ["PATH_INFO"]
    named = path[1:3]
    if named in languages and path[3:4] in {"", "/"}:
        return named
    return preferred(str(environ.get("HTTP_ACCEPT_LANGUAGE", "")), languages=languages)


def preferred(accepted: str, *, languages: tuple[str, ...]) -> str:
    """Return which of *languages* an Accept-Language header likes best; the first of them when it likes none."""
    best, best_weight = languages[0], 0.0
    for part in accepted[:MOST_ACCEPTED].split(","):
        tag, _, quality = part.strip().partition(";")
        weight = _weight(quality)
        primary = tag.strip().lower().partition("-")[0]
        if primary in languages and weight > best_weight:
            best, best_weight = primary, weight
        if best_weight >= 1:
            break
    return best


MOST_ACCEPTED = 200
"""Symbols of an Accept-Language header that are looked at."""


def _weight(quality: str) -> float:
    """Return the number in "q=0.8"; 1 where none is said, 0 where it is none."""
    text = quality.strip().removeprefix("q=")
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _key(path: str, *, language: str | None) -> str:
    """Return where a page lies in the table: a path without a language has a page for each."""
    return path if language is None else f"{language} {path}"


def attempt(work: Callable[[], Result]) -> Result | None:
    """Return what *work* returns, or None when it failed: what broke is logged, without a word of a visitor's."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the last wall before the server, which would print the trace
        log_error(error)
    return None


def keep_doing(work: Callable[[], None], *, every: float) -> threading.Event:
    """Do *work* again and again in a thread, *every* so many seconds, also after it failed; set the event to end it."""
    end = threading.Event()

    def run() -> None:
        while not end.wait(every):
            attempt(work)

    threading.Thread(target=run, name="snapshot", daemon=True).start()
    return end
