"""One clock at a time; another takes over when it has run out; lateness shows."""

from datetime import datetime, timedelta

import pytest

from helpline.clock.lease import LATE, LIFE, ClockState, give_back, note_work, read_state, take_lease
from tests.support.stores import Stores
from tests.support.world import NOW

SECOND = timedelta(seconds=1)


def take(stores: Stores, holder: str, *, now: datetime = NOW) -> bool:
    with stores.helpline.begin() as session:
        return take_lease(session, holder=holder, now=now)


def state(stores: Stores) -> ClockState:
    with stores.helpline.read() as session:
        return read_state(session)


def test_one_clock_runs_at_a_time(stores: Stores) -> None:
    assert take(stores, "one")
    assert not take(stores, "other")
    assert take(stores, "one")


def test_a_clock_that_is_silent_is_taken_to_be_dead(stores: Stores) -> None:
    take(stores, "one")

    assert not take(stores, "other", now=NOW + LIFE - SECOND)
    assert take(stores, "other", now=NOW + LIFE)
    assert not take(stores, "one", now=NOW + LIFE)


def test_a_clock_that_ticks_keeps_its_lease(stores: Stores) -> None:
    for minutes in range(10):
        assert take(stores, "one", now=NOW + timedelta(minutes=minutes))
        assert not take(stores, "other", now=NOW + timedelta(minutes=minutes))


def test_a_clock_that_ends_lets_another_begin_at_once(stores: Stores) -> None:
    take(stores, "one")
    with stores.helpline.begin() as session:
        give_back(session, holder="one", now=NOW)

    assert take(stores, "other")


def test_a_lease_of_the_future_holds_nobody_up(stores: Stores) -> None:
    """The machine's time was wrong and was put back: nothing may stand still until it has caught up."""
    take(stores, "one", now=NOW + timedelta(hours=10))

    assert take(stores, "other")
    assert not take(stores, "one")


def test_a_lease_that_was_taken_a_moment_later_is_no_lease_of_the_future(stores: Stores) -> None:
    """Two look at the time, and wait for each other."""
    take(stores, "one", now=NOW + LIFE)

    assert not take(stores, "other")


def test_work_of_the_future_is_no_work() -> None:
    ahead = NOW + LATE + SECOND

    assert ClockState(ahead, ahead).is_late(NOW)
    assert not ClockState(NOW + SECOND, NOW + SECOND).is_late(NOW)


def test_nobody_gives_back_the_lease_of_another(stores: Stores) -> None:
    take(stores, "one")
    with stores.helpline.begin() as session:
        give_back(session, holder="other", now=NOW)

    assert not take(stores, "other")


def test_a_clock_that_never_ran_is_late(stores: Stores) -> None:
    assert state(stores) == ClockState(None, None)
    assert state(stores).is_late(NOW)


def test_a_clock_is_late_after_five_minutes(stores: Stores) -> None:
    take(stores, "one")
    with stores.helpline.begin() as session:
        note_work(session, now=NOW, is_swept=True)

    assert state(stores) == ClockState(NOW.replace(microsecond=0), NOW.replace(microsecond=0))
    assert not state(stores).is_late(NOW + LATE)
    assert state(stores).is_late(NOW + LATE + SECOND)


@pytest.mark.parametrize("minutes", [5, 6])
def test_a_clock_that_purges_but_cannot_wipe_is_late_too(stores: Stores, minutes: int) -> None:
    take(stores, "one")
    later = NOW + timedelta(minutes=minutes)
    with stores.helpline.begin() as session:
        note_work(session, now=NOW, is_swept=True)
        note_work(session, now=later, is_swept=False)

    assert state(stores) == ClockState(later, NOW)
    assert state(stores).is_late(later) is (minutes > 5)
