"""A day that differs replaces the weekly hours; a closure shuts the programme; talks that stand, stay."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.exceptions import (
    LONGEST_CLOSURE,
    ClosureTooLongError,
    ReplacedDay,
    close_days,
    closures,
    reopen_days,
    replace_day,
    replaced_days,
    restore_day,
)
from helpline.callbacks.rota_keeping import OverlappingHoursError, UnknownRotaRowError
from helpline.callbacks.rota_tables import ExceptionHours
from helpline.callbacks.spans import Spans
from helpline.callbacks.tables import Booking, CounsellorId
from helpline.callbacks.times import free_times
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, MONDAY, TEN, TUESDAY, WEDNESDAY, WISH, bookings, request
from tests.support.world import NOW, World, make_world

ANNA = CounsellorId("anna")
RING_US = replace(WISH, way=Way.YOU_RING, number=None)
MORNING, LATE = (9 * 60, 10 * 60), (23 * 60, 24 * 60)


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor, from nine to five every day."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"])


def free(stores: Stores, world: World, day: date, *, door: Door = Door.PUBLIC) -> list[str]:
    """Return what is free on *day*, as a clock shows it."""
    assert world.desk.roster is not None
    asked = Asked("nl", door=door)
    with stores.helpline.read() as session:
        found = free_times(session, asked, programme=world.programme, roster=world.desk.roster, now=NOW)
    local = [time.starts_at.astimezone(AMSTERDAM) for time in found]
    return [f"{time:%H:%M}" for time in local if time.date() == day]


def differ(stores: Stores, *spans: tuple[int, int], day: date = TUESDAY) -> None:
    with stores.helpline.begin() as session:
        replace_day(session, ANNA, day=day, spans=spans)


def days_of(stores: Stores) -> list[ReplacedDay]:
    with stores.helpline.read() as session:
        return replaced_days(session, ANNA, first=MONDAY, last=date.max)


def test_other_hours_replace_the_weekly_ones_of_that_day_alone(stores: Stores, alone: World) -> None:
    before = free(stores, alone, WEDNESDAY)
    differ(stores, MORNING, LATE)

    assert free(stores, alone, TUESDAY) == ["09:00", "09:30", "23:00", "23:30"]
    assert free(stores, alone, WEDNESDAY) == before
    assert free(stores, alone, TUESDAY, door=Door.STAFF) == free(stores, alone, TUESDAY)


def test_a_day_without_hours_is_no_day_of_hers(stores: Stores, alone: World) -> None:
    differ(stores)

    assert free(stores, alone, TUESDAY) == []
    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, RING_US)


def test_who_has_no_hours_that_weekday_is_there_on_the_day_that_says_so(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], hours=(7, 8))
    differ(stores, MORNING)

    assert free(stores, world, TUESDAY) == ["09:00", "09:30"]
    assert request(stores.helpline, world, replace(RING_US, starts_at=TEN - timedelta(minutes=30))).code


def test_a_day_that_differs_can_differ_anew_and_be_restored(stores: Stores, alone: World) -> None:
    weekly = free(stores, alone, TUESDAY)
    differ(stores, MORNING)
    differ(stores, LATE)

    assert days_of(stores) == [ReplacedDay(TUESDAY, (LATE,))]
    with stores.helpline.begin() as session:
        restore_day(session, ANNA, day=TUESDAY)
    assert free(stores, alone, TUESDAY) == weekly
    assert days_of(stores) == []
    with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
        restore_day(session, ANNA, day=TUESDAY)


def test_a_talk_that_stands_outlives_the_hours_of_its_day(stores: Stores, alone: World) -> None:
    request(stores.helpline, alone, RING_US)
    differ(stores)
    with stores.helpline.begin() as session:
        close_days(session, first=TUESDAY, last=TUESDAY, label="A day out")

    assert [booking.starts_at for booking in bookings(stores.helpline)] == [TEN]


@pytest.mark.parametrize("spans", [((540, 600), (570, 660)), ((540, 600), (540, 600))], ids=["overlap", "twice"])
def test_hours_that_overlap_are_refused_and_the_day_stays_as_it_was(stores: Stores, alone: World, spans: Spans) -> None:
    differ(stores, MORNING)

    with pytest.raises(OverlappingHoursError):
        differ(stores, *spans)
    assert days_of(stores) == [ReplacedDay(TUESDAY, (MORNING,))]


@pytest.mark.parametrize("span", [(600, 600), (600, 540), (-1, 60), (1380, 1441)], ids=str)
def test_the_store_itself_holds_no_hours_that_cross_midnight(
    stores: Stores, alone: World, span: tuple[int, int]
) -> None:
    differ(stores)

    with pytest.raises(IntegrityError), stores.helpline.begin() as session:
        session.execute(insert(ExceptionHours).values(counsellor_id=ANNA, day=TUESDAY, starts=span[0], ends=span[1]))


def test_nobody_has_a_day_who_is_not_on_the_rota(stores: Stores) -> None:
    with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
        replace_day(session, CounsellorId("nobody"), day=TUESDAY, spans=())


def test_a_closure_shuts_everybody_and_every_door_and_is_taken_back(stores: Stores, world: World) -> None:
    weekly = free(stores, world, TUESDAY)
    differ(stores, MORNING, LATE, day=WEDNESDAY)
    with stores.helpline.begin() as session:
        assert close_days(session, first=TUESDAY, last=WEDNESDAY, label="A day out")
        assert not close_days(session, first=WEDNESDAY, last=WEDNESDAY, label="Twice")
        (closure,) = closures(session, today=WEDNESDAY)

    for door in Door:
        assert free(stores, world, TUESDAY, door=door) == free(stores, world, WEDNESDAY, door=door) == []
    assert free(stores, world, WEDNESDAY + timedelta(days=1)) == weekly
    with stores.helpline.begin() as session:
        assert closures(session, today=WEDNESDAY + timedelta(days=1)) == []
        reopen_days(session, closure.id)
    assert free(stores, world, TUESDAY) == weekly
    with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
        reopen_days(session, closure.id)


def test_nobody_books_a_day_after_it_was_closed_however_close_the_race(stores: Stores, world: World) -> None:
    """Whoever closes a day sees every talk that will ever stand on it."""
    starts = [TEN + timedelta(hours=hours) for hours in range(6)]

    def try_to_book(starts_at: datetime) -> None:
        with suppress(SlotTakenError):
            request(stores.helpline, world, replace(RING_US, starts_at=starts_at), form=starts_at.isoformat())

    def close() -> set[datetime]:
        with stores.helpline.begin() as session:
            close_days(session, first=TUESDAY, last=TUESDAY, label="A day out")
            return set(session.scalars(select(Booking.starts_at)))

    with ThreadPoolExecutor(7) as pool:
        booked = [pool.submit(try_to_book, start) for start in starts[:3]]
        closed = pool.submit(close)
        booked += [pool.submit(try_to_book, start) for start in starts[3:]]
        for each in booked:
            each.result()
    assert {booking.starts_at for booking in bookings(stores.helpline)} == closed.result()


def test_a_closure_of_a_year_is_a_slip_of_the_pen(stores: Stores) -> None:
    with pytest.raises(ClosureTooLongError), stores.helpline.begin() as session:
        close_days(session, first=TUESDAY, last=TUESDAY + LONGEST_CLOSURE + timedelta(days=1), label="For ever")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 3, 28), ["01:00", "01:30", "03:00", "03:30"]),
        (date(2027, 10, 31), ["01:00", "01:30", "02:00", "02:00", "02:30", "02:30", "03:00", "03:30"]),
    ],
    ids=["spring", "autumn"],
)
def test_a_day_that_differs_has_the_half_hours_that_the_clock_leaves_it(
    stores: Stores, day: date, expected: list[str]
) -> None:
    now = datetime.combine(day, NOW.timetz()) - timedelta(days=2)
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], now=now)
    differ(stores, (60, 240), day=day)

    assert world.desk.roster is not None
    with stores.helpline.read() as session:
        found = free_times(session, Asked("nl"), programme=world.programme, roster=world.desk.roster, now=now)
    local = [time.starts_at.astimezone(AMSTERDAM) for time in found]
    assert sorted(f"{time:%H:%M}" for time in local if time.date() == day) == expected
