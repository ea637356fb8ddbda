"""The counsellor's side: who sees what, who opens what, and the audit before it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.booking import Receipt
from helpline.callbacks.due import STAND_IN_FROM
from helpline.callbacks.envelope import EnvelopeError
from helpline.callbacks.queue import (
    Files,
    NotYoursError,
    Opener,
    Outcome,
    TalkGoneError,
    close_talk,
    open_envelope,
    start_emergency,
)
from helpline.callbacks.tables import Booking, BookingId, Envelope
from helpline.crypto.opening import CannotOpenError, opening_pair
from helpline.day_keys import DayKeyGoneError
from helpline.staff.tables import Act, StaffId
from tests.support.counsellor import acts, closing, day_of, opener
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, WEDNESDAY, WISH, envelopes, request
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)


def test_a_day_shows_everybodys_talks_in_order_and_whose_they_are(stores: Stores, world: World) -> None:
    later = replace(WISH, starts_at=TEN + timedelta(hours=2))
    for number, wanted in enumerate((later, WISH, WISH)):
        request(stores.helpline, world, wanted, form=f"form {number}")

    day = day_of(stores, "anna")

    assert [(talk.starts_at, talk.alias) for talk in day][:2] == [(TEN, "Anna"), (TEN, "Bram")]
    assert [talk.is_mine for talk in day][:2] == [True, False]
    assert all(talk.has_envelope and talk.stands for talk in day)
    assert len(day) == 3
    assert day_of(stores, "anna", day=WEDNESDAY) == []


def test_a_day_says_what_may_be_opened_when(stores: Stores, booking: Booking) -> None:
    early = TEN - STAND_IN_FROM - SECOND

    assert [talk.can_open for talk in day_of(stores, "anna", now=early)] == [True]
    assert [talk.can_open for talk in day_of(stores, "bram", now=early)] == [False]
    assert [talk.can_open for talk in day_of(stores, "bram", now=early + SECOND)] == [True]
    assert [talk.can_open for talk in day_of(stores, "carla", now=TEN)] == [False]
    assert [talk.has_envelope for talk in day_of(stores, "carla", now=TEN)] == [False]


def test_a_day_shows_nothing_past_its_hour(stores: Stores, booking: Booking) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).values(destroy_at=TEN))

    assert [talk.has_envelope for talk in day_of(stores, "anna", now=TEN - SECOND)] == [True]
    assert [talk.has_envelope for talk in day_of(stores, "anna", now=TEN)] == [False]
    assert day_of(stores, "anna", now=booking.destroy_at) == []


def test_the_assigned_counsellor_opens_what_the_visitor_chose(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    contents = open_envelope(files, booking.id, opener=opener(world, "anna"), programme=world.programme, now=NOW)

    assert contents.wish == WISH
    assert contents.words == receipt.words
    assert acts(stores) == [(Act.ENVELOPE_OPENED, "anna", booking.id)]


def test_a_stand_in_opens_from_half_an_hour_before(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    early = TEN - STAND_IN_FROM - SECOND
    bram = opener(world, "bram")

    with pytest.raises(NotYoursError):
        open_envelope(files, booking.id, opener=bram, programme=world.programme, now=early)
    assert acts(stores) == []
    assert open_envelope(files, booking.id, opener=bram, programme=world.programme, now=early + SECOND).wish == WISH


def test_a_stand_in_opens_at_any_time_while_an_emergency_runs(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    start_emergency(files, booking.id, person=StaffId("anna"), version=1, now=NOW)

    bram = opener(world, "bram")
    assert open_envelope(files, booking.id, opener=bram, programme=world.programme, now=NOW).wish == WISH


def test_an_opening_is_written_down_even_when_nothing_opens(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    stranger = Opener(StaffId("carla"), opening_pair().private)
    with pytest.raises(TalkGoneError):
        open_envelope(files, booking.id, opener=stranger, programme=world.programme, now=TEN)
    wrong_key = Opener(StaffId("anna"), opening_pair().private)
    with pytest.raises(CannotOpenError):
        open_envelope(files, booking.id, opener=wrong_key, programme=world.programme, now=TEN)

    assert [who for _, who, _ in acts(stores)] == ["carla", "anna"]


def test_without_audit_nothing_opens(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    """An account that is not there breaks the audit's foreign key; the envelope is not read."""
    ghost = Opener(StaffId("nobody"), world.colleague("anna").keys.private)
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).where(Envelope.counsellor_id == "anna").values(counsellor_id="nobody"))

    with pytest.raises(Exception, match=r"(?i)foreign key") as refused:
        open_envelope(files, booking.id, opener=ghost, programme=world.programme, now=TEN)
    assert booking.id not in str(refused.value)


def test_an_envelope_of_a_day_whose_key_is_gone_does_not_open(world: World, files: Files, booking: Booking) -> None:
    world.day_keys.destroy(TUESDAY)

    with pytest.raises(DayKeyGoneError):
        open_envelope(files, booking.id, opener=opener(world, "anna"), programme=world.programme, now=NOW)


def test_an_envelope_past_its_hour_does_not_open(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).values(destroy_at=TEN))

    anna = opener(world, "anna")
    with pytest.raises(TalkGoneError):
        open_envelope(files, booking.id, opener=anna, programme=world.programme, now=TEN)


def test_an_envelope_swapped_in_the_store_does_not_open(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    request(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(hours=1)), form="other")
    foreign = next(
        it for it in envelopes(stores.helpline) if it.booking_id != booking.id and it.counsellor_id == "anna"
    )
    with stores.helpline.begin() as session:
        mine = update(Envelope).where(Envelope.booking_id == booking.id, Envelope.counsellor_id == "anna")
        session.execute(mine.values(sealed=foreign.sealed))

    anna = opener(world, "anna")
    with pytest.raises(EnvelopeError):
        open_envelope(files, booking.id, opener=anna, programme=world.programme, now=NOW)


@pytest.mark.parametrize(
    "deed",
    [
        lambda files, which, world: open_envelope(
            files, which, opener=opener(world, "anna"), programme=world.programme, now=NOW
        ),
        lambda files, which, _: start_emergency(files, which, person=StaffId("anna"), version=1, now=NOW),
        lambda files, which, _: close_talk(files, which, closing=closing(Outcome.HELD), now=NOW),
    ],
    ids=["open", "emergency", "close"],
)
def test_a_talk_that_is_not_there_is_gone_for_everything(
    stores: Stores, world: World, files: Files, booking: Booking, deed: Callable[[Files, BookingId, World], object]
) -> None:
    with pytest.raises(TalkGoneError):
        deed(files, BookingId("no such talk"), world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(destroy_at=NOW))
    with pytest.raises(TalkGoneError):
        deed(files, booking.id, world)

    assert acts(stores) == []
