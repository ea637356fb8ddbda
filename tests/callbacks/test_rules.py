"""Each rule alone refuses a time, at the moment of booking as much as on the list."""

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from helpline.callbacks.booking import BookingPausedError, PauseReason, SlotTakenError, TooFewReadersError
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.draw import draw_times
from helpline.callbacks.keeping import DRAW_LIFE
from helpline.callbacks.rota_keeping import NewHours, add_absence, add_hours, end_hours, retire_counsellor, weekly_hours
from helpline.callbacks.tables import Counsellor, CounsellorId, Drawn
from helpline.callbacks.times import free_times
from helpline.roster import LIFE, Roster
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import MONDAY, TEN, TUESDAY, WISH, at, bookings, request, request_by_staff
from tests.support.world import NOW, World, make_world

ANNA = CounsellorId("anna")
RING_US = replace(WISH, way=Way.YOU_RING, number=None)
ONE_LINE = ("booked_lines = 2", "booked_lines = 1")


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"])


def is_free(
    stores: Stores, world: World, time: datetime, *, asked: Asked | None = None, roster: Roster | None = None
) -> bool:
    """Return whether *time* is found free, after checking that the list and the booking say the same."""
    asked, desk = asked or Asked("nl"), replace(world.desk, roster=roster or world.desk.roster)
    assert desk.roster is not None
    with stores.helpline.read() as session:
        every = free_times(session, asked, programme=world.programme, roster=desk.roster, now=NOW)
        single = free_times(session, asked, programme=world.programme, roster=desk.roster, now=NOW, only=time)
    assert [found for found in every if found.starts_at == time] == single
    if asked == Asked("nl"):
        assert _books(stores, replace(world, desk=desk), time) is bool(single)
    return bool(single)


def _books(stores: Stores, world: World, time: datetime) -> bool:
    """Return whether *time* can be booked; the booking is made."""
    try:
        request(stores.helpline, world, replace(RING_US, starts_at=time), form=secrets.token_hex())
    except SlotTakenError:
        return False
    return True


def roster_of(world: World, **changes: date | str | bool) -> Roster:
    """Return the roster with changes in each of its readers."""
    assert world.desk.roster is not None
    fields: dict[str, Any] = dict(changes)
    return replace(world.desk.roster, readers=tuple(replace(it, **fields) for it in world.desk.roster.readers))


def test_an_ordinary_time_is_free(stores: Stores, alone: World) -> None:
    assert is_free(stores, alone, TEN)


def test_notice_is_elapsed_time_to_the_second(stores: Stores, alone: World) -> None:
    assert not is_free(stores, alone, at(MONDAY, "11:00"))  # NOW is 09:00:30, notice two hours
    assert is_free(stores, alone, at(MONDAY, "11:30"))


def test_the_horizon_is_fourteen_days_for_the_public(stores: Stores, alone: World) -> None:
    last = NOW + timedelta(days=14)

    assert is_free(stores, alone, at(last.date(), "09:00"))
    assert not is_free(stores, alone, at(last.date(), "09:30"))


def test_staff_need_no_notice_and_see_six_weeks(stores: Stores, alone: World) -> None:
    last = NOW + timedelta(days=42)
    staff = Asked("nl", door=Door.STAFF)

    assert is_free(stores, alone, at(MONDAY, "09:30"), asked=staff)
    assert is_free(stores, alone, at(last.date(), "10:00"), asked=staff)  # it is summer by then
    assert not is_free(stores, alone, at(last.date(), "10:30"), asked=staff)
    assert request_by_staff(stores.helpline, alone, replace(RING_US, starts_at=at(MONDAY, "09:30"))).code


def test_the_past_is_not_booked_by_anybody(stores: Stores, alone: World) -> None:
    with pytest.raises(SlotTakenError):
        request_by_staff(stores.helpline, alone, replace(RING_US, starts_at=at(MONDAY, "09:00")))


@pytest.mark.parametrize("clock", ["08:30", "17:00", "16:45", "10:10", "00:00"])
def test_outside_the_hours_and_off_the_grid_nothing_is_free(stores: Stores, alone: World, clock: str) -> None:
    assert not is_free(stores, alone, at(TUESDAY, clock))


def test_the_last_talk_may_end_with_the_hours(stores: Stores, alone: World) -> None:
    assert is_free(stores, alone, at(TUESDAY, "16:30"))


def test_hours_that_ended_offer_nothing_the_day_after(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        for hours in weekly_hours(session, ANNA, today=MONDAY):
            end_hours(session, hours.id, counsellor_id=ANNA, last_day=TUESDAY)

    assert is_free(stores, alone, TEN)
    assert not is_free(stores, alone, TEN + timedelta(days=1))


def test_the_cap_of_a_day_is_a_cap_of_the_local_day(stores: Stores) -> None:
    alone = make_world(stores.helpline, stores.data_dir, names=["anna"], change=("cap_per_day = 6", "cap_per_day = 2"))
    assert _books(stores, alone, at(TUESDAY, "09:00"))
    assert _books(stores, alone, at(TUESDAY, "16:30"))

    assert not is_free(stores, alone, at(TUESDAY, "12:00"))
    assert is_free(stores, alone, TEN + timedelta(days=1))


def test_the_cap_holds_on_a_day_of_twenty_five_hours(stores: Stores) -> None:
    sunday = date(2027, 10, 31)
    now = at(sunday - timedelta(days=3), "09:00")
    change = ("cap_per_day = 6", "cap_per_day = 1")
    alone = make_world(stores.helpline, stores.data_dir, names=["anna"], change=change, now=now, hours=(0, 24))
    request(stores.helpline, alone, replace(RING_US, starts_at=at(sunday, "00:00")), now=now)

    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, replace(RING_US, starts_at=at(sunday, "23:30")), form="late", now=now)


def test_a_talk_keeps_its_counsellor_busy_until_the_end_of_its_buffer(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        more = NewHours(TUESDAY.weekday(), 18 * 60 + 5, 19 * 60 + 30, valid_from=MONDAY)
        add_hours(session, ANNA, hours=more)  # a grid of its own: 18:05, 18:35
    assert _books(stores, alone, at(TUESDAY, "16:30"))

    assert not is_free(stores, alone, at(TUESDAY, "16:00"))
    assert is_free(stores, alone, at(TUESDAY, "15:30"))
    assert is_free(stores, alone, at(TUESDAY, "18:05"))
    assert not is_free(stores, alone, at(TUESDAY, "18:35"))


def test_a_time_is_free_again_the_minute_its_neighbours_buffer_ends(stores: Stores) -> None:
    alone = make_world(stores.helpline, stores.data_dir, names=["anna"], change=("grid = 30", "grid = 15"))
    assert _books(stores, alone, TEN)

    with stores.helpline.read() as session:
        assert alone.desk.roster is not None
        found = free_times(session, Asked("nl"), programme=alone.programme, roster=alone.desk.roster, now=NOW)

    minutes = [(time.starts_at - TEN) // timedelta(minutes=1) for time in found]
    assert [minute for minute in minutes if -60 <= minute <= 60] == [-60, -45, 45, 60]


def test_an_absence_closes_its_time_and_the_buffer_before_it(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=at(TUESDAY, "12:00"), ends_at=at(TUESDAY, "13:00"))

    closed = [
        clock
        for clock in ("11:00", "11:30", "12:00", "12:30", "13:00")
        if not is_free(stores, alone, at(TUESDAY, clock))
    ]

    assert closed == ["11:30", "12:00", "12:30"]


def test_without_a_free_line_nobody_is_free(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, change=ONE_LINE)
    assert _books(stores, world, TEN)

    assert not is_free(stores, world, TEN)
    assert is_free(stores, world, TEN + timedelta(hours=1))


def test_without_any_booked_line_the_counsellors_alone_decide(stores: Stores) -> None:
    change = ('ways = ["you_ring", "we_ring"]\nbooked_lines = 2', 'ways = ["we_ring"]\nbooked_lines = 0')
    world = make_world(stores.helpline, stores.data_dir, change=change)

    for form in ("one", "other"):
        request(stores.helpline, world, form=form)
    with pytest.raises(SlotTakenError):
        request(stores.helpline, world, form="third")


def test_nobody_is_booked_who_is_not_on_the_roster(stores: Stores, alone: World) -> None:
    assert not is_free(stores, alone, TEN, roster=roster_of(alone, counsellor_id="carla"))


def test_nobody_is_booked_before_her_first_or_after_her_last_day(stores: Stores, alone: World) -> None:
    assert not is_free(stores, alone, TEN, roster=roster_of(alone, first_day=TUESDAY + timedelta(days=1)))
    assert not is_free(stores, alone, TEN, roster=roster_of(alone, last_day=MONDAY))
    assert is_free(stores, alone, TEN, roster=roster_of(alone, first_day=TUESDAY, last_day=TUESDAY))


def test_a_day_without_a_key_is_not_booked(stores: Stores, alone: World) -> None:
    roster = roster_of(alone)
    keys = {day: key for day, key in roster.day_keys.items() if day != TUESDAY}

    assert not is_free(stores, alone, TEN, roster=replace(roster, day_keys=keys))


def test_a_talk_is_with_somebody_who_speaks_the_language(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).values(languages="en fr"))

    assert not is_free(stores, alone, TEN)
    assert is_free(stores, alone, TEN, asked=Asked("en"))
    assert not is_free(stores, alone, TEN, asked=Asked("f"))


def test_somebody_under_eighteen_talks_with_somebody_trained_for_it(stores: Stores, alone: World) -> None:
    assert not is_free(stores, alone, TEN, asked=Asked("nl", youth=True))

    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).values(youth=True))

    assert is_free(stores, alone, TEN, asked=Asked("nl", youth=True))
    assert is_free(stores, alone, TEN)


def test_somebody_who_was_retired_takes_no_new_talk_and_keeps_her_old(stores: Stores, alone: World) -> None:
    assert _books(stores, alone, TEN)
    with stores.helpline.begin() as session:
        retire_counsellor(session, ANNA, today=NOW.date())

    assert not is_free(stores, alone, TEN + timedelta(hours=2))
    assert len(bookings(stores.helpline)) == 1


def test_without_a_roster_booking_pauses(stores: Stores, world: World) -> None:
    with pytest.raises(BookingPausedError) as paused:
        request(stores.helpline, world, desk=replace(world.desk, roster=None))

    assert paused.value.reason is PauseReason.NO_ROSTER


def test_when_the_roster_is_over_booking_pauses(stores: Stores, world: World) -> None:
    later = NOW + LIFE
    with pytest.raises(BookingPausedError) as paused:
        request(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(days=10)), now=later)

    assert paused.value.reason is PauseReason.NO_ROSTER


def test_when_the_clock_stands_still_booking_pauses(stores: Stores, world: World) -> None:
    quarter = NOW.replace(minute=0, second=0)
    request(stores.helpline, world, form="in time", now=quarter + DRAW_LIFE - timedelta(seconds=1))

    with pytest.raises(BookingPausedError) as paused:
        request(stores.helpline, world, now=quarter + DRAW_LIFE)

    assert paused.value.reason is PauseReason.NO_DRAW


def test_an_empty_list_is_no_pause(stores: Stores, world: World) -> None:
    """A draw in which nothing was free is a draw: the answer is "taken", not "closed"."""
    with stores.helpline.begin() as session:
        for name in ("anna", "bram"):
            add_absence(session, CounsellorId(name), starts_at=NOW, ends_at=NOW + timedelta(days=16))
    later = NOW + timedelta(minutes=15)
    with stores.helpline.begin() as session:
        assert world.desk.roster is not None
        drawn = draw_times(session, programme=world.programme, roster=world.desk.roster, now=later)

    assert drawn == 0
    with pytest.raises(SlotTakenError) as taken:
        request(stores.helpline, world, now=later)
    assert taken.value.nearest == ()


def test_staff_book_while_the_clock_stands_still(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        session.execute(delete(Drawn))

    assert request_by_staff(stores.helpline, world, WISH).code


def test_nobody_gives_a_number_that_one_person_only_can_read(stores: Stores, alone: World) -> None:
    with pytest.raises(TooFewReadersError):
        request(stores.helpline, alone)

    assert bookings(stores.helpline) == []
    assert request(stores.helpline, alone, RING_US).code


def test_a_colleague_who_stands_in_for_nobody_is_no_second_reader(stores: Stores, world: World) -> None:
    with pytest.raises(TooFewReadersError):
        request(stores.helpline, world, desk=replace(world.desk, roster=roster_of(world, stands_in=False)))

    assert request(stores.helpline, world).code
