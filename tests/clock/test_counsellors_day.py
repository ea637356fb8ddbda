"""What the clock does for the counsellors: it forgets their breaks, and writes down once a day when they are busy."""

from datetime import timedelta

from sqlalchemy import select

from helpline.callbacks.breaks import take_break
from helpline.callbacks.busy_times import busy_blocks
from helpline.callbacks.tables import Absence, CounsellorId
from helpline.clock.ticking import Clock
from helpline.staff.feeds import switch_feed_on
from helpline.staff.tables import StaffId
from tests.support.cast import KEYS
from tests.support.counsellor import member
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, at, request
from tests.support.world import World

MINUTE = timedelta(minutes=1)


def test_a_tick_forgets_a_break_that_is_over(stores: Stores, clock: Clock) -> None:
    stores.helpline.transact(lambda session: take_break(session, CounsellorId("anna"), now=TEN))

    clock.tick(TEN + timedelta(minutes=30))

    with stores.helpline.read() as session:
        assert session.scalars(select(Absence.id)).all() == []


def test_a_tick_writes_down_when_those_are_busy_whose_calendar_asked_before_five(
    stores: Stores, world: World, clock: Clock
) -> None:
    request(stores.helpline, world)
    five = at(TUESDAY, "05:00")
    with stores.office.begin() as session:
        session.add_all(map(member, ("anna", "bram")))
        session.flush()
        for name, since in (("anna", five), ("bram", five + MINUTE)):
            switch_feed_on(session, StaffId(name), keys=KEYS, now=since)

    def busy(name: str) -> bool:
        with stores.helpline.read() as session:
            return busy_blocks(session, CounsellorId(name), now=five) is not None

    clock.tick(five - MINUTE)
    assert (busy("anna"), busy("bram")) == (False, False)
    clock.tick(five + MINUTE)
    assert (busy("anna"), busy("bram")) == (True, False)
