"""A form moves a talk once: sent again it shows the same slip, or says that it was sent before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.callbacks.booking import AlreadyBookedError
from helpline.callbacks.envelope import Group, Wish
from helpline.callbacks.keeping import REPLAY_WINDOW
from helpline.callbacks.talk import cancel_by_visitor
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import WEDNESDAY, WISH, at, everything, is_empty_of_talks, move, request
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
RING_US = replace(WISH, way=Way.YOU_RING, number=None)
LATER = replace(RING_US, starts_at=at(WEDNESDAY, "14:00"))


def test_the_same_form_again_at_once_shows_the_same_slip_and_moves_nothing(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    moved = move(stores.helpline, world, receipt.code, LATER)
    before = everything(stores.helpline)

    again = move(stores.helpline, world, receipt.code, LATER, now=NOW + REPLAY_WINDOW - SECOND)

    assert again == replace(moved, is_repeat=True)
    assert everything(stores.helpline) == before


@pytest.mark.parametrize("later", [REPLAY_WINDOW, timedelta(hours=11)])
def test_the_same_form_later_is_refused(stores: Stores, world: World, later: timedelta) -> None:
    receipt = request(stores.helpline, world)
    move(stores.helpline, world, receipt.code, LATER)

    with pytest.raises(AlreadyBookedError):
        move(stores.helpline, world, receipt.code, LATER, now=NOW + later)


@pytest.mark.parametrize(
    "other",
    [
        replace(LATER, starts_at=at(WEDNESDAY, "15:00")),
        replace(LATER, group=Group.PROFESSIONAL),
        replace(WISH, starts_at=LATER.starts_at),
    ],
    ids=["another time", "another group", "another way"],
)
def test_the_same_form_with_other_fields_is_refused(stores: Stores, world: World, other: Wish) -> None:
    receipt = request(stores.helpline, world)
    move(stores.helpline, world, receipt.code, LATER)
    before = everything(stores.helpline)

    with pytest.raises(AlreadyBookedError):
        move(stores.helpline, world, receipt.code, other)

    assert everything(stores.helpline) == before


def test_a_form_that_booked_does_not_move(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world, form="one form")

    with pytest.raises(AlreadyBookedError):
        move(stores.helpline, world, receipt.code, LATER, form="one form")


def test_a_form_is_refused_when_its_talk_was_cancelled_since(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    move(stores.helpline, world, receipt.code, LATER)
    stores.helpline.transact(lambda session: cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW))

    with pytest.raises(AlreadyBookedError):
        move(stores.helpline, world, receipt.code, LATER)

    assert is_empty_of_talks(stores.helpline)


def test_a_form_is_refused_when_its_talk_moved_away_and_back_with_another_way_since(
    stores: Stores, world: World
) -> None:
    """Its slip would say who rings, and that is not so any more."""
    receipt = request(stores.helpline, world)
    move(stores.helpline, world, receipt.code, LATER, form="first")
    move(stores.helpline, world, receipt.code, RING_US, form="second")
    move(stores.helpline, world, receipt.code, replace(WISH, starts_at=LATER.starts_at), form="third")

    with pytest.raises(AlreadyBookedError):
        move(stores.helpline, world, receipt.code, LATER, form="first")
