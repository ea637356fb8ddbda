"""Somebody polls the public list every minute, for a thousand weeks: what she learns of when one talk was booked.

She knows the slot, the rota and that nobody else books: more than anybody outside can know. In each week one talk is
booked at some minute; she guesses which. A list that followed bookings would tell her the minute each time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete

from helpline.callbacks.draw import draw_times, read_draw
from helpline.callbacks.offered import occupied
from helpline.callbacks.rota import quarter_of
from helpline.callbacks.tables import Booking, Drawn, SpentToken
from helpline.callbacks.today_tables import DrawnToday
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import WEDNESDAY, WISH, at, request
from tests.support.world import NOW, World, make_world

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
QUARTERS = 6
"""For so long she polls; the talk is booked in one of them."""

MINUTES = 15
SOME_MINUTE = 7
SLOT = at(WEDNESDAY, "10:00")
RING_US = replace(WISH, way=Way.YOU_RING, number=None, starts_at=SLOT)

Lists = Sequence[Sequence[tuple[datetime, ...]]]
"""What she saw: by quarter, and by minute in it."""


def a_week(stores: Stores, world: World, *, quarter: int, minute: int) -> Iterator[list[tuple[datetime, ...]]]:
    """Yield what the poller sees in each quarter, minute by minute, while one talk is booked at one of them."""
    assert world.desk.roster is not None
    with stores.helpline.begin() as session:
        for table in (Booking, Drawn, DrawnToday, SpentToken):
            session.execute(delete(table))
    begin = quarter_of(NOW)
    booked_at = begin + quarter * QUARTER + minute * MINUTE + MINUTE / 2
    for number in range(QUARTERS):
        now = begin + number * QUARTER
        with stores.helpline.begin() as session:
            draw_times(session, programme=world.programme, roster=world.desk.roster, now=now)
        minutes = [now + passed * MINUTE for passed in range(MINUTES)]
        if number != quarter:
            yield poll(stores, minutes)
            continue
        before = poll(stores, minutes[: minute + 1])
        request(stores.helpline, world, RING_US, now=booked_at)
        yield before + poll(stores, minutes[minute + 1 :])


def poll(stores: Stores, minutes: Sequence[datetime]) -> list[tuple[datetime, ...]]:
    """Return the public list as it stands at each of *minutes*."""
    with stores.helpline.read() as session:
        return [read_draw(session, language="nl", now=now) or () for now in minutes]


def guess(seen: Lists, *, gone: frozenset[datetime]) -> tuple[int, int]:
    """Return the best guess of quarter and minute: a jump of the list tells both, else its draws tell the quarter."""
    for quarter, by_minute in enumerate(seen):
        for minute, (before, after) in enumerate(pairwise(by_minute)):
            if before != after:
                return quarter, minute
    # The draws after the booking hold nothing that it takes: the first quarter after which that is so is likeliest.
    showing = [quarter for quarter, by_minute in enumerate(seen) if not gone.isdisjoint(by_minute[0])]
    return max(showing, default=0), SOME_MINUTE


def share(part: int, *, of: int) -> str:
    return f"{part / of:.1%}"


@pytest.mark.parametrize(
    ("names", "weeks"),
    [
        (("anna",), 15),
        pytest.param(("anna",), 1_000, marks=pytest.mark.long),
        pytest.param(("anna", "bram", "carla"), 1_000, marks=pytest.mark.long),
    ],
    ids=["one counsellor, 15 weeks", "one counsellor", "three counsellors"],
)
def test_a_poller_never_learns_the_minute(
    stores_in_files: Stores, names: tuple[str, ...], weeks: int, record_property: Callable[[str, object], None]
) -> None:
    """The bar is 1 in 15: inside a quarter the list stands still, so no guess of its minute is better than chance.

    The quarter is not promised, and the figure says why: where one counsellor works, a time that no draw shows any
    more is a time that is gone. Where others could take the talk too, the list does not tell it.
    """
    stores = stores_in_files
    change = ("booked_lines = 2", "booked_lines = 4")
    world = make_world(stores.helpline, stores.data_dir, names=names, change=change)
    soon = replace(world.programme.slots, horizon_days=3)
    dutch = replace(world.programme, languages=("nl",), slots=soon)
    world = replace(world, programme=dutch, desk=replace(world.desk, programme=dutch))
    half_hour = timedelta(minutes=30)
    taken = set(occupied(SLOT, programme=dutch))
    around = (SLOT - half_hour, SLOT, SLOT + half_hour)
    gone = frozenset(time for time in around if not taken.isdisjoint(occupied(time, programme=dutch)))

    quarters = minutes = still = 0
    for week in range(weeks):
        truth = ((week + week // MINUTES) % QUARTERS, week % MINUTES)
        seen = list(a_week(stores, world, quarter=truth[0], minute=truth[1]))
        still += all(len(set(by_minute)) == 1 for by_minute in seen)
        found = guess(seen, gone=gone)
        quarters += found[0] == truth[0]
        minutes += found == truth

    record_property("right quarter", share(quarters, of=weeks))
    record_property("right minute", share(minutes, of=weeks))
    assert still == weeks
    assert minutes <= -(-weeks // MINUTES)
