"""Codes that are handed over at the end of a talk, and what they give."""

from datetime import datetime, timedelta

from helpline.callbacks.draw import draw_times
from helpline.callbacks.follow_up import Right, find_right, hand_over, talks_to_follow
from helpline.callbacks.tables import Booking, CounsellorId
from helpline.codes import AccessCode, draw_code
from helpline.store.engine import Sessions
from tests.support.talks import TEN
from tests.support.world import World

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
ENDS = TEN + timedelta(minutes=30)
"""When the talk of these tests is over."""


def draw_again(helpline: Sessions, world: World, *, now: datetime) -> None:
    """Let the clock draw the list of that quarter."""
    assert world.desk.roster is not None
    roster = world.desk.roster
    helpline.transact(lambda session: draw_times(session, programme=world.programme, roster=roster, now=now))


def give(
    helpline: Sessions, world: World, booking: Booking, *, code: AccessCode | None = None, whose: CounsellorId = ANNA
) -> AccessCode:
    """Hand a code over at the end of a talk, and return it."""
    new = code or draw_code(language="nl")
    keys = world.desk.keys
    helpline.transact(lambda session: hand_over(session, booking.id, code=new, whose=whose, keys=keys, now=ENDS))
    return new


def right_of(helpline: Sessions, world: World, code: AccessCode, *, now: datetime = ENDS) -> Right | None:
    """Return what *code* gives."""
    with helpline.read() as session:
        return find_right(session, code, desk=world.desk, now=now)


def left_after(helpline: Sessions, booking: Booking) -> int:
    """Return how many talks with anna may follow *booking*."""
    with helpline.read() as session:
        return talks_to_follow(session, booking.id, whose=ANNA, now=ENDS)
