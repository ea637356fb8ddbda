"""A time is one visitor's, a form books once, and what is taken is said with what is still free."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from helpline.callbacks.booking import AlreadyBookedError, SlotTakenError
from helpline.callbacks.envelope import Group, Wish
from helpline.callbacks.keeping import HOUR_OF_BOOKING_KEPT, REPLAY_WINDOW
from helpline.callbacks.tables import Booking, BusyAtom, Envelope, SpentToken, TalkState
from helpline.callbacks.talk import cancel_by_visitor, destroy_number
from helpline.codes import code_digest, language_of, read_code
from helpline.retention import purge_expired
from helpline.settings.programme import Way
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from tests.support.stores import Stores
from tests.support.talks import (
    TEN,
    TUESDAY,
    WISH,
    at,
    booking_of,
    bookings,
    count,
    is_empty_of_talks,
    listed,
    request,
)
from tests.support.world import NOW, World, make_world

SECOND = timedelta(seconds=1)
ATOMS_OF_A_TALK = 2 * 9
"""Thirty minutes and a buffer of fifteen, of a counsellor and of a line."""


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"])


def you_ring(starts_at: datetime = TEN) -> Wish:
    return replace(WISH, starts_at=starts_at, way=Way.YOU_RING, number=None)


def test_a_receipt_says_when_how_and_by_which_words(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    assert (receipt.starts_at, receipt.ends_at) == (TEN, TEN + timedelta(minutes=30))
    assert receipt.way is Way.WE_RING
    assert not receipt.is_repeat
    assert read_code(receipt.code) == receipt.code
    assert receipt.words == world.desk.call_words(receipt.code, language="nl")
    assert set(receipt.words) <= set(world.desk.words["nl"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_code_names_the_language_of_the_visitor(stores: Stores, world: World, language: str) -> None:
    receipt = request(stores.helpline, world, replace(WISH, language=language))

    assert language_of(receipt.code) == language


def test_a_booking_is_kept_under_a_digest_until_a_day_after_its_slot(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    (booking,) = bookings(stores.helpline)
    assert booking.code_digest == code_digest(receipt.code, key=world.desk.keys.digest)
    assert booking.state is TalkState.BOOKED
    assert booking.destroy_at == receipt.ends_at + timedelta(hours=24)
    assert booking.booked_hour == NOW.replace(minute=0, second=0)
    assert booking.hour_until == min(NOW.replace(minute=0, second=0) + HOUR_OF_BOOKING_KEPT, booking.destroy_at)
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK


def test_a_booking_far_ahead_forgets_its_hour_after_two_days(stores: Stores, world: World) -> None:
    request(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(days=9)))

    (booking,) = bookings(stores.helpline)
    assert booking.hour_until == NOW.replace(minute=0, second=0) + HOUR_OF_BOOKING_KEPT
    assert booking.hour_until < booking.destroy_at


def test_two_visitors_cannot_have_the_same_slot(stores: Stores, alone: World) -> None:
    request(stores.helpline, alone, you_ring(), form="one")

    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, you_ring(), form="other")

    assert count(stores.helpline, Booking) == 1
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK


def test_a_form_that_met_a_taken_slot_is_not_spent(stores: Stores, alone: World) -> None:
    request(stores.helpline, alone, you_ring(), form="one")
    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, you_ring(), form="other")

    receipt = request(stores.helpline, alone, you_ring(at(TUESDAY, "12:00")), form="other")

    assert not receipt.is_repeat
    assert count(stores.helpline, SpentToken) == 2


def test_the_same_form_sent_again_at_once_shows_the_same_code(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    again = request(stores.helpline, world, now=NOW + REPLAY_WINDOW - SECOND)

    assert again == replace(receipt, is_repeat=True)
    assert count(stores.helpline, Booking) == 1
    assert count(stores.helpline, Envelope) == 2
    assert count(stores.helpline, BusyAtom) == ATOMS_OF_A_TALK


def test_the_same_form_sent_again_books_nothing_more_when_the_time_is_full(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, you_ring())

    assert request(stores.helpline, alone, you_ring()).code == receipt.code


@pytest.mark.parametrize("later", [REPLAY_WINDOW, REPLAY_WINDOW + SECOND, timedelta(hours=11)])
def test_a_form_sent_again_later_shows_no_code(stores: Stores, world: World, later: timedelta) -> None:
    request(stores.helpline, world)

    with pytest.raises(AlreadyBookedError):
        request(stores.helpline, world, now=NOW + later)

    assert count(stores.helpline, Booking) == 1


def test_the_clock_ends_the_showing_again(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        purge_expired(session, METADATA[StoreName.HELPLINE], now=NOW + REPLAY_WINDOW)

    with pytest.raises(AlreadyBookedError):
        request(stores.helpline, world, now=NOW + SECOND)


@pytest.mark.parametrize(
    "other",
    [
        replace(WISH, starts_at=at(TUESDAY, "11:00")),
        replace(WISH, way=Way.YOU_RING),
        replace(WISH, group=Group.PROFESSIONAL),
        replace(WISH, number="+493023125418"),
        replace(WISH, number=None),
        replace(WISH, opening=1),
        replace(WISH, module=2),
        replace(WISH, number_shown=True),
        replace(WISH, try_again=True),
        replace(WISH, ring_earlier=True),
        replace(WISH, language="en"),
    ],
    ids=["time", "way", "group", "number", "no number", "opening", "module", "shown", "again", "earlier", "language"],
)
def test_the_same_form_with_other_fields_shows_no_code(stores: Stores, world: World, other: Wish) -> None:
    request(stores.helpline, world)

    with pytest.raises(AlreadyBookedError):
        request(stores.helpline, world, other)

    assert count(stores.helpline, Booking) == 1


def test_the_same_form_shows_no_code_when_the_talk_was_cancelled_meanwhile(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)

    with pytest.raises(AlreadyBookedError):
        request(stores.helpline, world)

    assert is_empty_of_talks(stores.helpline)


def test_the_same_form_shows_no_code_when_the_number_was_destroyed_meanwhile(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        destroy_number(session, receipt.code, desk=world.desk, now=NOW)

    with pytest.raises(AlreadyBookedError):
        request(stores.helpline, world)


def test_another_form_with_the_same_fields_gets_another_code(stores: Stores, world: World) -> None:
    one = request(stores.helpline, world, form="one")
    other = request(stores.helpline, world, form="other")

    assert one.code != other.code
    assert booking_of(stores.helpline, world, one).id != booking_of(stores.helpline, world, other).id


def test_a_spent_form_is_forgotten_at_a_full_hour_and_linked_to_nothing(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    with stores.helpline.read() as session:
        (spent,) = session.scalars(select(SpentToken)).all()
    booking = booking_of(stores.helpline, world, receipt)
    assert spent.digest not in {booking.code_digest, booking.id.encode()}
    assert spent.destroy_at == NOW.replace(hour=21, minute=0, second=0)
    assert spent.replay_until == NOW + REPLAY_WINDOW


def test_a_taken_time_is_answered_with_the_nearest_of_the_same_list(stores: Stores, alone: World) -> None:
    times = listed(stores.helpline)
    taken = times[4]
    request(stores.helpline, alone, you_ring(taken), form="one")

    with pytest.raises(SlotTakenError) as refused:
        request(stores.helpline, alone, you_ring(taken), form="other")

    nearest = refused.value.nearest
    # The talk occupies its buffer too, so a neighbour on the list may be gone with it.
    free = [time for time in times if not taken - timedelta(minutes=45) < time < taken + timedelta(minutes=45)]
    assert list(nearest) == sorted(sorted(free, key=lambda time: (abs(time - taken), time))[:3])
    for number, time in enumerate(nearest):
        if number == 0 or time - nearest[number - 1] >= timedelta(minutes=45):
            assert request(stores.helpline, alone, you_ring(time), form=f"nearest {number}").starts_at == time


def test_a_time_that_was_never_on_offer_is_answered_like_a_taken_one(stores: Stores, world: World) -> None:
    with pytest.raises(SlotTakenError) as refused:
        request(stores.helpline, world, you_ring(at(TUESDAY, "10:10")))

    assert len(refused.value.nearest) == 3
    assert set(refused.value.nearest) <= set(listed(stores.helpline))


def test_a_failed_request_leaves_nothing(stores: Stores, world: World) -> None:
    with pytest.raises(SlotTakenError):
        request(stores.helpline, world, you_ring(at(TUESDAY, "03:00")))

    assert is_empty_of_talks(stores.helpline)
    assert count(stores.helpline, SpentToken) == 0
