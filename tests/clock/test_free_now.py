"""The clock forgets who was free to talk, whatever else it finds."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from helpline.callbacks.free_now import switch_on
from helpline.callbacks.tables import CounsellorId
from helpline.callbacks.today_tables import FreeNow
from helpline.clock.ticking import Clock
from helpline.roster import SignedRosterRow
from tests.support.stores import Stores
from tests.support.world import NOW, World


@pytest.mark.parametrize("roster", ["signed", "none"])
def test_a_tick_forgets_who_was_free(stores: Stores, world: World, clock: Clock, roster: str) -> None:
    anna = CounsellorId("anna")
    with stores.helpline.begin() as session:
        until = switch_on(session, anna, programme=world.programme, now=NOW)
        if roster == "none":
            session.execute(delete(SignedRosterRow))

    clock.tick(until - timedelta(minutes=1))
    with stores.helpline.read() as session:
        assert session.scalars(select(FreeNow.counsellor_id)).all() == [anna]
    clock.tick(until)
    with stores.helpline.read() as session:
        assert session.scalars(select(FreeNow.counsellor_id)).all() == []
