"""What somebody's own calendar may know stands still from five to five."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.busy_times import Block, Frozen, busy_blocks, forget_busy_blocks, freeze, frozen_at, merged
from helpline.callbacks.queue import Files, Outcome, close_talk
from helpline.callbacks.tables import Booking, CounsellorId
from helpline.retention import purge_expired
from helpline.settings.programme import Programme
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from tests.support.counsellor import closing
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, MONDAY, TEN, TUESDAY, WEDNESDAY, WISH, at, request, request_by_staff
from tests.support.world import NOW, World, programme

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
MINUTE, SECOND, HALF_AN_HOUR = timedelta(minutes=1), timedelta(seconds=1), timedelta(minutes=30)
FIVE = at(TUESDAY, "05:00")
ROOM = timedelta(minutes=15 + 30 + 15)
"""In which another talk fits, with the buffers around it."""


def frozen(stores: Stores, whose: CounsellorId = ANNA, *, now: datetime = FIVE) -> Frozen | None:
    with stores.helpline.read() as session:
        return busy_blocks(session, whose, now=now)


def write_down(stores: Stores, world: World, *whose: CounsellorId, now: datetime = FIVE) -> None:
    with stores.helpline.begin() as session:
        freeze(session, whose or (ANNA,), programme=world.programme, now=now)


@pytest.mark.parametrize(
    ("now", "five"),
    [
        (at(TUESDAY, "05:00"), at(TUESDAY, "05:00")),
        (at(TUESDAY, "05:00") - SECOND, at(MONDAY, "05:00")),
        (at(WEDNESDAY, "00:00"), at(TUESDAY, "05:00")),
        (at(date(2027, 3, 28), "05:00"), at(date(2027, 3, 28), "05:00")),
        (at(date(2027, 3, 28), "04:59"), at(date(2027, 3, 27), "05:00")),
        (at(date(2027, 10, 31), "23:59"), at(date(2027, 10, 31), "05:00")),
    ],
)
def test_a_day_of_a_calendar_begins_at_five_on_the_wall(now: datetime, five: datetime) -> None:
    assert frozen_at(now, zone=AMSTERDAM) == five


def test_what_is_booked_or_cancelled_after_five_is_seen_the_next_morning(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    write_down(stores, world)
    before = frozen(stores)
    assert before == Frozen(FIVE, ((TEN, TEN + HALF_AN_HOUR),))

    close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=FIVE + MINUTE)
    later = replace(WISH, starts_at=at(WEDNESDAY, "14:00"))
    for form in ("one", "another"):
        request_by_staff(stores.helpline, world, later, form=form)
    for minutes in (1, 60, 23 * 60):
        write_down(stores, world, now=FIVE + minutes * MINUTE)
    assert frozen(stores, now=at(WEDNESDAY, "04:59")) == before

    write_down(stores, world, ANNA, BRAM, now=at(WEDNESDAY, "05:00"))
    for whose in (ANNA, BRAM):
        after = Frozen(at(WEDNESDAY, "05:00"), ((at(WEDNESDAY, "14:00"), at(WEDNESDAY, "14:30")),))
        assert frozen(stores, whose, now=at(WEDNESDAY, "05:00")) == after


def test_a_day_without_talks_is_written_down_too_and_stays_so(stores: Stores, world: World) -> None:
    write_down(stores, world)
    request(stores.helpline, world)
    write_down(stores, world, now=FIVE + MINUTE)

    assert frozen(stores) == Frozen(FIVE, ())


def test_it_is_gone_the_next_morning_before_and_after_the_clock_came_by(
    stores: Stores, world: World, booking: Booking
) -> None:
    del booking
    write_down(stores, world)
    assert frozen(stores, now=at(WEDNESDAY, "05:00") - SECOND) is not None
    assert frozen(stores, now=at(WEDNESDAY, "05:00")) is None

    with stores.helpline.begin() as session:
        purge_expired(session, METADATA[StoreName.HELPLINE], now=at(WEDNESDAY, "05:00"))
    assert frozen(stores) is None


def test_it_can_be_forgotten_at_once(stores: Stores, world: World) -> None:
    write_down(stores, world, ANNA, BRAM)
    with stores.helpline.begin() as session:
        forget_busy_blocks(session, ANNA)

    assert (frozen(stores), frozen(stores, BRAM) is None) == (None, False)


def test_nothing_is_written_down_of_whoever_did_not_ask_or_takes_no_talks(stores: Stores, world: World) -> None:
    write_down(stores, world, CounsellorId("cora"), now=NOW)
    write_down(stores, world, now=NOW)

    assert frozen(stores, BRAM, now=NOW) is None
    assert frozen(stores, CounsellorId("cora"), now=NOW) is None


def test_talks_between_which_no_other_fits_are_one_block(rules: Programme) -> None:
    talks = [(it, it + HALF_AN_HOUR) for it in (TEN, TEN + 60 * MINUTE, TEN + 150 * MINUTE)]

    assert merged(talks, programme=rules) == [(TEN, TEN + 90 * MINUTE), talks[2]]
    assert merged(reversed(talks), programme=rules) == merged(talks, programme=rules)


TALKS = st.lists(st.integers(0, 200), max_size=20, unique=True)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return programme(tmp_path_factory.mktemp("programme"))


@given(starts=TALKS)
def test_blocks_hold_every_talk_and_leave_room_for_a_talk_between_them(rules: Programme, starts: Sequence[int]) -> None:
    talks: list[Block] = [(TEN + it * 5 * MINUTE, TEN + it * 5 * MINUTE + HALF_AN_HOUR) for it in starts]

    blocks = merged(talks, programme=rules)

    assert all(any(begin <= it[0] and it[1] <= end for begin, end in blocks) for it in talks)
    assert {begin for begin, _ in blocks} <= {begin for begin, _ in talks}
    assert {end for _, end in blocks} <= {end for _, end in talks}
    assert all(other[0] - one[1] >= ROOM for one, other in pairwise(blocks))
