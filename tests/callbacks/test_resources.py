"""Counsellors and telephone lines are filled exactly, whatever the lengths of the talks."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.offered import line_names
from helpline.callbacks.rota import atoms
from helpline.callbacks.tables import BusyAtom
from helpline.callbacks.talk import cancel_by_visitor
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, WISH, at, bookings, request
from tests.support.world import NOW, World, make_world

THREE = ("anna", "bram", "carla")
RING_US = replace(WISH, way=Way.YOU_RING, number=None)


def fill(stores: Stores, world: World, *, times: int = 8) -> int:
    """Ask for ten o'clock several times and return how many were given it."""
    given = 0
    for number in range(times):
        try:
            request(stores.helpline, world, RING_US, form=f"form {number}")
        except SlotTakenError:
            continue
        given += 1
    return given


def resources(stores: Stores) -> Counter[str]:
    """Return how many atoms each counsellor and each line has."""
    with stores.helpline.read() as session:
        return Counter(session.scalars(select(BusyAtom.resource)))


@pytest.mark.parametrize(("lines", "given"), [(5, 3), (3, 3), (2, 2), (1, 1)])
def test_as_many_talks_fit_as_there_are_counsellors_and_lines(stores: Stores, lines: int, given: int) -> None:
    change = ("booked_lines = 2", f"booked_lines = {lines}")
    world = make_world(stores.helpline, stores.data_dir, names=THREE, change=change)

    assert fill(stores, world) == given

    taken = resources(stores)
    assert {name: count for name, count in taken.items() if name.startswith("line:")} == dict.fromkeys(
        line_names(given), 9
    )
    assert sorted(count for name, count in taken.items() if name in THREE) == [9] * given
    assert len({booking.counsellor_id for booking in bookings(stores.helpline)}) == given


def test_both_ways_take_a_line_so_the_atoms_do_not_tell_the_way(stores: Stores, world: World) -> None:
    request(stores.helpline, world, WISH)
    we_ring = resources(stores)
    request(stores.helpline, world, replace(RING_US, starts_at=at(TUESDAY, "13:00")), form="other")

    assert sorted((resources(stores) - we_ring).values()) == sorted(we_ring.values())


def test_the_least_busy_counsellor_is_first(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, names=THREE)

    for hour in range(9, 15):
        request(stores.helpline, world, replace(RING_US, starts_at=at(TUESDAY, f"{hour:02}:00")), form=f"{hour}")

    assert Counter(booking.counsellor_id for booking in bookings(stores.helpline)) == dict.fromkeys(THREE, 2)


def test_a_cancelled_talk_gives_its_counsellor_and_its_line_back(stores: Stores) -> None:
    change = ("booked_lines = 2", "booked_lines = 1")
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], change=change)
    receipt = request(stores.helpline, world, RING_US)
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)

    assert resources(stores) == {}
    assert fill(stores, world) == 1


@pytest.mark.parametrize("lengths", [(30, 60), (120, 10), (45, 20)])
def test_talks_of_mixed_lengths_never_overlap(stores: Stores, lengths: tuple[int, int]) -> None:
    """A programme that changes its slot length keeps the talks it has."""
    worlds = []
    alone = make_world(
        stores.helpline, stores.data_dir, names=["anna"], change=("booked_lines = 2", "booked_lines = 1")
    )
    for length in lengths:
        slots = replace(alone.programme.slots, length=length, grid=5, buffer=0, cap_per_day=20)
        programme = replace(alone.programme, slots=slots)
        worlds.append(replace(alone, programme=programme, desk=replace(alone.desk, programme=programme)))
    for number in range(14):
        start = TEN + timedelta(minutes=number * 55 % 240)
        with_refusals(stores, worlds[number % 2], start=start, form=f"form {number}")

    found = bookings(stores.helpline)
    assert len({booking.ends_at - booking.starts_at for booking in found}) == 2
    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(found))
    expected = {atom for booking in found for atom in atoms(booking.starts_at, booking.ends_at)}
    with stores.helpline.read() as session:
        assert set(session.scalars(select(BusyAtom.atom).where(BusyAtom.resource == "anna"))) == expected
        assert set(session.scalars(select(BusyAtom.atom).where(BusyAtom.resource == "line:1"))) == expected


def with_refusals(stores: Stores, world: World, *, start: datetime, form: str) -> None:
    """Ask for a talk that may be taken."""
    try:
        request(stores.helpline, world, replace(RING_US, starts_at=start), form=form)
    except SlotTakenError:
        return
