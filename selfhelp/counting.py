"""What of a visit is counted, in the words of the codebook. Nothing here knows who came."""

from typing import TYPE_CHECKING

from helpline.settings.programme import Programme
from helpline.usage import arrival
from helpline.usage.codebook import ARRIVAL_TABLE
from helpline.web.frozen import CountedCell
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
    "code.ask": "code",
    "about.now": "now",
    "about.kept": "kept",
    "about.private": "private",
    "about.who": "who",
    "about.access": "access",
}
UNCOUNTED = ("doors.", "home.choose_language")


def page_cell(endpoint: str, *, path: int | None) -> CountedCell | None:
    """Return the cell that a reading of a page counts in: *path* is the number of its self-help path, if it has one."""
    if endpoint.startswith(UNCOUNTED):
        return None
    if path is not None:
        return PAGE, f"read.{path}"
    return PAGE, CELLS.get(endpoint, "home" if endpoint.startswith("home.") else "other")


def arrival_cell(environ: "WSGIEnvironment", *, programme: Programme) -> CountedCell | None:
    """Return the cell of somebody who comes from outside, by language and by the leaflet's short path; else None."""
    if not arrival.is_arrival(arrival.headers_in(environ)):
        return None
    path = environ["PATH_INFO"].strip("/")
    tongue = language_of(environ, languages=programme.languages)
    return ARRIVAL_TABLE, arrival.arrival_cell(tongue, channel=path if path in programme.channels else None)


def count_nothing(table: str, cell: str) -> None:
    """Count nothing: for a site without counters."""
    del table, cell
