"""The public list is a draw: small, the same for everybody, and no mirror of the bookings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.doors import Asked
from helpline.callbacks.draw import TIMES_PER_HALF_DAY, choose, draw_times, read_draw
from helpline.callbacks.keeping import DRAW_LIFE
from helpline.callbacks.rota import quarter_of
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Counsellor, CounsellorId, Drawn
from helpline.callbacks.times import free_times
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import WISH, listed, request
from tests.support.world import NOW, World, make_world

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
QUARTER = timedelta(minutes=15)
HELD = datetime(1970, 1, 1, tzinfo=UTC)
"""Marks a draw as held."""

RING_US = replace(WISH, way=Way.YOU_RING, number=None)

moments = st.integers(0, 60 * 24 * 30).map(lambda minute: datetime(2027, 3, 20, tzinfo=UTC) + timedelta(minutes=minute))


def draw(stores: Stores, world: World, *, now: datetime) -> int:
    assert world.desk.roster is not None
    with stores.helpline.begin() as session:
        return draw_times(session, programme=world.programme, roster=world.desk.roster, now=now)


def draw_the_soonest(stores: Stores, world: World) -> tuple[datetime, datetime]:
    """Let the next quarter have drawn one time, the soonest that its notice allowed; return both."""
    quarter = quarter_of(NOW) + QUARTER
    soonest = quarter + timedelta(minutes=world.programme.slots.notice)
    with stores.helpline.begin() as session:
        session.execute(delete(Drawn))
        for starts_at in (HELD, soonest):
            session.add(Drawn(quarter=quarter, language="nl", youth=False, starts_at=starts_at))
    return quarter, soonest


def free(stores: Stores, world: World, *, now: datetime = NOW) -> set[datetime]:
    assert world.desk.roster is not None
    with stores.helpline.read() as session:
        found = free_times(session, Asked("nl"), programme=world.programme, roster=world.desk.roster, now=now)
    return {time.starts_at for time in found}


@given(st.sets(moments, max_size=200))
def test_at_most_three_of_a_half_day_are_drawn_and_no_fewer_than_there_are(times: set[datetime]) -> None:
    chosen = choose(times, zone=AMSTERDAM)

    def halves(found: Iterable[datetime]) -> Counter[tuple[date, bool]]:
        return Counter((at.astimezone(AMSTERDAM).date(), at.astimezone(AMSTERDAM).hour >= 12) for at in found)

    assert chosen == sorted(set(chosen))
    assert set(chosen) <= times
    assert halves(chosen) == {half: min(many, TIMES_PER_HALF_DAY) for half, many in halves(times).items()}


def test_a_draw_is_chance_and_every_time_has_it() -> None:
    morning = [datetime(2027, 3, 2, 8, minute, tzinfo=UTC) for minute in range(0, 60, 5)]

    drawn = Counter(at for _ in range(400) for at in choose(morning, zone=AMSTERDAM))

    assert set(drawn) == set(morning)
    assert max(drawn.values()) < 160  # 100 are expected; 160 are seven deviations away


@given(moments)
def test_a_quarter_is_the_last_full_one(now: datetime) -> None:
    quarter = quarter_of(now)

    assert quarter.minute in {0, 15, 30, 45}
    assert timedelta(0) <= now - quarter < QUARTER


def test_everything_drawn_was_bookable_when_it_was_drawn(stores: Stores, world: World) -> None:
    assert set(listed(stores.helpline)) <= free(stores, world)
    assert len(listed(stores.helpline)) > 40


def test_everything_drawn_and_still_free_books(stores: Stores, world: World) -> None:
    """A draw of one quarter, booked through the next: who has a page open is not turned away."""
    times = listed(stores.helpline)
    later = NOW + QUARTER
    draw(stores, world, now=later)
    booked = 0
    for number, time in enumerate(times[:: len(times) // 12]):
        still_free = time in free(stores, world, now=later)
        try:
            request(stores.helpline, world, replace(RING_US, starts_at=time), form=f"form {number}", now=later)
        except SlotTakenError:
            assert not still_free
        else:
            assert still_free
            booked += 1
    assert booked >= 10


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=10), DRAW_LIFE - timedelta(seconds=1)])
def test_a_listed_time_books_as_long_as_it_is_listed(stores: Stores, tmp_path: Path, late: timedelta) -> None:
    """Its notice was long enough when it was drawn; nobody is told "taken" of a time that nobody took."""
    world = make_world(stores.helpline, tmp_path, change=("grid = 30", "grid = 5"))
    quarter, soonest = draw_the_soonest(stores, world)

    now = quarter + late
    assert listed(stores.helpline, now=now) == (soonest,)
    assert request(stores.helpline, world, replace(RING_US, starts_at=soonest), now=now).starts_at == soonest


def test_a_listed_time_is_offered_instead_as_long_as_it_is_listed(stores: Stores, tmp_path: Path) -> None:
    world = make_world(stores.helpline, tmp_path, change=("grid = 30", "grid = 5"))
    quarter, soonest = draw_the_soonest(stores, world)

    with pytest.raises(SlotTakenError) as taken:
        request(stores.helpline, world, replace(RING_US, starts_at=quarter), now=quarter + timedelta(minutes=10))

    assert taken.value.nearest == (soonest,)


def test_inside_a_quarter_the_list_does_not_move_whatever_is_booked(stores: Stores, world: World) -> None:
    before = listed(stores.helpline)
    for number, time in enumerate(before[:3]):
        request(stores.helpline, world, replace(RING_US, starts_at=time), form=f"form {number}")
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=NOW, ends_at=NOW + timedelta(days=9))
    again = draw(stores, world, now=NOW + timedelta(minutes=14))

    assert again == 0
    assert listed(stores.helpline, now=NOW + timedelta(minutes=14)) == before


def test_the_next_quarter_draws_anew_from_what_is_free_then(stores: Stores, world: World) -> None:
    for name in ("anna", "bram"):
        with stores.helpline.begin() as session:
            add_absence(session, CounsellorId(name), starts_at=NOW, ends_at=NOW + timedelta(days=9))

    assert draw(stores, world, now=NOW + QUARTER) > 0
    later = NOW + QUARTER
    assert set(listed(stores.helpline, now=later)) <= free(stores, world, now=later)
    assert min(listed(stores.helpline, now=later)) > NOW + timedelta(days=8)


def test_each_language_and_age_has_a_draw_of_its_own(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == "anna").values(languages="en", youth=True))
        session.execute(update(Counsellor).where(Counsellor.id == "bram").values(languages="fr"))
    draw(stores, world, now=NOW + QUARTER)

    lists = {}
    with stores.helpline.read() as session:
        for language in ("nl", "en"):
            for youth in (False, True):
                lists[language, youth] = read_draw(session, language=language, youth=youth, now=NOW + QUARTER)
    assert lists["nl", False] == lists["nl", True] == ()
    assert lists["en", False]
    assert lists["en", True]


def test_a_language_without_a_draw_has_no_list(stores: Stores, world: World) -> None:
    with stores.helpline.read() as session:
        assert read_draw(session, language="fr", now=NOW) is None


def test_a_draw_is_good_for_half_an_hour(stores: Stores, world: World) -> None:
    over = quarter_of(NOW) + DRAW_LIFE

    with stores.helpline.read() as session:
        assert read_draw(session, language="nl", now=over - timedelta(seconds=1)) is not None
        assert read_draw(session, language="nl", now=over) is None


def test_a_draw_of_the_future_is_not_believed(stores: Stores, world: World) -> None:
    """A clock that once ran ahead must not keep booking open for ever."""
    with stores.helpline.read() as session:
        assert read_draw(session, language="nl", now=quarter_of(NOW) - timedelta(seconds=1)) is None


def test_a_list_shows_no_time_that_has_begun(stores: Stores, world: World) -> None:
    first = listed(stores.helpline)[0]
    with stores.helpline.begin() as session:
        session.execute(update(Drawn).values(quarter=quarter_of(first)))

    assert listed(stores.helpline, now=first - timedelta(seconds=1) + QUARTER) != ()
    assert first not in listed(stores.helpline, now=first)


def test_old_draws_go_with_the_next(stores: Stores, world: World) -> None:
    for quarters in range(1, 5):
        draw(stores, world, now=NOW + quarters * QUARTER)

    with stores.helpline.read() as session:
        kept = session.scalars(select(func.distinct(Drawn.quarter))).all()
    assert len(kept) == 2


def test_a_draw_says_how_many_times_it_holds(stores: Stores, world: World) -> None:
    drawn = draw(stores, world, now=NOW + QUARTER)

    both = sum(len(listed(stores.helpline, now=NOW + QUARTER, language=language)) for language in ("nl", "en"))
    assert drawn == both > 0


@pytest.mark.parametrize("seconds", [0, 59, 14 * 60 + 59])
def test_the_list_is_the_same_for_everybody_all_through_its_quarter(stores: Stores, world: World, seconds: int) -> None:
    at_start = quarter_of(NOW)

    assert listed(stores.helpline, now=at_start + timedelta(seconds=seconds)) == listed(stores.helpline, now=at_start)
