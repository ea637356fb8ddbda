"""A talk of each day is reserved for who has a code: a flood, or a rush, leaves it until its last hours."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.doors import BY_CODE_AS_THE_PUBLIC, Asked, Door
from helpline.callbacks.flood import release_hour
from helpline.callbacks.keeping import hour_of
from helpline.callbacks.room import RESERVED_AHEAD
from helpline.callbacks.tables import Booking, Counsellor, CounsellorId, TalkState
from helpline.callbacks.times import free_times
from helpline.settings.programme import Way
from tests.support.following import draw_again, right_of
from tests.support.stores import Stores
from tests.support.talks import WEDNESDAY, WISH, at, bookings, follow, listed, request, request_by_staff
from tests.support.world import NOW, World, make_world

RING_US = replace(WISH, way=Way.YOU_RING, number=None)
HOURLY = ("grid = 30", "grid = 60")
CLOCKS = [f"{hour:02}:00" for hour in range(9, 15)]
LAST = at(WEDNESDAY, CLOCKS[-1])
EIGHT = at(WEDNESDAY, "08:00")
"""When the far door has nothing to say of this day any more."""

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor and six slots a day, of which one is reserved."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"], change=HOURLY, hours=(9, 15))


@pytest.fixture
def nearly_full(stores: Stores, alone: World) -> World:
    """Give it with one time left on Wednesday, the last one."""
    for clock in CLOCKS[:-1]:
        request_by_staff(stores.helpline, alone, replace(RING_US, starts_at=at(WEDNESDAY, clock)), form=clock)
    return alone


def free(stores: Stores, world: World, door: Door, *, now: datetime, language: str = "nl") -> list[datetime]:
    """Return what *door* has on Wednesday."""
    roster = world.desk.roster
    assert roster is not None
    with stores.helpline.read() as session:
        found = free_times(session, Asked(language, door=door), programme=world.programme, roster=roster, now=now)
    return [it.starts_at for it in found if at(WEDNESDAY, "00:00") <= it.starts_at < at(WEDNESDAY, "23:00")]


@pytest.mark.parametrize(
    ("door", "gets"),
    [
        (Door.PUBLIC, False),
        (Door.RELEASED, False),
        (Door.AGAIN, True),
        (Door.FOLLOW_UP, True),
        (Door.STAFF, True),
    ],
)
def test_the_last_time_of_a_day_is_for_codes_and_staff(
    stores: Stores, nearly_full: World, door: Door, *, gets: bool
) -> None:
    """From 24 hours ahead on: before that the far door leaves it."""
    for now in (LAST - timedelta(hours=23), LAST - RESERVED_AHEAD - MINUTE):
        assert free(stores, nearly_full, door, now=now) == [LAST] * gets


@pytest.mark.parametrize("door", [Door.PUBLIC, Door.RELEASED])
def test_it_is_everybodys_four_hours_before(stores: Stores, nearly_full: World, door: Door) -> None:
    assert free(stores, nearly_full, door, now=LAST - RESERVED_AHEAD) == [LAST]


def test_the_list_and_the_booking_agree_about_it(stores: Stores, nearly_full: World) -> None:
    wanted = replace(RING_US, starts_at=LAST)
    for now, is_open in ((LAST - RESERVED_AHEAD - MINUTE, False), (LAST - RESERVED_AHEAD, True)):
        draw_again(stores.helpline, nearly_full, now=now)
        assert (LAST in listed(stores.helpline, now=now)) is is_open
        if not is_open:
            with pytest.raises(SlotTakenError):
                request(stores.helpline, nearly_full, wanted, form="too early", now=now)
    assert request(stores.helpline, nearly_full, wanted, form="in time", now=LAST - RESERVED_AHEAD).starts_at == LAST


@pytest.mark.parametrize(("reserve", "left"), [(0, 3), (2, 3), (3, 0), (9, 0)])
def test_more_can_be_reserved_and_nothing(stores: Stores, alone: World, reserve: int, left: int) -> None:
    """Of six, half are kept back far ahead: three at most are reserved, and while three stand that leaves none."""
    slots = replace(alone.programme.slots, far_ahead_percent=50, follow_up_reserve=reserve)
    world = replace(alone, programme=replace(alone.programme, slots=slots))
    for clock in CLOCKS[:3]:
        request_by_staff(stores.helpline, world, replace(RING_US, starts_at=at(WEDNESDAY, clock)), form=clock)

    assert len(free(stores, world, Door.PUBLIC, now=at(WEDNESDAY, "06:00"))) == left


def test_a_day_of_three_talks_reserves_nothing(stores: Stores) -> None:
    """The far door keeps nothing back of it, and a reserve would be a third of the day."""
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], change=HOURLY, hours=(12, 15))
    for clock in CLOCKS[3:5]:
        request_by_staff(stores.helpline, world, replace(RING_US, starts_at=at(WEDNESDAY, clock)), form=clock)

    assert free(stores, world, Door.PUBLIC, now=at(WEDNESDAY, "06:00")) == [LAST]


def rush(stores: Stores, world: World) -> None:
    """Let the public take what it can of Wednesday in the morning, from the middle on."""
    draw_again(stores.helpline, world, now=EIGHT)
    while found := free(stores, world, Door.PUBLIC, now=EIGHT):
        request(
            stores.helpline,
            world,
            replace(RING_US, starts_at=found[len(found) // 2]),
            form=f"{len(bookings(stores.helpline))}",
            now=EIGHT,
        )


def late(stores: Stores, world: World, door: Door, *, language: str = "nl") -> set[datetime]:
    """Return what *door* has then that is not everybody's yet."""
    return {it for it in free(stores, world, door, now=EIGHT, language=language) if it > EIGHT + RESERVED_AHEAD}


def test_who_takes_times_that_spoil_others_does_not_empty_the_reserve(stores: Stores) -> None:
    """Half hours on a grid of a quarter: one talk can cost its neighbours."""
    change = ("grid = 30", "grid = 15")
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], change=change, hours=(13, 17))

    rush(stores, world)

    assert len(bookings(stores.helpline)) >= 2
    assert late(stores, world, Door.FOLLOW_UP)


def test_a_reserve_is_of_each_kind_of_talk(stores: Stores) -> None:
    """Dutch talks do not take the last time of who alone speaks English."""
    world = make_world(stores.helpline, stores.data_dir, change=HOURLY)
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == CounsellorId("anna")).values(languages="nl"))

    rush(stores, world)

    assert late(stores, world, Door.FOLLOW_UP, language="en")
    assert late(stores, world, Door.PUBLIC) == set()


def test_a_reserve_stands_beside_the_times_kept_for_today(stores: Stores) -> None:
    change = ("booked_lines = 2\ntoday_slots = 0", "booked_lines = 2\ntoday_slots = 2")
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], change=change, hours=(11, 17))

    rush(stores, world)

    assert late(stores, world, Door.PUBLIC) == set()
    assert late(stores, world, Door.FOLLOW_UP)
    assert late(stores, world, Door.FOLLOW_UP).isdisjoint(late(stores, world, Door.TODAY))


def test_a_code_of_a_released_talk_leaves_the_reserve_and_one_that_we_cancelled_does_not(
    stores: Stores, nearly_full: World
) -> None:
    """Who holds the codes of a flood would else come back and take it: but one talk that we cancelled we owe."""
    one, two = (
        request(stores.helpline, nearly_full, replace(RING_US, starts_at=LAST + timedelta(days=day)), form=f"{day}")
        for day in (1, 2)
    )
    with stores.helpline.begin() as session:
        assert release_hour(session, hour_of(NOW), now=NOW) == 7
        session.execute(update(Booking).where(Booking.starts_at < LAST).values(state=TalkState.BOOKED))
        cancelled = {"state": TalkState.CANCELLED_BY_US}
        session.execute(update(Booking).where(Booking.starts_at == one.starts_at).values(cancelled))
    now = LAST - RESERVED_AHEAD - MINUTE
    doors = [right.door for it in (one, two) if (right := right_of(stores.helpline, nearly_full, it.code, now=now))]
    assert doors == [Door.AGAIN, Door.RELEASED]
    assert set(doors) == BY_CODE_AS_THE_PUBLIC

    draw_again(stores.helpline, nearly_full, now=now)
    wanted = replace(RING_US, starts_at=LAST)
    with pytest.raises(SlotTakenError):
        follow(stores.helpline, nearly_full, two.code, wanted, form="of a flood", now=now)
    assert follow(stores.helpline, nearly_full, one.code, wanted, form="again", now=now).starts_at == LAST


def test_an_early_talk_that_reaches_her_cap_costs_one_as_well(stores: Stores) -> None:
    """By the clock the early times are everybody's; but after six talks she takes no seventh, whenever it is."""
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], change=HOURLY, hours=(9, 17))

    rush(stores, world)

    assert len(bookings(stores.helpline)) == world.programme.slots.cap_per_day - 1
    assert late(stores, world, Door.FOLLOW_UP)
