"""The list for who needs somebody today, beside the ordinary one."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.doors import Door
from helpline.callbacks.draw import TIMES_PER_HALF_DAY, choose_today, read_today
from helpline.callbacks.rota import quarter_of
from helpline.callbacks.tables import Counsellor
from helpline.callbacks.talk import cancel_by_visitor
from helpline.callbacks.times import FreeTime
from helpline.callbacks.today_tables import DrawnToday
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, WEDNESDAY, at, request
from tests.support.today import EIGHT, NOON, QUARTER, RING_US, books, draw, free, keeping

moments = st.integers(0, 60 * 24 * 3).map(lambda minute: EIGHT + timedelta(minutes=minute))


@given(st.dictionaries(moments, st.booleans(), max_size=100))
def test_every_kept_time_is_listed_and_a_half_day_is_filled_up_to_three(found: dict[datetime, bool]) -> None:
    free = [FreeTime(at, at, (), (), is_kept) for at, is_kept in found.items()]

    listed = choose_today(free, zone=AMSTERDAM)

    def halves(times: Iterable[datetime]) -> Counter[str]:
        return Counter(f"{at.astimezone(AMSTERDAM):%F %p}" for at in times)

    every, kept = halves(found), halves(at for at in found if found[at])
    assert listed == sorted(set(listed))
    assert {at for at in found if found[at]} <= set(listed) <= set(found)
    assert halves(listed) == {it: max(kept[it], min(many, TIMES_PER_HALF_DAY)) for it, many in every.items()}


def test_what_is_kept_is_on_no_ordinary_list(stores: Stores) -> None:
    world = keeping(stores, 2, names=("anna",))
    kept = free(stores, world, EIGHT, only_kept=True) | free(stores, world, NOON, only_kept=True)

    for count in range(12):
        lists = draw(stores, world, EIGHT + count * QUARTER)
        assert kept.isdisjoint(lists.ordinary)
        assert set(lists.today).isdisjoint(lists.ordinary)
        assert {it.astimezone(AMSTERDAM).date() for it in lists.today} == {WEDNESDAY}


def test_a_time_of_today_that_becomes_free_is_first_on_the_list_of_today(stores: Stores) -> None:
    world = keeping(stores, 1, names=("anna",))
    # All of the day can be booked on the Monday before: else the list would be drawn from what is left of it.
    rules = replace(world.programme.slots, cap_per_day=20, far_ahead_percent=100)
    found = replace(world.programme, slots=rules)
    world = replace(world, programme=found, desk=replace(world.desk, programme=found))
    receipts = {}
    for minute in range(9 * 60, 17 * 60, 30):
        starts_at = at(WEDNESDAY, "00:00") + timedelta(minutes=minute)
        with suppress(SlotTakenError):
            receipts[starts_at] = request(
                stores.helpline, world, replace(RING_US, starts_at=starts_at), form=f"form {minute}"
            )
    freed = max(receipts)
    assert freed not in draw(stores, world, EIGHT).today
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipts[freed].code, desk=world.desk, now=EIGHT)

    lists = draw(stores, world, EIGHT + QUARTER)
    assert freed in lists.today
    assert freed not in lists.ordinary


def test_on_the_ordinary_list_a_time_of_today_is_no_news(stores: Stores) -> None:
    world = keeping(stores, 1)
    seen: set[datetime] = set()
    for count in range(8):
        lists = draw(stores, world, EIGHT + count * QUARTER)
        today = {it for it in lists.ordinary if it.astimezone(AMSTERDAM).date() == WEDNESDAY}
        assert not count or today <= seen
        seen = {*lists.ordinary, *lists.today}


def test_everything_drawn_was_bookable_and_what_is_still_free_books(stores: Stores) -> None:
    world = keeping(stores, 3, lines=1)
    for now in (EIGHT, NOON):
        lists = draw(stores, world, now)
        assert set(lists.today) <= free(stores, world, now)
        assert set(lists.ordinary) <= free(stores, world, now, door=Door.PUBLIC)
        for starts_at in (*lists.today, *lists.ordinary[:4]):
            later = now + timedelta(minutes=14)
            is_free = starts_at in free(stores, world, now) | free(stores, world, now, door=Door.PUBLIC)
            assert books(stores, world, starts_at, later) is is_free


def test_who_comes_too_late_is_offered_others_of_both_lists(stores: Stores) -> None:
    world = keeping(stores, 2)
    lists = draw(stores, world, EIGHT)
    while books(stores, world, lists.today[0], EIGHT):
        pass

    with pytest.raises(SlotTakenError) as taken:
        request(stores.helpline, world, replace(RING_US, starts_at=lists.today[0]), form="late", now=EIGHT)
    assert set(taken.value.nearest) <= {*lists.today, *lists.ordinary}
    assert set(taken.value.nearest) & set(lists.today)


def test_a_programme_that_keeps_none_has_no_list_of_today(stores: Stores) -> None:
    world = keeping(stores, 0)

    lists = draw(stores, world, EIGHT)
    assert lists.today == ()
    assert any(it.astimezone(AMSTERDAM).date() == WEDNESDAY for it in lists.ordinary)
    assert not books(stores, world, at(WEDNESDAY, "09:00"), at(WEDNESDAY, "08:30"))


def test_a_half_day_lists_every_kept_time_and_at_most_three_without(stores: Stores) -> None:
    world = keeping(stores, 8, lines=3, names=("anna", "bram", "carla"))
    lists = draw(stores, world, NOON)

    kept = free(stores, world, NOON, only_kept=True)
    assert kept <= set(lists.today)
    assert len(set(lists.today) - kept) <= TIMES_PER_HALF_DAY


def test_each_language_has_its_own_list_of_today(stores: Stores) -> None:
    world = keeping(stores, 1)
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == "anna").values(languages="nl"))
        session.execute(update(Counsellor).where(Counsellor.id == "bram").values(languages="en", youth=True))
    dutch, english = (draw(stores, world, EIGHT, language=language) for language in ("nl", "en"))

    assert free(stores, world, EIGHT, only_kept=True) <= set(dutch.today)
    assert free(stores, world, EIGHT, only_kept=True, language="en") <= set(english.today)
    with stores.helpline.read() as session:
        young = [read_today(session, language=language, youth=True, now=EIGHT) for language in ("nl", "en")]
    assert young[0] == ()
    assert young[1]


def test_old_lists_of_today_go_with_the_next_draws(stores: Stores) -> None:
    world = keeping(stores, 1)
    for count in range(4):
        draw(stores, world, EIGHT + count * QUARTER)

    with stores.helpline.read() as session:
        assert len(set(session.scalars(select(DrawnToday.quarter)))) == 2


def test_a_list_of_today_stands_for_its_quarter_whatever_is_booked(stores: Stores) -> None:
    world = keeping(stores, 2)
    before = draw(stores, world, EIGHT)
    assert books(stores, world, before.today[0], EIGHT)

    assert draw(stores, world, EIGHT + timedelta(minutes=14)) == before
    assert quarter_of(EIGHT) == EIGHT
