"""Running late: when it can be said, what ends it, and that it tells nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.booking import Receipt
from helpline.callbacks.due import LATE_FROM
from helpline.callbacks.handing_over import hand_over
from helpline.callbacks.queue import Attempt, ChangedMeanwhileError, Files, TalkGoneError, note_attempt
from helpline.callbacks.running_late import say_late
from helpline.callbacks.tables import Booking, BookingId, TalkState
from helpline.callbacks.talk import find_talk
from helpline.staff.tables import StaffId
from tests.support.counsellor import acts
from tests.support.handing import errand, terms, world_of_three
from tests.support.stores import Stores
from tests.support.talks import TEN, bookings
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
SOON = TEN - LATE_FROM


@pytest.fixture
def world(stores: Stores) -> World:
    """Give a helpline of three."""
    return world_of_three(stores)


def say(stores: Stores, talk: BookingId, now: datetime = SOON, *, late: bool = True, version: int = 1) -> None:
    stores.helpline.transact(lambda session: say_late(session, talk, late=late, version=version, now=now))


def is_said(stores: Stores) -> tuple[bool, int]:
    (talk,) = bookings(stores.helpline)
    return talk.running_late, talk.version


def test_the_code_says_it_and_no_longer_and_nothing_else_changes(
    stores: Stores, world: World, receipt: Receipt, booking: Booking
) -> None:
    with stores.helpline.read() as session:
        before = find_talk(session, receipt.code, desk=world.desk, now=SOON)

    say(stores, booking.id)
    with stores.helpline.read() as session:
        late = find_talk(session, receipt.code, desk=world.desk, now=SOON)
    say(stores, booking.id, late=False, version=2)
    with stores.helpline.read() as session:
        after = find_talk(session, receipt.code, desk=world.desk, now=SOON)

    assert late == replace(before, running_late=True, version=2)
    assert after == replace(before, version=3)
    assert acts(stores) == []


@pytest.mark.parametrize("version", [1, 2])
def test_what_is_said_already_is_not_said_again(stores: Stores, booking: Booking, version: int) -> None:
    say(stores, booking.id)
    say(stores, booking.id, version=version)

    assert is_said(stores) == (True, 2)


def test_it_can_be_said_from_an_hour_before_until_the_end(stores: Stores, booking: Booking) -> None:
    for wrong in (SOON - SECOND, booking.ends_at):
        with pytest.raises(ChangedMeanwhileError):
            say(stores, booking.id, wrong)
    assert is_said(stores) == (False, 1)

    say(stores, booking.id, booking.ends_at - SECOND)
    assert is_said(stores) == (True, 2)


@pytest.mark.parametrize("state", [state for state in TalkState if state is not TalkState.BOOKED])
def test_of_a_talk_that_stands_no_more_it_cannot_be_said(stores: Stores, booking: Booking, state: TalkState) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=state))

    with pytest.raises(ChangedMeanwhileError):
        say(stores, booking.id)
    assert is_said(stores) == (False, 1)


@pytest.mark.parametrize("version", [0, 2])
def test_of_another_version_it_cannot_be_said(stores: Stores, booking: Booking, version: int) -> None:
    with pytest.raises(ChangedMeanwhileError):
        say(stores, booking.id, version=version)
    assert is_said(stores) == (False, 1)


def test_of_a_talk_that_is_gone_it_cannot_be_said(stores: Stores, booking: Booking) -> None:
    for talk, now in ((BookingId("nothing"), SOON), (booking.id, booking.destroy_at)):
        with pytest.raises(TalkGoneError):
            say(stores, talk, now)


def test_it_ends_when_a_colleague_takes_the_talk(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    say(stores, booking.id)
    hand_over(files, errand(world, booking.id, version=2), terms=terms(world), now=NOW)

    assert is_said(stores) == (False, 3)


def test_it_ends_when_we_rang(stores: Stores, files: Files, booking: Booking) -> None:
    say(stores, booking.id)
    note_attempt(files, booking.id, attempt=Attempt(StaffId("anna"), 2, "the first"), now=TEN)

    assert is_said(stores) == (False, 3)
