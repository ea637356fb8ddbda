"""The types mean the same on both databases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, StatementError

from helpline.callbacks.tables import Booking, SpentToken, TalkState
from helpline.store.types import RANDOM_ID_BYTES, random_id
from tests.support.stores import Stores
from tests.support.talks import request
from tests.support.world import NOW, World


def stored(stores: Stores, moment: datetime | None) -> datetime | None:
    with stores.helpline.begin() as session:
        session.execute(insert(SpentToken), {"digest": b"x", "replay_until": moment, "destroy_at": NOW})
        return session.scalars(select(SpentToken.replay_until)).one()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam")),
        datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam"), fold=1),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2150, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(stores: Stores, moment: datetime) -> None:
    found = stored(stores, moment)

    assert found == moment.astimezone(UTC)
    assert found is not None
    assert found.tzinfo is UTC


def test_a_moment_is_kept_to_the_second(stores: Stores) -> None:
    assert stored(stores, NOW + timedelta(microseconds=999_999)) == NOW


def test_no_moment_is_none(stores: Stores) -> None:
    assert stored(stores, None) is None


def test_a_naive_moment_is_refused(stores: Stores) -> None:
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(StatementError, match="needs a zone"), stores.helpline.begin() as session:
        session.execute(insert(SpentToken), {"digest": b"x", "destroy_at": naive})


def test_moments_compare_as_moments_whatever_their_zone(stores: Stores) -> None:
    stored(stores, NOW)
    amsterdam = NOW.astimezone(ZoneInfo("Europe/Amsterdam"))

    with stores.helpline.read() as session:
        for other, found in ((amsterdam, 1), (amsterdam + timedelta(seconds=1), 0)):
            late = select(SpentToken).where(SpentToken.replay_until >= other)
            assert len(session.scalars(late).all()) == found


def test_a_closed_list_takes_its_own_values_only(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.MISSED))
        assert session.connection().exec_driver_sql("SELECT state FROM booking").scalar() == "missed"

    with pytest.raises(DBAPIError, match="talkstate"), stores.helpline.begin() as session:
        session.connection().exec_driver_sql("UPDATE booking SET state = 'waiting'")


def test_an_id_tells_nothing_and_meets_no_other() -> None:
    found = [random_id() for _ in range(1000)]

    assert len(set(found)) == 1000
    assert {len(each) for each in found} == {2 * RANDOM_ID_BYTES}
    assert RANDOM_ID_BYTES * 8 >= 96
    assert found != sorted(found)
