"""After a heavy talk nobody can be booked with its counsellor for half an hour, at once and whatever stands there."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.breaks import breaks, forget_breaks, take_break
from helpline.callbacks.queue import Files, Outcome, close_talk
from helpline.callbacks.rota import next_mark
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Absence, Booking, BusyAtom, CounsellorId, TalkState
from helpline.staff.tables import StaffId
from tests.support.counsellor import closing
from tests.support.stores import Stores
from tests.support.talks import TEN, WISH, bookings, request_by_staff
from tests.support.world import World

ANNA = CounsellorId("anna")
HALF_AN_HOUR, MINUTE, SECOND = timedelta(minutes=30), timedelta(minutes=1), timedelta(seconds=1)
OVER = TEN + timedelta(minutes=32)


def resting(stores: Stores, *, now: datetime) -> list[tuple[str, datetime]]:
    with stores.helpline.read() as session:
        return [(it.alias, it.until) for it in breaks(session, now=now)]


def test_a_heavy_talk_is_a_held_one_and_gives_a_break_at_once(stores: Stores, files: Files, booking: Booking) -> None:
    form = closing(Outcome.HEAVY, form="the same")

    assert close_talk(files, booking.id, closing=form, now=OVER)
    assert not close_talk(files, booking.id, closing=form, now=OVER + MINUTE)

    assert bookings(stores.helpline)[0].state is TalkState.HELD
    until = TEN + timedelta(minutes=65)
    assert resting(stores, now=OVER) == resting(stores, now=until - SECOND) == [("Anna", until)]
    assert resting(stores, now=until) == []
    with stores.helpline.read() as session:
        assert len(session.scalars(select(Absence)).all()) == 1


def test_nobody_is_booked_into_a_break(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    close_talk(files, booking.id, closing=closing(Outcome.HEAVY), now=OVER)
    eleven = replace(WISH, starts_at=TEN + timedelta(hours=1))

    request_by_staff(stores.helpline, world, eleven, form="one")  # bram is free
    with pytest.raises(SlotTakenError):
        request_by_staff(stores.helpline, world, eleven, form="another")
    assert [it.counsellor_id for it in bookings(stores.helpline)] == ["anna", "bram"]


def test_a_break_waits_for_no_talk(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    """Her next talk stands in it, to be handed over; the break has begun all the same."""
    for form in ("one", "another"):
        request_by_staff(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(hours=1)), form=form)

    close_talk(files, booking.id, closing=closing(Outcome.HEAVY), now=OVER)

    assert len(resting(stores, now=OVER)) == 1
    assert [it.state for it in bookings(stores.helpline)] == [TalkState.HELD, TalkState.BOOKED, TalkState.BOOKED]


def test_whoever_has_no_hours_needs_no_break(stores: Stores, files: Files, booking: Booking) -> None:
    """The coordinator stood in: she has no place in the rota, and the outcome counts all the same."""
    form = replace(closing(Outcome.HEAVY), person=StaffId("carla"))

    assert close_talk(files, booking.id, closing=form, now=OVER)
    assert resting(stores, now=OVER) == []


def test_a_break_is_forgotten_when_it_is_over_and_an_absence_is_not(stores: Stores, world: World) -> None:
    del world
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=TEN, ends_at=TEN + HALF_AN_HOUR)
        take_break(session, ANNA, now=TEN)
    for now, left in ((TEN + HALF_AN_HOUR - SECOND, 2), (TEN + HALF_AN_HOUR, 1)):
        with stores.helpline.begin() as session:
            forget_breaks(session, now=now)
            assert len(session.scalars(select(Absence)).all()) == left
    with stores.helpline.read() as session:
        assert len(session.scalars(select(BusyAtom)).all()) == 6


def test_of_two_breaks_the_longer_one_is_told_once(stores: Stores, world: World) -> None:
    del world
    for minutes in (0, 10):
        with stores.helpline.begin() as session:
            take_break(session, ANNA, now=TEN + minutes * MINUTE)

    assert resting(stores, now=TEN + 10 * MINUTE) == [("Anna", TEN + 40 * MINUTE)]


@pytest.mark.parametrize(("minute", "second", "mark"), [(0, 0, 0), (0, 1, 5), (4, 59, 5), (5, 0, 5)])
def test_a_break_ends_on_a_mark_of_five_minutes(minute: int, second: int, mark: int) -> None:
    assert next_mark(TEN.replace(minute=minute, second=second)) == TEN.replace(minute=mark)
