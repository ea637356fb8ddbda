"""Far ahead the public gets its share of each day and no more; list and booking say the same."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.day_rooms import rooms_of_days
from helpline.callbacks.doors import Asked
from helpline.callbacks.draw import draw_times
from helpline.callbacks.public_door import FarDoor, set_far
from helpline.callbacks.rota import local_day
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.callbacks.times import free_times
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, WEDNESDAY, WISH, at, bookings, listed, request, request_by_staff
from tests.support.world import NOW, World, make_world

RING_US = replace(WISH, way=Way.YOU_RING, number=None)
HOURLY = ("grid = 30", "grid = 60\nfollow_up_reserve = 0")
DAY = timedelta(days=1)
SIX = [f"{hour:02}:00" for hour in range(9, 15)]


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor and six slots a day."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"], change=HOURLY, hours=(9, 15))


def book(stores: Stores, world: World, starts_at: datetime, *, now: datetime = NOW, language: str = "nl") -> bool:
    """Return whether the public got that time."""
    wanted = replace(RING_US, starts_at=starts_at, language=language)
    try:
        request(stores.helpline, world, wanted, form=f"{starts_at} {language} {now}", now=now)
    except SlotTakenError:
        return False
    return True


def free_on(stores: Stores, world: World, day: date, *, now: datetime = NOW, language: str = "nl") -> list[datetime]:
    assert world.desk.roster is not None
    with stores.helpline.read() as session:
        found = free_times(session, Asked(language), programme=world.programme, roster=world.desk.roster, now=now)
    return [it.starts_at for it in found if local_day(it.starts_at, zone=AMSTERDAM) == day]


def draw(stores: Stores, world: World, *, now: datetime) -> set[date]:
    """Draw, and return the days on the list."""
    assert world.desk.roster is not None
    with stores.helpline.begin() as session:
        draw_times(session, programme=world.programme, roster=world.desk.roster, now=now)
    return {local_day(time, zone=AMSTERDAM) for time in listed(stores.helpline, now=now)}


def test_the_public_gets_five_of_six_far_ahead_and_staff_the_rest(stores: Stores, alone: World) -> None:
    got = [book(stores, alone, at(WEDNESDAY, clock)) for clock in SIX]

    assert got == [True] * 5 + [False]
    assert free_on(stores, alone, WEDNESDAY) == []
    assert WEDNESDAY not in draw(stores, alone, now=NOW + timedelta(minutes=15))
    last = replace(RING_US, starts_at=at(WEDNESDAY, SIX[-1]))
    request_by_staff(stores.helpline, alone, last, form="of staff")
    assert len(bookings(stores.helpline)) == 6


def test_the_rest_of_a_day_opens_in_its_last_24_hours_with_the_draw(stores: Stores, alone: World) -> None:
    for clock in SIX:
        book(stores, alone, at(WEDNESDAY, clock))
    last = at(WEDNESDAY, SIX[-1])

    before, after = last - DAY - timedelta(minutes=1), last - DAY
    assert WEDNESDAY not in draw(stores, alone, now=before)
    assert not book(stores, alone, last, now=before)
    assert WEDNESDAY in draw(stores, alone, now=after)
    assert book(stores, alone, last, now=after)


def test_a_talk_of_staff_counts_as_held(stores: Stores, alone: World) -> None:
    for clock in SIX[:4]:
        request_by_staff(stores.helpline, alone, replace(RING_US, starts_at=at(WEDNESDAY, clock)), form=clock)

    assert [book(stores, alone, at(WEDNESDAY, clock)) for clock in SIX[4:]] == [True, False]


def test_who_is_away_gives_the_day_less_room(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=at(WEDNESDAY, "09:00"), ends_at=at(WEDNESDAY, "11:00"))

    assert [book(stores, alone, at(WEDNESDAY, clock)) for clock in SIX] == [False, False, True, True, True, False]


def test_a_flood_in_one_language_leaves_times_in_the_other(stores: Stores) -> None:
    """Dutch alone would give away six of eight chairs, and so all four of her who alone speaks English."""
    world = make_world(stores.helpline, stores.data_dir, change=HOURLY)
    nine, one, five = (at(WEDNESDAY, clock) for clock in ("09:00", "13:00", "17:00"))
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == "anna").values(languages="nl"))
        add_absence(session, CounsellorId("anna"), starts_at=nine, ends_at=one)
        add_absence(session, CounsellorId("bram"), starts_at=one, ends_at=five)

    got = [book(stores, world, nine + hour * timedelta(hours=1)) for hour in range(8)]
    assert got == [True] * 3 + [False] + [True] * 3 + [False]
    assert free_on(stores, world, WEDNESDAY, language="en") == []
    assert free_on(stores, world, WEDNESDAY, language="en", now=at(WEDNESDAY, "07:00")) == [one - timedelta(hours=1)]


def test_while_the_far_door_is_shut_only_a_day_ahead_is_free(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        set_far(session, FarDoor.SHUT_BY_STAFF, now=NOW)

    days = draw(stores, alone, now=NOW + timedelta(minutes=15))
    assert days == {date(2027, 3, 1), date(2027, 3, 2)}
    assert max(listed(stores.helpline, now=NOW + timedelta(minutes=15))) <= NOW + timedelta(minutes=15) + DAY
    assert not book(stores, alone, at(WEDNESDAY, "10:00"))
    request_by_staff(stores.helpline, alone, replace(RING_US, starts_at=at(WEDNESDAY, "10:00")))


def test_the_staff_see_how_full_a_day_is(stores: Stores, alone: World) -> None:
    for clock in SIX[:2]:
        book(stores, alone, at(WEDNESDAY, clock))
    assert alone.desk.roster is not None
    with stores.helpline.read() as session:
        rooms = rooms_of_days(session, [WEDNESDAY], programme=alone.programme, roster=alone.desk.roster)

    room = rooms[WEDNESDAY]
    assert (room.room, room.talks, room.left, room.far_left(percent=70)) == (6, 2, 4, 3)
