"""The days of all counsellors side by side: each five minutes are one thing, and free only what can be booked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.blocking import block_time, open_again, whose_absence
from helpline.callbacks.breaks import take_break
from helpline.callbacks.diary import Days, Diary, Kind, Stretch, hours_of, parts_of, read_diary
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.due import talks_between
from helpline.callbacks.queue import Files, Outcome, close_talk
from helpline.callbacks.rota import day_bounds
from helpline.callbacks.rota_keeping import UnknownRotaRowError, absences, retire_counsellor
from helpline.callbacks.tables import Booking, CounsellorId
from helpline.callbacks.times import free_times
from tests.support.counsellor import closing
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, MONDAY, TEN, TUESDAY, WEDNESDAY, WISH, at, request
from tests.support.world import NOW, World

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIVE = 5 * MINUTE


def diary(stores: Stores, world: World, *, first: date = TUESDAY, last: date = TUESDAY, now: datetime = NOW) -> Diary:
    """Return the days as anna sees them."""
    days = Days(first, last, world.programme, now)
    begin, end = days.bounds
    with stores.helpline.read() as session:
        return read_diary(session, talks_between(session, ANNA, first=begin, last=end, now=now), days=days)


def said(stretches: Sequence[Stretch]) -> list[str]:
    """Return each stretch in words: "10:00 10:30 talk"."""
    return [
        f"{it.starts_at.astimezone(AMSTERDAM):%H:%M} {it.ends_at.astimezone(AMSTERDAM):%H:%M} {it.kind}"
        for it in stretches
    ]


def of(found: Diary, counsellor: CounsellorId, day: date = TUESDAY) -> list[str]:
    return said(found.of(counsellor, day))


def test_a_talk_stands_between_free_times_and_its_buffer_is_not_free(stores: Stores, world: World) -> None:
    request(stores.helpline, world)

    found = diary(stores, world)
    assert found.counsellors == [(ANNA, "Anna"), (BRAM, "Bram")]
    assert of(found, ANNA) == ["09:00 10:00 free", "10:00 10:30 talk", "10:45 17:00 free"]
    assert of(found, BRAM) == ["09:00 17:00 free"]
    assert found.of(BRAM, WEDNESDAY) == ()


def test_what_is_over_is_not_free(stores: Stores, world: World) -> None:
    assert of(diary(stores, world, now=at(TUESDAY, "11:20")), BRAM) == ["11:20 17:00 free"]
    assert of(diary(stores, world, now=at(TUESDAY, "17:00")), BRAM) == []


def test_a_talk_in_an_absence_is_seen_and_the_rest_is_away(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        met = block_time(session, ANNA, starts_at=at(TUESDAY, "09:30"), ends_at=at(TUESDAY, "11:00"))
        take_break(session, BRAM, now=at(TUESDAY, "09:00"))

    assert [talk.starts_at for talk in met] == [TEN]
    found = diary(stores, world)
    assert of(found, ANNA) == [
        "09:00 09:30 free",
        "09:30 10:00 away",
        "10:00 10:30 talk",
        "10:30 11:00 away",
        "11:00 17:00 free",
    ]
    assert of(found, BRAM) == ["09:00 09:30 break", "09:30 17:00 free"]
    assert [(it.counsellor_id, it.is_break) for it in found.away] == [(BRAM, True), (ANNA, False)]


def test_whatever_can_be_booked_is_shown_as_free(stores: Stores, world: World) -> None:
    """The calendar and the function that finds the times must not tell two stories."""
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        block_time(session, ANNA, starts_at=at(TUESDAY, "13:30"), ends_at=at(TUESDAY, "15:00"))
    staff, roster = Asked("nl", door=Door.STAFF), world.desk.roster
    assert roster is not None
    with stores.helpline.read() as session:
        times = free_times(session, staff, programme=world.programme, roster=roster, now=NOW)
    found = diary(stores, world)

    bookable = [(it, whose) for it in times if it.starts_at.date() == TUESDAY for whose in it.counsellors]
    assert len(bookable) > 20
    for time, whose in bookable:
        free = [it for it in found.of(whose, TUESDAY) if it.kind is Kind.FREE]
        assert any(it.starts_at <= time.starts_at and time.ends_at <= it.ends_at for it in free), time


def test_a_long_absence_is_cut_at_the_days_that_are_shown(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        block_time(session, ANNA, starts_at=at(MONDAY, "12:00"), ends_at=at(WEDNESDAY, "12:00"))

    found = diary(stores, world, last=WEDNESDAY)
    assert of(found, ANNA) == ["00:00 00:00 away"]
    assert of(found, ANNA, WEDNESDAY) == ["00:00 12:00 away", "12:00 17:00 free"]


def test_a_time_that_we_gave_up_is_hidden_by_what_is_booked_there_now(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)
    assert of(diary(stores, world), ANNA) == ["09:00 10:00 free", "10:00 10:30 talk", "10:30 17:00 free"]

    for form in ("one", "another"):
        request(stores.helpline, world, replace(WISH), form=form)
    (talk,) = (it.talk for it in diary(stores, world).of(ANNA, TUESDAY) if it.talk)
    assert talk.stands


def test_whoever_left_is_shown_while_she_has_a_talk_and_has_no_free_time(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        retire_counsellor(session, ANNA, today=NOW.date())
        retire_counsellor(session, BRAM, today=NOW.date())

    found = diary(stores, world)
    assert found.counsellors == [(ANNA, "Anna")]
    assert of(found, ANNA) == ["10:00 10:30 talk"]


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 3, 29), 24), (date(2027, 10, 31), 25)])
def test_a_day_has_as_many_hours_as_the_clock_gives_it(day: date, hours: int) -> None:
    begin, end = day_bounds(day, zone=AMSTERDAM)
    whole = Stretch(Kind.AWAY, begin, end)

    found = hours_of([whole], day, zone=AMSTERDAM)

    assert len(found) == hours
    assert [parts_of([whole], first=hour, last=hour + HOUR) for hour in found] == [
        [Stretch(Kind.AWAY, hour, hour + HOUR)] for hour in found
    ]


def test_only_hours_in_which_something_lies_are_shown() -> None:
    talk = Stretch(Kind.TALK, TEN + 30 * MINUTE, TEN + 60 * MINUTE)

    assert hours_of([talk], TUESDAY, zone=AMSTERDAM) == [TEN]
    assert hours_of([], TUESDAY, zone=AMSTERDAM) == []


def cut(marks: list[int]) -> list[Stretch]:
    """Return stretches whose ends lie on *marks* of five minutes, every other one left out."""
    moments = [TEN + mark * FIVE for mark in sorted(set(marks))]
    return [Stretch(Kind.FREE, *ends) for ends in list(pairwise(moments))[::2]]


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(0, 30), st.integers(1, 30))
def test_the_parts_of_an_hour_say_what_the_stretches_say_and_nothing_outside_it(
    marks: list[int], begin: int, length: int
) -> None:
    first, last = TEN + begin * FIVE, TEN + (begin + length) * FIVE
    stretches = cut(marks)

    parts = parts_of(stretches, first=first, last=last)

    assert all(first <= it.starts_at < it.ends_at <= last for it in parts)
    for mark in range(begin, begin + length):
        moment = TEN + mark * FIVE
        assert [it for it in parts if it.starts_at <= moment < it.ends_at] == [
            replace(it, starts_at=max(first, it.starts_at), ends_at=min(last, it.ends_at))
            for it in stretches
            if it.starts_at <= moment < it.ends_at
        ]


def test_the_same_block_twice_is_one_and_can_be_opened_again_once(stores: Stores, world: World) -> None:
    del world
    for _ in range(2):
        with stores.helpline.begin() as session:
            block_time(session, ANNA, starts_at=TEN, ends_at=TEN + HOUR)
    with stores.helpline.read() as session:
        (block,) = absences(session, ANNA, now=NOW)
        assert whose_absence(session, block.id) == ANNA

    with stores.helpline.begin() as session:
        open_again(session, block.id)
    with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
        open_again(session, block.id)
