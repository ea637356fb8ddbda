"""A code shows its talk, ends it at once, and shows nothing that is past its hour."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from helpline.callbacks.keeping import KEPT_AFTER_SLOT
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Booking, BusyAtom, Envelope, TalkState
from helpline.callbacks.talk import (
    Talk,
    TalkNotFoundError,
    cancel_by_visitor,
    change_state,
    destroy_envelopes,
    destroy_number,
    find_talk,
)
from helpline.codes import AccessCode, draw_code
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, at, booking_of, bookings, count, is_empty_of_talks, request
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
GONE_AT = TEN + timedelta(minutes=30) + KEPT_AFTER_SLOT


def find(stores: Stores, world: World, code: AccessCode, *, now: datetime = NOW) -> Talk:
    with stores.helpline.read() as session:
        return find_talk(session, code, desk=world.desk, now=now)


def cancel(stores: Stores, world: World, code: AccessCode) -> None:
    stores.helpline.transact(lambda session: cancel_by_visitor(session, code, desk=world.desk, now=NOW))


def test_a_code_shows_time_state_and_words(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    talk = find(stores, world, receipt.code)

    assert talk.is_ahead(NOW)
    assert (talk.starts_at, talk.ends_at) == (receipt.starts_at, receipt.ends_at)
    assert talk.words == receipt.words
    assert talk.has_envelope
    assert talk.version == 1


def test_a_code_that_was_never_given_finds_nothing(stores: Stores, world: World) -> None:
    request(stores.helpline, world)

    with pytest.raises(TalkNotFoundError):
        find(stores, world, draw_code(language="nl"))


def test_a_talk_past_its_hour_is_gone_before_the_clock_has_come_by(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    assert find(stores, world, receipt.code, now=GONE_AT - SECOND).is_unended
    with pytest.raises(TalkNotFoundError):
        find(stores, world, receipt.code, now=GONE_AT)


def test_a_talk_is_ahead_until_its_time_is_over(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    talk = find(stores, world, receipt.code)

    assert talk.is_ahead(receipt.ends_at - SECOND)
    assert not talk.is_ahead(receipt.ends_at)
    assert find(stores, world, receipt.code, now=receipt.ends_at - SECOND).words == receipt.words
    over = find(stores, world, receipt.code, now=receipt.ends_at)
    assert (over.is_unended, over.words) == (True, None)


def test_an_envelope_past_its_hour_is_not_there(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).values(destroy_at=NOW))

    assert not find(stores, world, receipt.code).has_envelope


def test_a_talk_whose_envelopes_are_lost_says_so(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        destroy_envelopes(session, booking_of(stores.helpline, world, receipt))

    talk = find(stores, world, receipt.code)
    assert talk.is_ahead(NOW)
    assert not talk.has_envelope


def test_the_words_are_shown_while_the_talk_stands_only(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    for state in set(TalkState) - {TalkState.BOOKED}:
        with stores.helpline.begin() as session:
            session.execute(update(Booking).values(state=state))

        talk = find(stores, world, receipt.code)
        assert (talk.state, talk.is_unended, talk.is_ahead(NOW), talk.words) == (state, False, False, None)


def test_cancelling_destroys_everything_at_once(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)

    cancel(stores, world, receipt.code)

    assert is_empty_of_talks(stores.helpline)
    with pytest.raises(TalkNotFoundError):
        find(stores, world, receipt.code)


def test_cancelling_leaves_the_talks_of_others_alone(stores: Stores, world: World) -> None:
    mine, others = request(stores.helpline, world, form="mine"), request(stores.helpline, world, form="others")
    cancel(stores, world, mine.code)

    assert find(stores, world, others.code).has_envelope
    assert count(stores.helpline, BusyAtom) == 18


def test_a_talk_is_cancelled_once(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    cancel(stores, world, receipt.code)

    with pytest.raises(TalkNotFoundError):
        cancel(stores, world, receipt.code)


def test_a_talk_that_stands_no_longer_is_neither_cancelled_nor_emptied(stores: Stores, world: World) -> None:
    """An emergency keeps its envelope, and what became of a talk is not written over."""
    receipt = request(stores.helpline, world)
    for state in set(TalkState) - {TalkState.BOOKED}:
        with stores.helpline.begin() as session:
            session.execute(update(Booking).values(state=state))
        for ending in (cancel_by_visitor, destroy_number):
            with pytest.raises(TalkNotFoundError), stores.helpline.begin() as session:
                ending(session, receipt.code, desk=world.desk, now=NOW)
    assert count(stores.helpline, Envelope) == 2


def test_a_cancelled_time_can_be_booked_again(stores: Stores, world: World) -> None:
    receipts = [request(stores.helpline, world, form=form) for form in ("one", "other")]
    cancel(stores, world, receipts[0].code)

    assert request(stores.helpline, world, form="third").starts_at == TEN


def test_destroying_the_number_frees_the_time_and_the_code_still_says_it(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        destroy_number(session, receipt.code, desk=world.desk, now=NOW)

    talk = find(stores, world, receipt.code)
    assert talk.state is TalkState.NUMBER_DESTROYED
    assert (talk.words, talk.has_envelope, talk.version) == (None, False, 2)
    assert count(stores.helpline, Envelope) == count(stores.helpline, BusyAtom) == 0


def test_a_number_that_was_destroyed_does_not_count_against_the_cap(stores: Stores, world: World) -> None:
    for number in range(2 * world.programme.slots.cap_per_day + 1):
        receipt = request(stores.helpline, world, form=f"form {number}")
        with stores.helpline.begin() as session:
            destroy_number(session, receipt.code, desk=world.desk, now=NOW)

    assert request(stores.helpline, world, form="last").code


@pytest.mark.parametrize("ending", [cancel_by_visitor, destroy_number])
def test_a_time_that_is_freed_inside_an_absence_goes_to_the_absence(
    stores: Stores, world: World, ending: Callable[..., None]
) -> None:
    receipt = request(stores.helpline, world)
    (booking,) = bookings(stores.helpline)
    with stores.helpline.begin() as session:
        met = add_absence(session, booking.counsellor_id, starts_at=at(TUESDAY, "10:10"), ends_at=at(TUESDAY, "12:00"))
        assert [talk.id for talk in met] == [booking.id]
    with stores.helpline.begin() as session:
        ending(session, receipt.code, desk=world.desk, now=NOW)

    with stores.helpline.read() as session:
        atoms = session.scalars(select(BusyAtom)).all()
    assert {atom.resource for atom in atoms} == {booking.counsellor_id}
    assert len(atoms) == (12 * 60 - 10 * 60 - 10) / 5
    assert {atom.booking_id for atom in atoms} == {None}


def test_a_state_changes_only_from_the_version_that_was_read(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    (read_by_one,), (read_by_other,) = bookings(stores.helpline), bookings(stores.helpline)

    with stores.helpline.begin() as session:
        assert change_state(session, read_by_one, to=TalkState.EMERGENCY)
    with stores.helpline.begin() as session:
        assert not change_state(session, read_by_other, to=TalkState.MISSED)

    (booking,) = bookings(stores.helpline)
    assert (booking.state, booking.version) == (TalkState.EMERGENCY, 2)


def test_a_state_does_not_change_from_another_state_of_the_same_version(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    (read,) = bookings(stores.helpline)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.HELD))

    with stores.helpline.begin() as session:
        assert not change_state(session, read, to=TalkState.EMERGENCY)


def test_a_booking_of_another_helpline_is_not_found(stores: Stores, world: World) -> None:
    """The same code under other keys has another digest."""
    receipt = request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(code_digest=bytes(32)))

    with pytest.raises(TalkNotFoundError):
        find(stores, world, receipt.code)
