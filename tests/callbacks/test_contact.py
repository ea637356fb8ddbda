"""A talk is counted by one person at most, whoever comes at once, and only if it was held."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.contact import mark_recorded, spend_form
from helpline.callbacks.due import talks_between
from helpline.callbacks.keeping import KEPT_AFTER_SLOT, TOKEN_LIFE
from helpline.callbacks.tables import Booking, BookingId, CounsellorId, TalkState
from helpline.clock.metadatas import METADATA
from helpline.retention import purge_expired
from helpline.store.engine import Sessions, StoreName
from tests.support.racing import DONE, TAKEN, race
from tests.support.stores import Stores
from tests.support.talks import TEN, bookings, request
from tests.support.world import NOW, World, token

EIGHT = range(8)
ENDS = TEN + timedelta(minutes=30)


class Record:
    """Note that a talk is counted; the answer is DONE, or TAKEN when it was."""

    def __init__(self, talk: BookingId) -> None:
        """Keep which talk."""
        self.talk = talk

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Note it once."""
        del world
        return DONE if helpline.transact(lambda session: mark_recorded(session, self.talk, now=ENDS)) else TAKEN


class Spend:
    """Spend one form of the staff; the answer is DONE, or TAKEN when it was spent."""

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Spend it once."""
        form, keys = token("a record"), world.desk.keys
        return DONE if helpline.transact(lambda session: spend_form(session, form, keys=keys, now=NOW)) else TAKEN


@pytest.fixture
def talk(stores: Stores, world: World) -> BookingId:
    """Give a talk that was held."""
    request(stores.helpline, world)
    end_as(stores, TalkState.HELD)
    (booking,) = bookings(stores.helpline)
    return booking.id


def end_as(stores: Stores, state: TalkState) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=state))


def test_of_eight_at_once_one_counts_a_talk(stores: Stores, world: World, talk: BookingId) -> None:
    assert Counter(race(stores, world, [Record(talk) for _ in EIGHT])) == {DONE: 1, TAKEN: 7}


def test_of_eight_at_once_one_counts_a_form(stores: Stores, world: World) -> None:
    assert Counter(race(stores, world, [Spend() for _ in EIGHT])) == {DONE: 1, TAKEN: 7}


@pytest.mark.parametrize("state", sorted(set(TalkState) - {TalkState.HELD}))
def test_only_what_was_held_is_counted(stores: Stores, world: World, talk: BookingId, state: TalkState) -> None:
    end_as(stores, state)

    assert Record(talk)(stores.helpline, world) == TAKEN
    assert not bookings(stores.helpline)[0].recorded


def test_a_talk_past_its_hour_is_not_counted_any_more(stores: Stores, talk: BookingId) -> None:
    late = ENDS + KEPT_AFTER_SLOT

    assert not stores.helpline.transact(lambda session: mark_recorded(session, talk, now=late))
    assert stores.helpline.transact(lambda session: mark_recorded(session, talk, now=late - timedelta(seconds=1)))


def test_a_held_talk_needs_its_record_until_it_has_it(stores: Stores, world: World, talk: BookingId) -> None:
    def needed() -> list[bool]:
        with stores.helpline.read() as session:
            found = talks_between(session, CounsellorId("anna"), first=TEN, last=ENDS, now=ENDS)
        return [it.needs_record for it in found]

    before = needed()
    Record(talk)(stores.helpline, world)
    after = needed()
    end_as(stores, TalkState.MISSED)

    assert (before, after, needed()) == ([True], [False], [False])


@pytest.mark.parametrize(
    ("after", "is_first"), [(timedelta(0), False), (TOKEN_LIFE, False), (TOKEN_LIFE + timedelta(hours=1), True)]
)
def test_a_spent_form_is_remembered_longer_than_it_can_be_sent(
    stores: Stores, world: World, after: timedelta, *, is_first: bool
) -> None:
    form, keys = token("a record"), world.desk.keys
    Spend()(stores.helpline, world)

    with stores.helpline.begin() as session:
        purge_expired(session, METADATA[StoreName.HELPLINE], now=NOW + after)
    assert stores.helpline.transact(lambda it: spend_form(it, form, keys=keys, now=NOW + after)) is is_first
