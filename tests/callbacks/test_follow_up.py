"""A talk that was held can be followed: its counsellor hands over a new code, and the old one says nothing any more."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpline.callbacks.booking import Receipt
from helpline.callbacks.follow_up import NothingToHandOverError, Right
from helpline.callbacks.keeping import FOLLOW_UP_KEPT, MOST_TALKS
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.tables import Booking, TalkState
from helpline.callbacks.talk import TalkNotFoundError, find_talk
from helpline.codes import AccessCode
from helpline.retention import purge_expired
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from tests.support.following import ANNA, BRAM, ENDS, give, left_after, right_of
from tests.support.stores import Stores
from tests.support.talks import bookings, count, everything
from tests.support.world import World


def test_a_code_that_is_handed_over_gives_the_talks_that_are_left(
    stores: Stores, world: World, receipt: Receipt, held: Booking
) -> None:
    assert left_after(stores.helpline, held) == MOST_TALKS - 1

    new = give(stores.helpline, world, held)

    right = right_of(stores.helpline, world, new)
    assert right == Right(
        ANNA, "Anna", MOST_TALKS - 1, ENDS.replace(minute=0) + timedelta(days=42, hours=1), youth=False
    )
    assert left_after(stores.helpline, held) == 0
    with pytest.raises(TalkNotFoundError), stores.helpline.read() as session:
        find_talk(session, receipt.code, desk=world.desk, now=ENDS)


def test_nothing_joins_what_is_left_of_a_talk_with_the_right_that_came_of_it(
    stores: Stores, world: World, held: Booking
) -> None:
    give(stores.helpline, world, held)

    (talk,) = bookings(stores.helpline)
    with stores.helpline.read() as session:
        (right,) = session.scalars(select(FollowUp)).all()
    assert talk.code_digest not in {held.code_digest, right.code_digest}
    assert set(FollowUp.__table__.columns.keys()) == {"code_digest", "counsellor_id", "talks_left", "destroy_at"}


def test_the_same_code_handed_over_again_is_one_right(stores: Stores, world: World, held: Booking) -> None:
    new = give(stores.helpline, world, held)
    before = everything(stores.helpline)

    give(stores.helpline, world, held, code=new)

    assert everything(stores.helpline) == before


def test_a_talk_gives_one_code(stores: Stores, world: World, held: Booking) -> None:
    give(stores.helpline, world, held)

    with pytest.raises(NothingToHandOverError):
        give(stores.helpline, world, held)

    assert count(stores.helpline, FollowUp) == 1


@pytest.mark.parametrize("state", sorted(set(TalkState) - {TalkState.HELD}))
def test_only_a_talk_that_was_held_is_followed(
    stores: Stores, world: World, booking: Booking, state: TalkState
) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=state))

    with pytest.raises(NothingToHandOverError):
        give(stores.helpline, world, booking)


def test_a_colleague_hands_nothing_over(stores: Stores, world: World, held: Booking) -> None:
    with pytest.raises(NothingToHandOverError):
        give(stores.helpline, world, held, whose=BRAM)


def test_the_last_talk_is_followed_by_none(stores: Stores, world: World, held: Booking) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(talks_left=0))

    with pytest.raises(NothingToHandOverError):
        give(stores.helpline, world, held)


def test_a_right_is_gone_after_six_weeks_before_the_clock_has_come_by(
    stores: Stores, world: World, code: AccessCode
) -> None:
    with stores.helpline.read() as session:
        (gone_at,) = session.scalars(select(FollowUp.destroy_at)).all()

    assert ENDS + FOLLOW_UP_KEPT <= gone_at < ENDS + FOLLOW_UP_KEPT + timedelta(hours=1)
    assert right_of(stores.helpline, world, code, now=gone_at - timedelta(seconds=1))
    assert right_of(stores.helpline, world, code, now=gone_at) is None
    with stores.helpline.begin() as session:
        purge_expired(session, METADATA[StoreName.HELPLINE], now=gone_at)
    assert count(stores.helpline, FollowUp) == 0
