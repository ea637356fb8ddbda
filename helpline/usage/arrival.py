"""Did somebody just come to the site from outside? Said by the browser, without cookie, session or address."""

from collections.abc import Mapping
from datetime import datetime

from helpline.settings.programme import WEEKDAYS

FROM_OUTSIDE = frozenset({"none", "cross-site"})
"""Typed, a bookmark or another programme; or a link on another site."""

RELOADS = ("max-age=0", "no-cache")
"""What a browser asks for when a page is reloaded; the other headers are those of the first time."""

PREFETCH = "prefetch"

HOURS_OF_A_PART = 6
PARTS = ("night", "morning", "afternoon", "evening")
"""From midnight on, HOURS_OF_A_PART each."""

DIRECT = "direct"
"""The channel of those who came without a path of its own."""


def is_arrival(environ: Mapping[str, object]) -> bool:
    """Return whether the request of a WSGI environment is one navigation from outside, by a person.

    It looks at five headers and nothing else. Safari says less than other browsers, so its arrivals are missing; every
    published file says so.
    """
    return (
        environ.get("HTTP_SEC_FETCH_SITE") in FROM_OUTSIDE
        and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
        and environ.get("HTTP_SEC_FETCH_USER") == "?1"
        and not ("HTTP_CACHE_CONTROL" in environ and _is_reload(str(environ["HTTP_CACHE_CONTROL"])))
        and not ("HTTP_SEC_PURPOSE" in environ and PREFETCH in str(environ["HTTP_SEC_PURPOSE"]))
    )


def _is_reload(cache_control: str) -> bool:
    return any(word in cache_control for word in RELOADS)


def arrival_cell(language: str, *, channel: str | None) -> str:
    """Return the cell of the table "arrival" for somebody who came by the path *channel*, or by none."""
    return f"{language}.{channel or DIRECT}"


def hours_cell(local: datetime) -> str:
    """Return the cell of the table "hours" for that wall time: the day of the week, and the quarter of the day."""
    return f"{WEEKDAYS[local.weekday()]}.{PARTS[local.hour // HOURS_OF_A_PART]}"
