"""Times with counsellors trained for under-18s: who holds such a talk, also after it moved or was handed over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from helpline.callbacks.booking import BookingPausedError, SlotTakenError
from helpline.callbacks.draw import read_draw, read_today
from helpline.callbacks.envelope import Wish
from helpline.callbacks.follow_up import find_right
from helpline.callbacks.public_door import FarDoor, pause, set_far
from helpline.callbacks.tables import TalkState
from helpline.settings.programme import Way
from tests.support.following import ANNA, BRAM, draw_again
from tests.support.handing import change, occupy
from tests.support.stores import Stores
from tests.support.talks import (
    TEN,
    WISH,
    booking_of,
    bookings,
    envelopes,
    follow,
    listed,
    move,
    opened,
    request,
)
from tests.support.world import NOW, World

QUARTER = timedelta(minutes=15)
LATER = NOW + QUARTER
YOUNG = replace(WISH, way=Way.YOU_RING, number=None, youth=True)


def young_times(stores: Stores) -> tuple[datetime, ...]:
    """Return the list for under-18s."""
    with stores.helpline.read() as session:
        return read_draw(session, language="nl", youth=True, now=LATER) or ()


@pytest.fixture
def trained(stores: Stores, world: World) -> World:
    """Give a helpline in which anna alone is trained, an hour off at TEN, drawn again."""
    change(stores, "anna", youth=True)
    occupy(stores, "anna")
    draw_again(stores.helpline, world, now=LATER)
    return world


def ask(stores: Stores, world: World, starts_at: datetime, form: str = "a form") -> str:
    """Let somebody under 18 book that time, and return with whom."""
    wish = replace(YOUNG, starts_at=starts_at)
    receipt = request(stores.helpline, world, wish, form=form, now=LATER)
    return booking_of(stores.helpline, world, receipt).counsellor_id


def test_every_time_on_the_list_for_under_18s_books_with_a_trained_counsellor(stores: Stores, trained: World) -> None:
    times = young_times(stores)

    assert len(times) > 50
    assert not [time for time in times if TEN <= time < TEN + timedelta(hours=1)]
    for number, time in enumerate(times[::9]):
        assert ask(stores, trained, time, form=str(number)) == ANNA


def test_an_untrained_counsellor_is_on_no_list_for_under_18s(stores: Stores, world: World) -> None:
    draw_again(stores.helpline, world, now=LATER)

    with stores.helpline.read() as session:
        assert read_draw(session, language="nl", youth=True, now=LATER) == ()
        assert read_today(session, language="nl", youth=True, now=LATER) == ()
    assert listed(stores.helpline, now=LATER)


def test_a_time_of_an_untrained_counsellor_is_taken_for_who_is_under_18(stores: Stores, trained: World) -> None:
    """Bram is free at ten, and anna is not. What is offered instead is on the list for under-18s."""
    with pytest.raises(SlotTakenError) as taken:
        ask(stores, trained, TEN)

    assert taken.value.nearest
    assert {*taken.value.nearest} <= {*young_times(stores)}


def test_the_doors_shut_for_under_18s_as_for_everybody(stores: Stores, trained: World) -> None:
    far = young_times(stores)[-1]
    with stores.helpline.begin() as session:
        set_far(session, FarDoor.SHUT_BY_STAFF, now=NOW)
    with pytest.raises(SlotTakenError):
        ask(stores, trained, far)
    with stores.helpline.begin() as session:
        pause(session, paused=True)
    with pytest.raises(BookingPausedError):
        ask(stores, trained, young_times(stores)[0])
    assert not bookings(stores.helpline)


def test_the_list_is_part_of_what_a_form_is_known_by_and_only_sealed(stores: Stores, trained: World) -> None:
    time = young_times(stores)[0]
    wish = replace(YOUNG, starts_at=time)
    first = request(stores.helpline, trained, wish, now=LATER)

    assert request(stores.helpline, trained, wish, now=LATER).code == first.code
    (booking,) = bookings(stores.helpline)
    assert all(opened(trained, booking, it).wish.youth for it in envelopes(stores.helpline))
    assert "youth" not in type(booking).__table__.columns


def moved(stores: Stores, world: World, wish: Wish, *, to: datetime) -> str:
    """Book *wish*, move it with a form that says nothing of an age, and return with whom the talk is then."""
    receipt = request(stores.helpline, world, wish, now=LATER)
    plain = replace(wish, starts_at=to, youth=False)
    move(stores.helpline, world, receipt.code, plain, now=LATER)
    return booking_of(stores.helpline, world, receipt).counsellor_id


def test_a_talk_with_a_trained_counsellor_moves_to_times_of_trained_ones_only(stores: Stores, trained: World) -> None:
    first, other = young_times(stores)[:2]

    assert moved(stores, trained, replace(YOUNG, starts_at=first), to=other) == ANNA


def test_a_talk_with_a_trained_counsellor_does_not_move_to_an_untrained_one(stores: Stores, trained: World) -> None:
    with pytest.raises(SlotTakenError) as taken:
        moved(stores, trained, replace(YOUNG, starts_at=young_times(stores)[0]), to=TEN)

    assert {*taken.value.nearest} <= {*young_times(stores)}


def test_a_talk_with_an_untrained_counsellor_moves_as_before(stores: Stores, trained: World) -> None:
    other = next(time for time in listed(stores.helpline, now=LATER) if time > TEN + timedelta(hours=2))

    assert moved(stores, trained, replace(YOUNG, starts_at=TEN, youth=False), to=other) in {ANNA, BRAM}


def test_the_talk_in_place_of_one_that_we_cancelled_is_with_a_trained_counsellor(
    stores: Stores, trained: World
) -> None:
    times = young_times(stores)
    receipt = request(stores.helpline, trained, replace(YOUNG, starts_at=times[0]), now=LATER)
    with stores.helpline.begin() as session:
        session.merge(booking_of(stores.helpline, trained, receipt)).state = TalkState.CANCELLED_BY_US
    with stores.helpline.read() as session:
        right = find_right(session, receipt.code, desk=trained.desk, now=LATER)
    assert right is not None
    assert right.youth

    plain = replace(YOUNG, youth=False)
    with pytest.raises(SlotTakenError):
        follow(stores.helpline, trained, receipt.code, plain, now=LATER)
    follow(stores.helpline, trained, receipt.code, replace(plain, starts_at=times[1]), form="another", now=LATER)
    assert booking_of(stores.helpline, trained, receipt).counsellor_id == ANNA
