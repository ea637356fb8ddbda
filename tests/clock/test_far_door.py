"""The clock moves the far door."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from helpline.callbacks.draw import read_draw
from helpline.callbacks.tables import Booking, TalkState
from helpline.clock.ticking import Clock
from tests.support.stores import Stores
from tests.support.talks import TEN, WISH, request
from tests.support.world import World

MINUTE = timedelta(minutes=1)


def test_a_tick_weighs_the_far_door_before_it_draws(stores: Stores, world: World, clock: Clock) -> None:
    """Five talks passed and nobody came: the list that is drawn then goes a day ahead and no further."""
    now = TEN + timedelta(days=1)
    for hour in range(5):
        request(stores.helpline, world, replace(WISH, starts_at=TEN + hour * timedelta(hours=1)), form=f"form {hour}")
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.MISSED))

    clock.tick(now - 15 * MINUTE)

    with stores.helpline.read() as session:
        listed = read_draw(session, language="nl", now=now)
    assert listed
    assert max(listed) <= now + timedelta(days=1)
