"""The address of somebody's own calendar: one, hers, taken back at once; the store does not know it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline.staff.accounts import deactivate
from helpline.staff.feeds import (
    UnknownFeedError,
    feeds_since_before,
    has_feed,
    switch_feed_off,
    switch_feed_on,
    whose_feed,
)
from helpline.staff.sessions import written_token
from helpline.staff.tables import Feed, StaffId
from tests.support.cast import KEYS, Cast, Player
from tests.support.stores import Stores
from tests.support.world import NOW

SECOND = timedelta(seconds=1)


def switched_on(stores: Stores, player: Player) -> str:
    with stores.office.begin() as session:
        return switch_feed_on(session, player.id, keys=KEYS, now=NOW)


def asks(stores: Stores, token: str) -> StaffId:
    with stores.office.read() as session:
        return whose_feed(session, token, keys=KEYS).id


def leads_nowhere(stores: Stores, token: str) -> bool:
    with pytest.raises(UnknownFeedError):
        asks(stores, token)
    return True


def test_an_address_leads_to_its_person_and_the_store_does_not_know_it(stores: Stores, cast: Cast) -> None:
    token = switched_on(stores, cast.counsellor)

    assert asks(stores, token) == cast.counsellor.id
    with stores.office.read() as session:
        (digest,) = session.scalars(select(Feed.digest))
        assert (has_feed(session, cast.counsellor.id), has_feed(session, cast.other.id)) == (True, False)
    assert digest.hex() not in token
    assert leads_nowhere(stores, written_token(digest))


def test_a_new_address_ends_the_one_before_it(stores: Stores, cast: Cast) -> None:
    first, second = (switched_on(stores, cast.counsellor) for _ in range(2))

    assert first != second
    assert leads_nowhere(stores, first)
    assert asks(stores, second) == cast.counsellor.id


def test_an_address_that_is_taken_back_leads_nowhere_and_others_stay(stores: Stores, cast: Cast) -> None:
    hers, other = switched_on(stores, cast.counsellor), switched_on(stores, cast.other)
    with stores.office.begin() as session:
        switch_feed_off(session, cast.counsellor.id)

    assert leads_nowhere(stores, hers)
    assert asks(stores, other) == cast.other.id


def test_whoever_leaves_takes_her_address_along(stores: Stores, cast: Cast) -> None:
    token = switched_on(stores, cast.counsellor)
    with stores.office.begin() as session:
        deactivate(session, cast.counsellor.id, by=cast.coordinator.id)
        assert session.scalars(select(Feed)).all() == []

    assert leads_nowhere(stores, token)


def test_whoever_takes_no_talks_has_no_calendar(stores: Stores, cast: Cast) -> None:
    assert leads_nowhere(stores, switched_on(stores, cast.programme_staff))


@pytest.mark.parametrize("text", ["", "made-up", "A" * 43, "A" * 44, "é" * 44, "A" * 5000])
def test_what_is_no_address_leads_nowhere(stores: Stores, cast: Cast, text: str) -> None:
    switched_on(stores, cast.counsellor)

    assert leads_nowhere(stores, text)


def test_a_calendar_that_was_switched_on_after_five_waits_for_the_next_morning(stores: Stores, cast: Cast) -> None:
    switched_on(stores, cast.counsellor)

    with stores.office.read() as session:
        assert feeds_since_before(session, NOW - SECOND) == []
        assert feeds_since_before(session, NOW) == [cast.counsellor.id]
