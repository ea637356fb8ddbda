"""What of a visit is counted, in the words of the codebook. Nothing here knows who came."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from helpline.programme.paths import Path
from helpline.settings.programme import Programme
from helpline.usage import arrival
from helpline.usage.codebook import ARRIVAL_TABLE, HOURS_TABLE, CountedCell
from helpline.usage.counting import Counter, Counters
from helpline.usage.pebble import first_step, form_mark, next_step
from helpline.web.visitors import language_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PAGE = "page"
LEAD = "lead"
UNMET = ("callback", "unmet")
CANCELLED = ("callback", "cancelled_by_visitor")

CELLS = {
    "home.home": "home",
    "talk.choose": "talk",
    "talk.today": "talk",
    "talk.young": "talk",
    "code.ask": "code",
    "about.now": "now",
    "about.kept": "kept",
    "about.private": "private",
    "about.who": "who",
    "about.why": "why",
    "about.asked": "asked",
    "about.access": "access",
}
RELATIVES, AFTER_HARM = 20, 70
"""Adults who worry about themselves come before, each path by itself; whom it happened to is not followed at all."""

UNCOUNTED = ("doors.", "home.choose_language")


def page_cell(endpoint: str, *, path: int | None) -> CountedCell | None:
    """Return the cell that a reading of a page counts in: *path* is the number of its self-help path, if it has one."""
    if endpoint.startswith(UNCOUNTED):
        return None
    if path is not None:
        return PAGE, f"read.{path}"
    return PAGE, CELLS.get(endpoint, "home" if endpoint.startswith("home.") else "other")


class Arrivals:
    """Which cells somebody counts in who comes from outside: by language and the leaflet's short path; by the hour.

    The table of hours is there only where the programme asks for it.
    """

    def __init__(self, programme: Programme, *, clock: Callable[[], datetime]) -> None:
        """Write all cells down beforehand: this is asked at every request."""
        self._languages, self._zone = programme.languages, programme.zone
        self._clock = clock if programme.count_hours else None
        self._direct = {it: ((ARRIVAL_TABLE, arrival.arrival_cell(it, channel=None)),) for it in self._languages}
        self._by_leaflet = {
            (language, path): ((ARRIVAL_TABLE, arrival.arrival_cell(language, channel=channel)),)
            for language in self._languages
            for channel in programme.channels
            for path in (f"/{channel}", f"/{channel}/")
        }

    def __call__(self, environ: "WSGIEnvironment") -> tuple[CountedCell, ...]:
        """Return the cells of the request; none where it is no arrival."""
        if not arrival.is_arrival(environ):
            return ()
        tongue = language_of(environ, languages=self._languages)
        cells = self._by_leaflet.get((tongue, environ["PATH_INFO"])) or self._direct[tongue]
        if self._clock is None:
            return cells
        return *cells, (HOURS_TABLE, arrival.hours_cell(self._clock().astimezone(self._zone)))


class Trail(Protocol):
    """Moves the pebble of a visit on its path, and counts a form once."""

    def move(self, text: str, *, path: int, stage: str, form: str) -> str:
        """Return the stage text of the next form, after the visit with the stage text *text* came to *stage*.

        *form* is the token of the form that was sent.
        """

    def count_once(self, cell: CountedCell, *, form: str) -> None:
        """Count *cell*, unless the form with the token *form* was counted before."""


class PebbleTrail:
    """Visits on paths, each on one cell: the furthest stage that it came to (counts.md)."""

    def __init__(self, counters: Counters, *, key: bytes) -> None:
        """Count in *counters*; stage texts are made under *key*."""
        self._counters = counters
        self._key = key

    def move(self, text: str, *, path: int, stage: str, form: str) -> str:
        """Return the stage text of the next form; a visit without one is placed on the path first."""
        cell = path_cell(path)
        if cell is None:
            return ""
        placed = text or first_step(cell, form=form, counters=self._counters, key=self._key)
        return next_step(placed, stage=stage, counters=self._counters, key=self._key)

    def count_once(self, cell: CountedCell, *, form: str) -> None:
        """Count *cell*, unless the form with the token *form* was counted before, by any worker."""
        self._counters.count(cell, mark=form_mark(form, key=self._key))


class NoTrail:
    """No pebbles: for a site without counters. Which forms were counted, it remembers itself."""

    def __init__(self, count: Counter) -> None:
        """Let *count* count."""
        self._count = count
        self._counted: set[str] = set()

    def count_once(self, cell: CountedCell, *, form: str) -> None:
        """Count *cell*, unless the form with the token *form* was counted before."""
        if form not in self._counted:
            self._counted.add(form)
            self._count(cell)

    def move(self, text: str, *, path: int, stage: str, form: str) -> str:
        """Return *text* as it is."""
        del path, stage, form
        return text


def path_cell(path: int) -> str | None:
    """Return what the *path* is called in the codebook: paths of one kind of people together; None: not counted."""
    if path >= AFTER_HARM:
        return None
    return str(path // 10 * 10) if path >= RELATIVES else str(path)


def reached(path: Path, number: int) -> str:
    """Return the stage of somebody who came to the page *number* of *path*."""
    if path.beyond(number) is None:
        return "finished"
    return "halfway" if 2 * path.numbers.index(number) >= len(path.numbers) else "begun"
