"""The flood, over the real code: what a burst and a drip hold, who is served, and what staff can do about it.

Each test notes its figures for the table at the end of `make long`.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpline.callbacks.flood import booked_hours, release_hour
from helpline.callbacks.public_door import FarDoor, read_door, set_word
from tests.support.flooding import EVENING, HOUR, Flooded
from tests.support.stores import Stores

Record = Callable[[str, object], None]
QUARTER = timedelta(minutes=15)
SIX_A_DAY = 6
GIVEN_OF_SIX = 5 / 6
"""70 % of six chairs, rounded up."""

WORD = "lantaarn"


def burst(flooded: Flooded, *, posts: int) -> int:
    """Let a program send so many forms within an hour, for every time in turn; return how many it got."""
    got = 0
    flooded.wait_until(EVENING)
    starts = flooded.every_start()
    for number in range(posts):
        if number and number % (posts // 4) == 0:
            flooded.wait_until(flooded.now + QUARTER)
        got += flooded.book_falsely(starts[number % len(starts)])
    return got


def release(flooded: Flooded, stores: Stores) -> int:
    """Release the one hour in which the talks to come were booked, as staff do, and return how many there were."""
    with stores.helpline.begin() as session:
        (hour,) = booked_hours(session, now=flooded.now)
        released = release_hour(session, hour.starts_at, now=flooded.now)
    assert released == hour.talks
    return released


def percent(part: float) -> str:
    return f"{part:.0%}"


@pytest.mark.parametrize("posts", [120, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_burst_holds_no_more_than_its_share_and_goes_in_one_action(
    stores_in_files: Stores, posts: int, record_property: Record
) -> None:
    stores = stores_in_files
    flooded = Flooded.with_slots(stores.helpline, stores.data_dir, a_day=SIX_A_DAY)

    got = burst(flooded, posts=posts)
    held = flooded.held()
    released = release(flooded, stores)
    flooded.wait_until(EVENING + HOUR)
    served = sum(flooded.visit() for _ in range(20))

    record_property("held", percent(held))
    record_property("held after release", percent(flooded.held()))
    record_property("served after release", f"{served} of 20")
    assert all(room.talks <= 5 for room in flooded.rooms().values())
    assert held <= GIVEN_OF_SIX
    assert released == got > 60
    assert flooded.held() == 0
    assert served == 20


def test_codes_that_were_released_hold_no_more_than_the_share_and_go_in_one_action_again(
    stores_in_files: Stores, record_property: Record
) -> None:
    """A flood keeps the codes of what it booked, and each gives another talk for seven days."""
    flooded = Flooded.with_slots(stores_in_files.helpline, stores_in_files.data_dir, a_day=SIX_A_DAY)
    got = burst(flooded, posts=120)
    release(flooded, stores_in_files)
    flooded.wait_until(EVENING + HOUR)

    back = flooded.use_codes()
    held = flooded.held()
    released = release(flooded, stores_in_files)
    with stores_in_files.helpline.begin() as session:
        set_word(session, WORD)

    record_property("held by released codes", percent(held))
    assert 0 < back <= got
    assert all(room.talks <= 5 for room in flooded.rooms().values())
    assert released == back
    assert flooded.held() == flooded.use_codes() == 0


@pytest.mark.parametrize("days", [1, pytest.param(28, marks=pytest.mark.long)])
@pytest.mark.parametrize("furthest_first", [False, True], ids=["soonest", "furthest"])
def test_a_drip_holds_no_more_than_its_share_and_shuts_the_far_door(
    stores_in_files: Stores, days: int, record_property: Record, *, furthest_first: bool
) -> None:
    """Who is first after every draw still takes nearly all that opens: the word is the answer to it, not the doors."""
    stores = stores_in_files
    flooded = Flooded.with_slots(stores.helpline, stores.data_dir, a_day=SIX_A_DAY)
    most, visits, states = 0.0, [], []
    for hour in flooded.drip(hours=24 * days, posts_a_day=30, furthest_first=furthest_first):
        most = max(most, flooded.held())
        with stores.helpline.read() as session:
            states.append(read_door(session).far)
        if hour % 6 == 0:
            visits.append(flooded.visit())

    record_property("most held", percent(most))
    record_property("held at the end", percent(flooded.held()))
    record_property("served", percent(sum(visits) / len(visits)))
    record_property("served in the second half", percent(sum(visits[len(visits) // 2 :]) / (len(visits) / 2)))
    assert most <= GIVEN_OF_SIX
    assert states[0] is FarDoor.OPEN
    # What lies two weeks ahead passes in vain two weeks later.
    assert FarDoor.SHUT_BY_ITSELF in states or (furthest_first and days < 14)


@pytest.mark.parametrize(
    ("a_day", "wanted"), [(1, 14), (2, 28), (3, 42), (6, 60), (10, 60)], ids=lambda number: f"{number}"
)
def test_an_honest_rush_is_served_as_far_as_there_are_slots(
    stores_in_files: Stores, a_day: int, wanted: int, record_property: Record
) -> None:
    """Sixty people in one evening, after a broadcast: no number an hour or a day turns anybody away."""
    stores = stores_in_files
    flooded = Flooded.with_slots(stores.helpline, stores.data_dir, a_day=a_day)

    served = 0
    for quarter in range(12):
        flooded.wait_until(EVENING + quarter * QUARTER)
        served += sum(flooded.visit() for _ in range(5))

    record_property("served", f"{served} of 60")
    assert served == wanted


@pytest.mark.parametrize(("posts", "days"), [(100, 2), pytest.param(10_000, 28, marks=pytest.mark.long)])
def test_with_the_door_word_on_neither_attack_holds_anything(
    stores_in_files: Stores, posts: int, days: int, record_property: Record
) -> None:
    stores = stores_in_files
    flooded = Flooded.with_slots(stores.helpline, stores.data_dir, a_day=SIX_A_DAY)
    flooded.word = WORD
    with stores.helpline.begin() as session:
        set_word(session, "Lan taarn")

    got = burst(flooded, posts=posts)
    after_burst = flooded.held()
    served = [flooded.visit() for hour in flooded.drip(hours=24 * days, posts_a_day=30) if hour % 6 == 0]

    record_property("held", percent(max(after_burst, flooded.held())))
    record_property("served", percent(sum(served) / len(served)))
    assert got == after_burst == flooded.held() == len(flooded.false) == 0
    assert all(served)
