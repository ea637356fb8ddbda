"""A talk moves whole or not at all, and its visitor keeps the code and the words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from helpline.callbacks.booking import (
    BookingPausedError,
    SlotTakenError,
    TooFewReadersError,
)
from helpline.callbacks.envelope import Group
from helpline.callbacks.keeping import HOUR_OF_BOOKING_KEPT
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, Drawn, TalkState
from helpline.callbacks.talk import TalkNotFoundError, find_talk
from helpline.codes import draw_code
from helpline.settings.programme import Way
from tests.support.following import draw_again
from tests.support.stores import Stores
from tests.support.talks import (
    TEN,
    TUESDAY,
    WEDNESDAY,
    WISH,
    at,
    bookings,
    count,
    envelopes,
    everything,
    listed,
    move,
    opened,
    request,
)
from tests.support.world import NOW, World, make_world

HOUR = timedelta(hours=1)
ATOMS_OF_A_TALK = 18
RING_US = replace(WISH, way=Way.YOU_RING, number=None)
LATER = replace(RING_US, starts_at=at(WEDNESDAY, "14:00"))
HALF_AN_HOUR_ON = replace(RING_US, starts_at=at(TUESDAY, "10:30"))


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor, who takes one talk a day."""
    change = ("cap_per_day = 6", "cap_per_day = 1")
    return make_world(stores.helpline, stores.data_dir, names=["anna"], change=change)


def test_a_moved_talk_keeps_code_and_words_and_has_nothing_else_of_the_old_one(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    (old,), copies = bookings(stores.helpline), envelopes(stores.helpline)

    moved = move(stores.helpline, world, receipt.code, LATER)

    assert (moved.code, moved.words) == (receipt.code, receipt.words)
    assert (moved.starts_at, moved.way, moved.is_repeat) == (LATER.starts_at, Way.YOU_RING, False)
    (new,) = bookings(stores.helpline)
    assert new.id != old.id
    assert (new.starts_at, new.destroy_at) == (LATER.starts_at, LATER.starts_at + timedelta(hours=24, minutes=30))
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK
    assert {copy.sealed for copy in copies}.isdisjoint(copy.sealed for copy in envelopes(stores.helpline))
    assert {copy.booking_id for copy in envelopes(stores.helpline)} == {new.id}


def test_what_was_chosen_anew_is_sealed_for_the_new_day(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world, RING_US)
    wanted = replace(WISH, starts_at=LATER.starts_at, group=Group.PROFESSIONAL, language="en")

    move(stores.helpline, world, receipt.code, wanted)

    (booking,) = bookings(stores.helpline)
    for copy in envelopes(stores.helpline):
        contents = opened(world, booking, copy)
        assert (contents.wish, contents.words) == (wanted, receipt.words)


def test_a_talk_moves_by_less_than_its_own_length_with_the_same_counsellor(stores: Stores, alone: World) -> None:
    """Its own atoms and its own place under the cap are not in its way."""
    receipt = request(stores.helpline, alone, RING_US)

    assert move(stores.helpline, alone, receipt.code, HALF_AN_HOUR_ON).starts_at == HALF_AN_HOUR_ON.starts_at
    assert count(stores.helpline, Booking) == 1
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK


def test_a_talk_may_keep_its_time_and_change_the_way(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world, RING_US)

    assert move(stores.helpline, world, receipt.code, WISH).way is Way.WE_RING
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK


def test_the_old_time_is_free_for_the_next_visitor(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)
    move(stores.helpline, alone, receipt.code, LATER)

    assert request(stores.helpline, alone, RING_US, form="the next").starts_at == TEN


def test_a_time_that_is_left_inside_an_absence_goes_to_the_absence(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=TEN, ends_at=TEN + HOUR)
    move(stores.helpline, alone, receipt.code, LATER)

    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, RING_US, form="the next")


def test_a_taken_time_is_answered_with_others_and_the_old_talk_stands(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)
    request(stores.helpline, alone, LATER, form="somebody else")
    before = everything(stores.helpline)

    with pytest.raises(SlotTakenError) as taken:
        move(stores.helpline, alone, receipt.code, LATER)

    assert everything(stores.helpline) == before
    assert 0 < len(taken.value.nearest) <= 3
    assert set(taken.value.nearest) <= set(listed(stores.helpline)) - {LATER.starts_at}
    other = replace(LATER, starts_at=taken.value.nearest[0])
    assert move(stores.helpline, alone, receipt.code, other).starts_at == other.starts_at


def test_the_time_somebody_has_is_none_of_the_others(stores: Stores, alone: World) -> None:
    """It is free while the talk moves, and on the list that was drawn before."""
    eleven = at(WEDNESDAY + timedelta(days=1), "11:00")
    with stores.helpline.begin() as session:
        (quarter,) = session.scalars(select(Drawn.quarter).distinct())
        session.execute(delete(Drawn))
        for time in (TEN, eleven, LATER.starts_at):
            session.add(Drawn(quarter=quarter, language="nl", youth=False, starts_at=time))
    receipt = request(stores.helpline, alone, RING_US)
    request(stores.helpline, alone, LATER, form="somebody else")

    with pytest.raises(SlotTakenError) as taken:
        move(stores.helpline, alone, receipt.code, LATER)

    assert taken.value.nearest == (eleven,)


def test_an_unknown_code_moves_nothing(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    before = everything(stores.helpline)

    with pytest.raises(TalkNotFoundError):
        move(stores.helpline, world, draw_code(language="nl"), LATER)

    assert everything(stores.helpline) == before


def test_a_talk_moves_until_its_time_is_over(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world, RING_US)
    over = receipt.ends_at

    with pytest.raises(TalkNotFoundError):
        move(stores.helpline, world, receipt.code, LATER, now=over)

    assert count(stores.helpline, Booking) == 1


@pytest.mark.parametrize("state", sorted(set(TalkState) - {TalkState.BOOKED}))
def test_a_talk_that_stands_no_longer_does_not_move(stores: Stores, world: World, state: TalkState) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=state))
    before = everything(stores.helpline)

    with pytest.raises(TalkNotFoundError):
        move(stores.helpline, world, receipt.code, LATER)

    assert everything(stores.helpline) == before


def test_while_booking_pauses_the_old_talk_stands(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(delete(Drawn))
    before = everything(stores.helpline)

    with pytest.raises(BookingPausedError):
        move(stores.helpline, world, receipt.code, LATER)

    assert everything(stores.helpline) == before


def test_a_number_that_too_few_could_read_leaves_the_old_talk_as_it_was(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)
    before = everything(stores.helpline)

    with pytest.raises(TooFewReadersError):
        move(stores.helpline, alone, receipt.code, replace(WISH, starts_at=LATER.starts_at))

    assert everything(stores.helpline) == before


@pytest.mark.parametrize("gone", [False, True], ids=["the hour is known", "the hour is forgotten"])
def test_moving_takes_nobody_out_of_the_hour_in_which_a_flood_came(stores: Stores, world: World, *, gone: bool) -> None:
    receipt = request(stores.helpline, world)
    if gone:
        with stores.helpline.begin() as session:
            session.execute(update(Booking).values(booked_hour=None, hour_until=None))
    later = NOW + timedelta(hours=3)
    draw_again(stores.helpline, world, now=later)

    move(stores.helpline, world, receipt.code, LATER, now=later)

    (booking,) = bookings(stores.helpline)
    hour = NOW.replace(minute=0, second=0)
    expected = (None, None) if gone else (hour, hour + HOUR_OF_BOOKING_KEPT)
    assert (booking.booked_hour, booking.hour_until) == expected


def test_a_talk_may_move_again_and_again(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    for number, hour in enumerate(("09:00", "10:30", "09:30", "16:00")):
        wanted = replace(RING_US, starts_at=at(WEDNESDAY, hour))
        move(stores.helpline, world, receipt.code, wanted, form=f"move {number}")

    with stores.helpline.read() as session:
        talk = find_talk(session, receipt.code, desk=world.desk, now=NOW)
    assert (talk.starts_at, talk.words) == (at(WEDNESDAY, "16:00"), receipt.words)
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK
