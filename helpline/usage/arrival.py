"""Did somebody just come to the site from outside? Said by the browser, without cookie, session or address."""

from collections.abc import Mapping
from datetime import datetime

from helpline.settings.programme import WEEKDAYS

ARRIVAL_HEADERS = ("Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Cache-Control", "Sec-Purpose")
"""All that the rule looks at."""

FROM_OUTSIDE = frozenset({"none", "cross-site"})
"""Typed, a bookmark or another programme; or a link on another site."""

RELOADS = ("max-age=0", "no-cache")
"""What a browser asks for when a page is reloaded; the other headers are those of the first time."""

HOURS_OF_A_PART = 6
PARTS = ("night", "morning", "afternoon", "evening")
"""From midnight on, HOURS_OF_A_PART each."""

DIRECT = "direct"
"""The channel of those who came without a path of its own."""


def is_arrival(headers: Mapping[str, str]) -> bool:
    """Return whether the request is one navigation from outside, by a person; names as in ARRIVAL_HEADERS.

    Safari says less than other browsers, so its arrivals are missing; every published file says so.
    """
    return (
        headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Site") in FROM_OUTSIDE
        and headers.get("Sec-Fetch-User") == "?1"
        and not any(word in headers.get("Cache-Control", "") for word in RELOADS)
        and "prefetch" not in headers.get("Sec-Purpose", "")
    )


def headers_in(environ: Mapping[str, object]) -> dict[str, str]:
    """Return the headers that the rule looks at, by name, out of a WSGI environment."""
    keys = {name: "HTTP_" + name.upper().replace("-", "_") for name in ARRIVAL_HEADERS}
    return {name: str(environ[key]) for name, key in keys.items() if key in environ}


def arrival_cell(language: str, *, channel: str | None) -> str:
    """Return the cell of the table "arrival" for somebody who came by the path *channel*, or by none."""
    return f"{language}.{channel or DIRECT}"


def hours_cell(local: datetime) -> str:
    """Return the cell of the table "hours" for that wall time: the day of the week, and the quarter of the day."""
    return f"{WEEKDAYS[local.weekday()]}.{PARTS[local.hour // HOURS_OF_A_PART]}"
