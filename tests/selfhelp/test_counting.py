"""Which cells a visit from outside counts in."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfhelp.counting import Arrivals
from tests.support.world import programme

CAME = {
    "HTTP_SEC_FETCH_MODE": "navigate",
    "HTTP_SEC_FETCH_SITE": "none",
    "HTTP_SEC_FETCH_USER": "?1",
    "PATH_INFO": "/k7",
}
LATE_ON_SUNDAY = datetime(2027, 3, 7, 23, 30, tzinfo=UTC)
"""Half past midnight on Monday in Amsterdam."""


@pytest.mark.parametrize("count_hours", [False, True])
def test_the_hour_is_counted_by_the_clock_of_the_programme_and_only_where_it_asks(
    tmp_path: Path, *, count_hours: bool
) -> None:
    asked = replace(programme(tmp_path), count_hours=count_hours)

    arrivals = Arrivals(asked, clock=lambda: LATE_ON_SUNDAY)

    assert arrivals(CAME) == (("arrival", "nl.k7"), *[("hours", "mon.night")] * count_hours)
    assert arrivals(CAME | {"PATH_INFO": "/m2/", "HTTP_ACCEPT_LANGUAGE": "en"})[0] == ("arrival", "en.m2")
    assert arrivals(CAME | {"PATH_INFO": "/en/talk/"})[0] == ("arrival", "en.direct")
    assert arrivals(CAME | {"HTTP_SEC_FETCH_SITE": "same-origin"}) == ()
