"""What the rota offered is exact, and nothing that anybody books, cancels or suffers moves it."""

from datetime import date, timedelta

from sqlalchemy import delete

from helpline.callbacks.capacity import Capacity, capacity
from helpline.callbacks.exceptions import close_days, replace_day
from helpline.callbacks.rota_keeping import NewHours, add_absence, add_hours, retire_counsellor
from helpline.callbacks.tables import CounsellorId, WeeklyHours
from tests.support.stores import Stores
from tests.support.talks import TUESDAY, WEDNESDAY, WISH, at, request
from tests.support.world import NOW, World, make_world

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
NINE_TO_FIVE = 8 * 60
"""In which six talks fit, for that is the cap of a day."""


def offered(stores: Stores, world: World, first: date, last: date | None = None) -> Capacity:
    with stores.helpline.read() as session:
        return capacity(session, first=first, last=last or first, programme=world.programme)


def test_a_day_of_two_is_counted_once_as_open_and_twice_as_staffed(stores: Stores, world: World) -> None:
    assert offered(stores, world, TUESDAY) == Capacity(1, NINE_TO_FIVE, 2 * NINE_TO_FIVE, 2 * 6)


def test_days_add_up_and_closed_days_and_days_off_are_none(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        close_days(session, first=TUESDAY, last=TUESDAY, label="a holiday")
        replace_day(session, ANNA, day=WEDNESDAY, spans=())

    assert offered(stores, world, TUESDAY) == Capacity()
    assert offered(stores, world, TUESDAY, WEDNESDAY) == Capacity(1, NINE_TO_FIVE, NINE_TO_FIVE, 6)


def test_nothing_that_happens_to_a_talk_moves_it(stores: Stores, world: World) -> None:
    """Exact numbers of what is booked would be worth more to an attacker than all the noise takes away."""
    before = offered(stores, world, TUESDAY)
    request(stores.helpline, world, WISH)
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=at(TUESDAY, "13:00"), ends_at=at(TUESDAY, "17:00"), is_rest=True)
        add_absence(session, BRAM, starts_at=at(TUESDAY, "09:00"), ends_at=at(TUESDAY, "12:00"))

    assert offered(stores, world, TUESDAY) == before


def test_lines_hold_talks_back(stores: Stores) -> None:
    change = ("booked_lines = 2", "booked_lines = 1")
    world = make_world(stores.helpline, stores.data_dir, change=change)

    # Forty-five minutes each on one line, on a grid of half hours: one at each full hour.
    assert offered(stores, world, TUESDAY).talks == 8


def test_the_past_stays_when_somebody_leaves(stores: Stores, world: World) -> None:
    before = offered(stores, world, TUESDAY)
    with stores.helpline.begin() as session:
        retire_counsellor(session, BRAM, today=WEDNESDAY)
        retire_counsellor(session, BRAM, today=WEDNESDAY + timedelta(days=9))

    assert offered(stores, world, TUESDAY) == before
    assert offered(stores, world, WEDNESDAY).staffed == NINE_TO_FIVE


def test_a_night_of_a_change_of_the_clock_holds_more_or_fewer_talks(stores: Stores) -> None:
    change = ("cap_per_day = 6", "cap_per_day = 20")
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], change=change)
    with stores.helpline.begin() as session:
        session.execute(delete(WeeklyHours))
        night = NewHours(weekday=6, starts=60, ends=240, valid_from=NOW.date() - timedelta(days=7))
        add_hours(session, ANNA, hours=night)

    usual, spring, autumn = (
        offered(stores, world, day).talks for day in (date(2027, 3, 21), date(2027, 3, 28), date(2027, 10, 31))
    )
    assert (spring, usual, autumn) == (2, 3, 4)
    # The same hours in one question: what is known of a usual night must not stand for the other.
    assert offered(stores, world, date(2027, 3, 21), date(2027, 3, 28)).talks == usual + spring
    assert offered(stores, world, date(2027, 10, 24), date(2027, 10, 31)).talks == usual + autumn


def test_no_hours_are_nothing(stores: Stores, world: World) -> None:
    assert offered(stores, world, date(2020, 1, 1), date(2020, 12, 31)) == Capacity()
