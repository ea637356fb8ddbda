"""Who cannot go on is away at once; what stands in her absence is known until a colleague has it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from helpline.callbacks.being_away import go_away, rest_of_shift, taken_over, talks_of_the_absent
from helpline.callbacks.handing_over import hand_over
from helpline.callbacks.queue import Files, Outcome, close_talk
from helpline.callbacks.rota_keeping import NewHours, UnknownRotaRowError, add_absence, add_hours
from helpline.callbacks.tables import Absence, Booking, BookingId, CounsellorId
from tests.support.counsellor import closing
from tests.support.handing import end_all_hours, errand, terms
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, MONDAY, TEN, TUESDAY, at
from tests.support.world import NOW, World

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
HOUR = timedelta(hours=1)


def be_away(stores: Stores, *, starts_at: datetime, ends_at: datetime) -> None:
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=starts_at, ends_at=ends_at)


def adrift(stores: Stores, *, now: datetime = NOW) -> frozenset[BookingId]:
    with stores.helpline.read() as session:
        return talks_of_the_absent(session, now=now)


def test_an_absence_is_made_once_however_often_it_is_asked_for(stores: Stores, world: World) -> None:
    midnight = at(TUESDAY, "00:00")
    for until in (midnight, midnight, midnight - HOUR):
        with stores.helpline.begin() as session:
            go_away(session, ANNA, until=until, now=NOW)
    with stores.helpline.begin() as session:
        go_away(session, ANNA, until=midnight + HOUR, now=NOW)

    with stores.helpline.read() as session:
        made = [(it.starts_at, it.ends_at) for it in session.scalars(select(Absence).order_by(Absence.ends_at))]
    assert made == [(NOW, midnight), (NOW, midnight + HOUR)]


def test_nobody_unknown_is_away(stores: Stores, world: World) -> None:
    with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
        go_away(session, CounsellorId("nobody"), until=TEN, now=NOW)


SHIFTS = {"08:00": "12:00", "11:59": "12:00", "12:00": "21:00", "20:59": "21:00", "21:00": None}


def test_a_shift_is_the_one_that_runs_or_is_the_next_to_come(stores: Stores, world: World) -> None:
    end_all_hours(stores, "anna")
    with stores.helpline.begin() as session:
        for starts, ends in ((9 * 60, 12 * 60), (18 * 60, 21 * 60)):
            add_hours(session, ANNA, hours=NewHours(MONDAY.weekday(), starts, ends, valid_from=MONDAY))

    with stores.helpline.read() as session:
        found = {clock: rest_of_shift(session, ANNA, zone=AMSTERDAM, now=at(MONDAY, clock)) for clock in SHIFTS}

    assert found == {clock: at(MONDAY, end) if end else None for clock, end in SHIFTS.items()}


TOUCHING = {("10:25", "12:00"), ("09:00", "10:05")}
BESIDE = {("09:00", "10:00"), ("10:30", "12:00")}


def test_a_talk_is_adrift_when_it_touches_an_absence_of_its_counsellor(stores: Stores, booking: Booking) -> None:
    met = set()
    for starts, ends in TOUCHING | BESIDE:
        be_away(stores, starts_at=at(TUESDAY, starts), ends_at=at(TUESDAY, ends))
        if adrift(stores) == {booking.id}:
            met.add((starts, ends))
        with stores.helpline.begin() as session:
            session.execute(delete(Absence))

    assert met == TOUCHING


def test_a_talk_is_adrift_until_it_is_over_ended_or_with_a_colleague(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    be_away(stores, starts_at=NOW, ends_at=TEN + HOUR)
    assert adrift(stores, now=booking.ends_at - timedelta(seconds=1)) == {booking.id}
    assert adrift(stores, now=booking.ends_at) == frozenset()

    assert hand_over(files, errand(world, booking.id), terms=terms(world), now=NOW) == BRAM
    assert adrift(stores) == frozenset()
    with stores.helpline.read() as session:
        assert taken_over(session, ANNA, now=NOW) == []
        assert taken_over(session, BRAM, now=NOW) == [TEN]
        assert taken_over(session, BRAM, now=booking.ends_at) == []
    close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US, version=2), now=NOW)
    with stores.helpline.read() as session:
        assert taken_over(session, BRAM, now=NOW) == []


def test_a_talk_that_we_cancelled_is_not_adrift(stores: Stores, files: Files, booking: Booking) -> None:
    be_away(stores, starts_at=NOW, ends_at=TEN + HOUR)

    close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)

    assert adrift(stores) == frozenset()
