"""Free now: until when it may be said, and what it does to the times that can be booked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.free_now import (
    NotFreeError,
    could_say,
    forget_free_times,
    free_until,
    said_until,
    switch_off,
    switch_on,
)
from helpline.callbacks.handing_over import hand_over
from helpline.callbacks.queue import Files
from helpline.callbacks.rota_keeping import add_absence, remove_absence, retire_counsellor
from helpline.callbacks.tables import Absence, Booking, Counsellor, CounsellorId, TalkState
from helpline.callbacks.today_tables import FreeNow
from helpline.settings.programme import Way
from tests.support.handing import errand, terms
from tests.support.stores import Stores
from tests.support.talks import MONDAY, WISH, at, bookings, request, request_by_staff
from tests.support.world import NOW, World, make_world

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
RING_US = replace(WISH, way=Way.YOU_RING, number=None)


def clock(text: str) -> datetime:
    return at(MONDAY, text)


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline of anna alone."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"])


def possible(stores: Stores, world: World, now: datetime, *, who: CounsellorId = ANNA) -> datetime | None:
    with stores.helpline.read() as session:
        return could_say(session, who, programme=world.programme, now=now)


def say(stores: Stores, world: World, now: datetime, *, who: CounsellorId = ANNA) -> datetime:
    return stores.helpline.transact(lambda session: switch_on(session, who, programme=world.programme, now=now))


def read(stores: Stores, now: datetime) -> dict[str, datetime]:
    with stores.helpline.read() as session:
        return free_until(session, languages=("nl", "en"), now=now)


def book_at(stores: Stores, world: World, text: str) -> None:
    request_by_staff(stores.helpline, world, replace(RING_US, starts_at=clock(text)), form=text)


def test_a_gap_lasts_an_hour_at_most(stores: Stores, alone: World) -> None:
    assert possible(stores, alone, clock("11:02")) == clock("12:00")
    assert possible(stores, alone, clock("16:20")) == clock("17:00")


@pytest.mark.parametrize("text", ["08:59", "17:00", "16:51", "23:00"])
def test_outside_of_her_hours_and_just_before_their_end_nobody_is_free(stores: Stores, alone: World, text: str) -> None:
    assert possible(stores, alone, clock(text)) is None


def test_a_gap_ends_a_buffer_before_her_next_talk(stores: Stores, alone: World) -> None:
    book_at(stores, alone, "11:30")

    assert possible(stores, alone, clock("10:31")) == clock("11:15")
    assert possible(stores, alone, clock("11:06")) is None


def test_while_the_visitor_may_still_ring_she_is_not_free(stores: Stores, alone: World) -> None:
    book_at(stores, alone, "10:00")

    assert possible(stores, alone, clock("10:00")) is None
    assert possible(stores, alone, clock("10:10") - timedelta(seconds=1)) is None
    assert possible(stores, alone, clock("10:10")) == clock("11:10")


def test_who_waited_in_vain_in_the_last_slot_is_free_until_its_end(stores: Stores, alone: World) -> None:
    book_at(stores, alone, "16:30")

    assert possible(stores, alone, clock("16:42")) == clock("17:00")


def test_a_talk_that_is_noted_as_missed_frees_her(stores: Stores, alone: World) -> None:
    book_at(stores, alone, "10:00")
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.MISSED))

    assert possible(stores, alone, clock("10:05")) == clock("11:05")


def test_in_an_emergency_she_is_not_free(stores: Stores, alone: World) -> None:
    book_at(stores, alone, "10:00")
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.EMERGENCY))

    assert possible(stores, alone, clock("10:40")) is None


def test_an_absence_ends_it(stores: Stores, alone: World) -> None:
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=clock("11:30"), ends_at=clock("12:30"))

    assert possible(stores, alone, clock("11:03")) == clock("11:30")
    assert possible(stores, alone, clock("11:30")) is None


@pytest.mark.parametrize("who", ["nobody", "bram"])
def test_who_has_no_hours_or_left_is_not_free(stores: Stores, world: World, who: str) -> None:
    with stores.helpline.begin() as session:
        retire_counsellor(session, BRAM, today=NOW.date())

    assert possible(stores, world, clock("11:00"), who=CounsellorId(who)) is None
    with pytest.raises(NotFreeError):
        say(stores, world, clock("11:00"), who=CounsellorId(who))


def test_it_is_said_in_her_languages_until_its_hour(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == "anna").values(languages="en fr"))
    until = say(stores, world, clock("11:02"))

    assert until == clock("12:00")
    assert read(stores, clock("11:02")) == {"en": until}
    assert read(stores, until - timedelta(seconds=1)) == {"en": until}
    assert read(stores, until) == {}


def test_of_two_the_later_hour_is_said(stores: Stores, world: World) -> None:
    say(stores, world, clock("11:30"), who=BRAM)
    say(stores, world, clock("11:02"))

    assert read(stores, clock("11:31")) == dict.fromkeys(("nl", "en"), clock("12:30"))


def test_who_leaves_is_not_said_to_be_free(stores: Stores, world: World) -> None:
    say(stores, world, clock("11:02"))
    with stores.helpline.begin() as session:
        retire_counsellor(session, ANNA, today=NOW.date())

    assert read(stores, clock("11:03")) == {}


def test_who_falls_ill_is_not_said_to_be_free(stores: Stores, world: World) -> None:
    say(stores, world, clock("11:02"))
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=clock("11:10"), ends_at=clock("17:00"))

    assert read(stores, clock("11:09"))
    assert read(stores, clock("11:10")) == {}


def test_after_an_absence_she_presses_once_more(stores: Stores, world: World) -> None:
    """A break that is over, an hour that was blocked by mistake: neither says again by itself that she is free."""
    say(stores, world, clock("11:02"))
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=clock("11:10"), ends_at=clock("11:30"), is_rest=True)

    assert read(stores, clock("11:09")) == dict.fromkeys(("nl", "en"), clock("11:10"))
    assert read(stores, clock("11:30")) == {}
    with stores.helpline.begin() as session:
        for absence in session.scalars(select(Absence)):
            remove_absence(session, absence.id, counsellor_id=ANNA)
    assert read(stores, clock("11:10")) == {}


def test_who_is_ill_later_stays_free_until_then(stores: Stores, world: World) -> None:
    until = say(stores, world, clock("11:02"))
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=until, ends_at=clock("17:00"))

    assert read(stores, clock("11:03")) == dict.fromkeys(("nl", "en"), until)


def test_before_she_has_rung_a_second_time_she_is_not_free(stores: Stores, alone: World) -> None:
    """Rung in vain at 10:04, promised again for 10:14: the visitor waits for that call."""
    book_at(stores, alone, "10:00")
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(ring_again_at=clock("10:14")))

    assert possible(stores, alone, clock("10:12")) is None
    assert possible(stores, alone, clock("10:24") - timedelta(seconds=1)) is None
    assert possible(stores, alone, clock("10:24")) is not None
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.NOT_REACHED))
    assert possible(stores, alone, clock("10:15")) is not None


@pytest.mark.parametrize(("starts", "until"), [("11:30", "11:15"), ("11:00", None), ("12:30", "12:00")])
def test_who_takes_a_colleagues_talk_is_free_until_a_buffer_before_it(
    stores: Stores, world: World, files: Files, starts: str, until: str | None
) -> None:
    book_at(stores, world, starts)
    (talk,) = bookings(stores.helpline)
    assert talk.counsellor_id == "anna"
    say(stores, world, clock("11:02"), who=BRAM)

    form = errand(world, talk.id, to="bram")
    assert hand_over(files, form, terms=terms(world), now=clock("11:03")) == BRAM
    assert read(stores, clock("11:04")) == (dict.fromkeys(("nl", "en"), clock(until)) if until else {})


def test_one_more_press_takes_it_back_and_two_presses_are_one(stores: Stores, world: World) -> None:
    say(stores, world, clock("11:02"))
    say(stores, world, clock("11:02"))
    with stores.helpline.read() as session:
        assert said_until(session, ANNA, now=clock("11:03")) == clock("12:00")
    for _ in range(2):
        with stores.helpline.begin() as session:
            switch_off(session, ANNA)

    assert read(stores, clock("11:03")) == {}


def test_while_she_is_free_nobody_books_her_and_the_hour_never_moves(stores: Stores, alone: World) -> None:
    until = say(stores, alone, clock("09:01"))
    now = clock("09:01")

    for text in ("09:30", "10:00"):
        with pytest.raises(SlotTakenError):
            request_by_staff(stores.helpline, alone, replace(RING_US, starts_at=clock(text)), form=text)
    assert read(stores, now) == dict.fromkeys(("nl", "en"), until)
    wish = replace(RING_US, starts_at=clock("11:30"))
    assert request(stores.helpline, alone, wish, now=NOW + timedelta(minutes=1)).starts_at == clock("11:30")


def test_a_talk_that_is_listed_in_that_time_goes_to_a_colleague(stores: Stores, world: World) -> None:
    say(stores, world, clock("09:01"))
    book_at(stores, world, "09:30")

    with stores.helpline.read() as session:
        assert session.scalars(select(Booking.counsellor_id)).all() == ["bram"]


def test_the_clock_forgets_who_was_free(stores: Stores, world: World) -> None:
    until = say(stores, world, clock("11:02"))

    def left(now: datetime) -> int:
        with stores.helpline.begin() as session:
            forget_free_times(session, now=now)
            return session.scalars(select(func.count()).select_from(FreeNow)).one()

    assert [left(until - timedelta(seconds=1)), left(until)] == [1, 0]
