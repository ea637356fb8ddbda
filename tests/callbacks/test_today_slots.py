"""Times that are kept for today: for nobody before their hour, then for whoever needs somebody today."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import CounsellorId
from helpline.callbacks.times import free_times
from tests.support.stores import Stores, copy_files, opened_stores
from tests.support.talks import WEDNESDAY, at
from tests.support.today import EIGHT, NOON, books, draw, fill, free, keeping, take
from tests.support.world import NOW, World, make_world


@pytest.mark.parametrize(
    ("many", "lines", "names"),
    [(1, 1, ("anna", "bram")), (4, 2, ("anna", "bram", "carla")), (2, 0, ("anna",))],
    ids=["one line for two", "two lines for three", "no lines"],
)
def test_whatever_is_booked_before_the_kept_times_are_there_when_they_are_released(
    stores: Stores, many: int, lines: int, names: tuple[str, ...]
) -> None:
    """On that Saturday two kept times overlap, and the earlier one needs the second line."""
    world, day = keeping(stores, many, lines=lines, names=names), date(2027, 3, 6)
    eight, noon = at(day, "08:00"), at(day, "12:00")
    kept = [free(stores, world, released, only_kept=True) for released in (eight, noon)]
    assert fill(stores, world, day=day) > 2
    # A watcher sees the same kept times with and without all these bookings.
    assert [free(stores, world, released, only_kept=True) for released in (eight, noon)] == kept

    taken = [books(stores, world, starts_at, eight) for starts_at in sorted(kept[0])]
    taken += [books(stores, world, starts_at, noon) for starts_at in sorted(kept[1] - kept[0])]
    assert all(taken)
    assert len(taken) == many


def test_nobody_takes_a_kept_time_before_its_hour(stores: Stores) -> None:
    world = keeping(stores, 2)
    morning, noon = free(stores, world, EIGHT, only_kept=True), free(stores, world, NOON, only_kept=True)
    late = min(noon - morning)
    (early,) = morning

    for now in (NOW, EIGHT - timedelta(hours=8), EIGHT - timedelta(seconds=1)):
        assert early not in free(stores, world, now, door=Door.PUBLIC) or world.colleagues[1:]
        assert early not in free(stores, world, now, only_kept=True)
    assert late not in free(stores, world, NOON - timedelta(seconds=1), only_kept=True)
    assert early in draw(stores, world, EIGHT).today
    assert late in draw(stores, world, NOON).today


def test_one_who_works_alone_cannot_be_booked_then_before_its_hour(stores: Stores) -> None:
    world = keeping(stores, 1, names=("anna",))
    (kept,) = free(stores, world, EIGHT, only_kept=True)

    for now in (NOW, EIGHT - timedelta(seconds=1)):
        assert not books(stores, world, kept, now)
        assert not books(stores, world, kept - timedelta(minutes=30), now)
    assert books(stores, world, kept, EIGHT)


def test_a_time_of_today_can_be_taken_until_half_an_hour_before(stores: Stores) -> None:
    world = keeping(stores, 1)
    (kept,) = free(stores, world, EIGHT, only_kept=True)

    assert not books(stores, world, kept, kept - timedelta(minutes=29, seconds=59))
    assert books(stores, world, kept, kept - timedelta(minutes=30))


def test_a_break_moves_no_kept_time(stores: Stores) -> None:
    """It would tell whoever compares two lists that a talk was heavy, and when; a planned absence does move them."""
    world = keeping(stores, 1, names=("anna",))
    (kept,) = free(stores, world, EIGHT, only_kept=True)
    others = {kept + timedelta(minutes=30 * step) for step in range(-16, 17) if step}
    over, anna = kept + timedelta(minutes=30), CounsellorId("anna")

    with stores.helpline.begin() as session:
        add_absence(session, anna, starts_at=kept, ends_at=over, is_rest=True)
    assert not free(stores, world, EIGHT, only_kept=True)
    with stores.helpline.begin() as session:
        add_absence(session, anna, starts_at=kept, ends_at=over)
    assert free(stores, world, EIGHT, only_kept=True) < others


def test_a_kept_time_that_is_taken_counts_once_in_the_cap_of_a_day(stores: Stores) -> None:
    world = keeping(stores, 1, names=("anna",))
    found = replace(world.programme, slots=replace(world.programme.slots, cap_per_day=2))
    world = replace(world, programme=found, desk=replace(world.desk, programme=found))
    (kept,) = free(stores, world, EIGHT, only_kept=True)
    assert books(stores, world, kept, EIGHT)

    assert free(stores, world, EIGHT, door=Door.FOLLOW_UP) & {
        at(WEDNESDAY, "00:00") + timedelta(minutes=step) for step in range(0, 1440, 30)
    }


def test_who_takes_an_ordinary_time_leaves_the_kept_one(stores: Stores) -> None:
    """Both could hold the half hour after it; the one whose chair is kept stays free, whoever she is."""
    world = keeping(stores, 1)
    for day in (WEDNESDAY + timedelta(days=count) for count in range(6)):
        (kept,) = free(stores, world, at(day, "08:00"), only_kept=True)

        assert books(stores, world, kept + timedelta(minutes=30), at(day, "08:01"))
        assert kept in free(stores, world, at(day, "08:01"), only_kept=True)


def test_staff_may_take_a_kept_time(stores: Stores) -> None:
    world = keeping(stores, 1, names=("anna",))
    (kept,) = free(stores, world, EIGHT, only_kept=True)

    assert kept in free(stores, world, NOW, door=Door.STAFF)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)], ids=str)
def test_on_the_days_of_a_clock_change_the_hours_are_those_of_the_wall(
    stores: Stores, tmp_path: Path, day: date
) -> None:
    world = make_world(
        stores.helpline,
        tmp_path,
        now=at(day - timedelta(days=2), "12:00"),
        hours=(0, 24),
        change=("today_slots = 0", "today_slots = 2"),
    )
    eight, noon = at(day, "08:00"), at(day, "12:00")

    assert not free(stores, world, eight - timedelta(seconds=1), only_kept=True)
    assert len(free(stores, world, eight, only_kept=True)) == 1
    assert len(free(stores, world, noon, only_kept=True)) == 2 - (
        min(free(stores, world, eight, only_kept=True)) < noon + timedelta(minutes=30)
    )


def test_a_talk_kept_until_after_midnight_closes_it_on_the_list_and_for_the_booking(stores: Stores) -> None:
    world = make_world(stores.helpline, stores.data_dir, names=["anna"], hours=(0, 24))
    found = replace(world.programme, today_slots=20, slots=replace(world.programme.slots, cap_per_day=20))
    world = replace(world, programme=found)
    listed = free(stores, world, NOW, door=Door.PUBLIC)
    midnights = [at(WEDNESDAY + timedelta(days=count), "00:00") for count in range(4)]

    assert world.desk.roster is not None
    with stores.helpline.read() as session:
        booked = [
            bool(
                free_times(
                    session, Asked("nl"), programme=world.programme, roster=world.desk.roster, now=NOW, only=midnight
                )
            )
            for midnight in midnights
        ]
    assert [midnight in listed for midnight in midnights] == booked
    assert any(booked)
    assert not all(booked)


def test_an_absence_moves_what_is_kept_and_never_keeps_nothing(stores: Stores) -> None:
    world = keeping(stores, 1)
    (kept,) = free(stores, world, EIGHT, only_kept=True)
    for name in ("anna", "bram"):
        with stores.helpline.begin() as session:
            add_absence(session, CounsellorId(name), starts_at=kept, ends_at=kept + timedelta(minutes=5))

    (other,) = free(stores, world, EIGHT, only_kept=True)
    assert other != kept
    assert other in draw(stores, world, EIGHT).today


def test_finding_what_is_kept_takes_as_many_queries_however_far_the_list_reaches(stores: Stores) -> None:
    world = keeping(stores, 2)
    asked: list[str] = []

    def note(*said: object) -> None:
        asked.append(str(said[2]))

    event.listen(stores.helpline.engine, "before_cursor_execute", note)
    try:
        free(stores, world, NOW, door=Door.PUBLIC)
    finally:
        event.remove(stores.helpline.engine, "before_cursor_execute", note)
    # The door, who takes talks, who is free now, what is taken (2), who is away, and the hours twice (3 each).
    assert len([it for it in asked if it.startswith("SELECT")]) == 12


@dataclass(frozen=True, repr=False)
class Standing:
    """A helpline whose days are filled again and again, and never kept so."""

    stores: Stores
    world: World


@pytest.fixture(scope="module")
def standing(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Give one helpline whose days are filled again and again, and never kept so."""
    folder = tmp_path_factory.mktemp("standing")
    copy_files(sqlite_template, to=folder)
    with opened_stores(folder, database_url=None) as stores:
        yield Standing(stores, keeping(stores, 2))


@given(
    wanted=st.lists(st.tuples(st.integers(17, 33), st.sampled_from(["nl", "en"])), max_size=3),
    released=st.sampled_from([EIGHT, NOON]),
)
def test_no_bookings_of_the_day_before_change_what_is_released(
    standing: Standing, wanted: list[tuple[int, str]], released: datetime
) -> None:
    stores, world = standing.stores, standing.world

    def kept(session: Session) -> set[datetime]:
        roster = world.desk.roster
        assert roster is not None
        asked = Asked("nl", door=Door.TODAY)
        found = free_times(session, asked, programme=world.programme, roster=roster, now=released)
        return {it.starts_at for it in found if it.is_kept}

    with Session(stores.helpline.engine, expire_on_commit=False) as session:
        before = kept(session)
        for half_hour, language in wanted:
            take(session, world, at(WEDNESDAY, "00:00") + timedelta(minutes=30 * half_hour), language=language)
        assert kept(session) == before
        assert before
        session.rollback()
