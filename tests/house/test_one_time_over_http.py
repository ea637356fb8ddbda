"""Eight workers of the site as it is shipped, and eight visitors who press the button for one time at one moment."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from typing import Final

import pytest

from helpline.callbacks.doors import Asked
from helpline.callbacks.keeping import TOKEN_LEAST_AGE
from helpline.callbacks.tables import Booking
from helpline.callbacks.times import free_times
from helpline.roster import read_roster
from helpline.settings.environment import visitors_settings
from selfhelp.forms.talk import time_value
from tests.support.caller import Caller
from tests.support.canary_visit import TALK, times
from tests.support.demo import OpenedDemo
from tests.support.pages import Opened, words
from tests.support.running import Running, running_visitors_site
from tests.support.talks import bookings

EIGHT: Final = 8
NUMBER: Final = "+49 171 39200 21"
BOOKED: Final = "Your talk is booked"
RIPE_SECONDS: Final = TOKEN_LEAST_AGE.total_seconds() + 1.1


@dataclass(frozen=True)
class Rush:
    """Eight who wanted one time: what each saw, and what the one who got it saw when she pressed once more."""

    wanted: str
    seen: list[Opened]
    once_more: Opened
    before: Sequence[Booking]
    after: Sequence[Booking]

    @property
    def winners(self) -> list[Opened]:
        """Return the slips."""
        return [page for page in self.seen if page.heading == BOOKED]

    @property
    def losers(self) -> list[Opened]:
        """Return the other pages."""
        return [page for page in self.seen if page.heading != BOOKED]


pytestmark = pytest.mark.parametrize(
    "demo_to_serve", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True, scope="module"
)
"""Twice eight workers cost half a minute; tests/callbacks/test_races.py has eight processes at both, in every run."""


@pytest.fixture(scope="module")
def rush(demo_to_serve: OpenedDemo, tmp_path_factory: pytest.TempPathFactory) -> Rush:
    """Let eight visitors rush for a time at which one counsellor is free."""
    folder = tmp_path_factory.mktemp("rush")
    with running_visitors_site(demo_to_serve, folder, workers=EIGHT) as site:
        return rush_at(site, demo_to_serve.at(folder))


def rush_at(site: Running, demo: OpenedDemo) -> Rush:
    """Send eight forms at one moment, and the winner's once more."""
    callers = [Caller(site) for _ in range(EIGHT)]
    forms = [caller.get(TALK) for caller in callers]
    wanted = time_of_one_counsellor(demo, offered=times(forms[0]))
    said = {"time": wanted, "way": "you_ring", "number": NUMBER, "about": "about_me"}
    time.sleep(RIPE_SECONDS)
    with demo.opened() as stores:
        before = bookings(stores.helpline)
    start = Barrier(EIGHT)

    def press(number: int) -> Opened:
        start.wait()
        return callers[number].send(forms[number], said)

    with ThreadPoolExecutor(EIGHT) as pool:
        seen = list(pool.map(press, range(EIGHT)))
    won = next((number for number, page in enumerate(seen) if page.heading == BOOKED), 0)
    with demo.opened() as stores:
        after = bookings(stores.helpline)
    return Rush(wanted, seen, callers[won].send(forms[won], said), before, after)


def time_of_one_counsellor(demo: OpenedDemo, *, offered: list[str]) -> str:
    """Return the first of the *offered* times at which one counsellor is free, and nobody else."""
    settings, now = visitors_settings(demo.visitors_environment), datetime.now(UTC)
    with demo.opened() as stores, stores.helpline.read() as session:
        roster = read_roster(session, verify_keys=settings.roster_verify_keys, now=now, seen=None)
        free = free_times(session, Asked(language="en"), programme=settings.programme, roster=roster, now=now)
    alone = {time_value(it.starts_at) for it in free if len(it.counsellors) == 1}
    return next(value for value in offered if value in alone)


def code_of(slip: Opened) -> str:
    """Return the code that a slip shows."""
    return words(slip.all("p", class_="code")[0])


def test_one_of_eight_gets_the_time(rush: Rush) -> None:
    assert [page.status for page in rush.winners] == [203]
    assert len(rush.after) == len(rush.before) + 1


def test_seven_are_told_kindly_that_it_is_taken_and_offered_other_times(rush: Rush) -> None:
    assert [page.status for page in rush.losers] == [409] * 7
    for page in rush.losers:
        assert rush.wanted not in times(page)[:3]
        assert len(set(times(page))) >= 3


def test_what_the_seven_typed_and_chose_is_kept(rush: Rush) -> None:
    for page in rush.losers:
        kept = page.fields()
        assert (kept["way"], kept["about"], kept["number"]) == ("you_ring", "about_me", NUMBER)


def test_the_same_form_pressed_once_more_shows_the_same_code(rush: Rush) -> None:
    assert rush.once_more.heading == BOOKED
    assert code_of(rush.once_more) == code_of(rush.winners[0])
