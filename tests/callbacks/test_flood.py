"""What became of the talks moves the far door; an hour is released in one action; a pause and a word hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from helpline.callbacks.booking import BookingPausedError, PauseReason, Receipt, request_callback
from helpline.callbacks.doors import Door
from helpline.callbacks.flood import TIME_TO_RECORD, booked_hours, release_hour, weigh_far_door
from helpline.callbacks.keeping import KEPT_AFTER_OUR_FAULT, next_full_hour
from helpline.callbacks.public_door import FarDoor, WrongDoorWordError, pause, read_door, set_far, set_word
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, Envelope, SpentToken, TalkState
from helpline.callbacks.talk import TalkNotFoundError, find_talk
from helpline.retention import purge_expired
from helpline.settings.programme import Way
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from helpline.store.types import random_id
from tests.support.stores import Stores
from tests.support.talks import TEN, WISH, bookings, count, request, request_by_staff
from tests.support.world import NOW, World, token

RING_US = replace(WISH, way=Way.YOU_RING, number=None)
HOUR = timedelta(hours=1)
HALF_AN_HOUR = timedelta(minutes=30)
WEEK = timedelta(days=7)
THIS_HOUR = NOW.replace(minute=0, second=0)

MISSED, HELD, BOOKED = TalkState.MISSED, TalkState.HELD, TalkState.BOOKED


def let_pass(stores: Stores, states: Sequence[TalkState], *, ended: datetime = NOW - HOUR) -> None:
    """Let talks be over that ended then, each in one of *states*."""
    with stores.helpline.begin() as session:
        for state in states:
            booking = Booking(
                code_digest=random_id().encode(),
                counsellor_id=CounsellorId("anna"),
                starts_at=ended - HALF_AN_HOUR,
                ends_at=ended,
                state=state,
                destroy_at=ended + timedelta(days=1),
            )
            session.add(booking)


def weigh(stores: Stores, *, now: datetime = NOW) -> FarDoor:
    """Weigh, and return how the far door stands then."""
    with stores.helpline.begin() as session:
        weigh_far_door(session, now=now)
        return read_door(session).far


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("states", "shuts"),
    [
        ([MISSED] * 4, False),
        ([MISSED] * 5, True),
        ([MISSED] * 3 + [HELD] * 2, True),
        ([MISSED] * 3 + [HELD] * 3, False),
        ([TalkState.NOT_REACHED, TalkState.WRONG_NUMBER, MISSED, HELD, TalkState.EMERGENCY], True),
        ([MISSED] * 4 + [TalkState.CANCELLED_BY_US, TalkState.NUMBER_DESTROYED], False),
        ([MISSED] * 4 + [BOOKED] * 9, False),
    ],
    ids=["four", "five", "most", "half", "every way", "cancelled", "not recorded yet"],
)
def test_the_far_door_shuts_when_nobody_came_to_most(
    stores: Stores, world: World, states: list[TalkState], *, shuts: bool
) -> None:
    let_pass(stores, states)

    assert (weigh(stores) is FarDoor.SHUT_BY_ITSELF) is shuts


def test_a_talk_that_nobody_recorded_counts_after_a_shift(stores: Stores, world: World) -> None:
    let_pass(stores, [BOOKED] * 5, ended=NOW)

    assert weigh(stores, now=NOW + TIME_TO_RECORD - HOUR) is FarDoor.OPEN
    assert weigh(stores, now=NOW + TIME_TO_RECORD) is FarDoor.SHUT_BY_ITSELF


def test_what_passed_more_than_a_day_ago_counts_no_more(stores: Stores, world: World) -> None:
    let_pass(stores, [MISSED] * 5, ended=NOW - timedelta(days=1))
    let_pass(stores, [MISSED] * 5, ended=NOW + HOUR)

    assert weigh(stores) is FarDoor.OPEN


def test_it_opens_when_talks_take_place_again(stores: Stores, world: World) -> None:
    let_pass(stores, [MISSED] * 5)
    assert weigh(stores) is FarDoor.SHUT_BY_ITSELF

    quiet = NOW + timedelta(days=2)
    assert weigh(stores, now=quiet) is FarDoor.SHUT_BY_ITSELF
    let_pass(stores, [HELD], ended=quiet)
    assert weigh(stores, now=quiet + HOUR) is FarDoor.OPEN


def test_after_real_people_only_what_passes_then_shuts_it(stores: Stores, world: World) -> None:
    let_pass(stores, [MISSED] * 9)
    weigh(stores)

    with stores.helpline.begin() as session:
        set_far(session, FarDoor.OPEN, now=NOW)
    assert weigh(stores) is FarDoor.OPEN
    let_pass(stores, [MISSED] * 4, ended=NOW + HOUR)
    assert weigh(stores, now=NOW + HOUR) is FarDoor.OPEN
    let_pass(stores, [MISSED], ended=NOW + HOUR)
    assert weigh(stores, now=NOW + HOUR) is FarDoor.SHUT_BY_ITSELF


def test_what_staff_shut_staff_open(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        set_far(session, FarDoor.SHUT_BY_STAFF, now=NOW)
    let_pass(stores, [HELD] * 9)

    assert weigh(stores) is FarDoor.SHUT_BY_STAFF


def flooded(stores: Stores, world: World) -> list[Receipt]:
    """Return the receipts of talks that were booked within an hour, and one that was booked later."""
    early = [
        request(stores.helpline, world, replace(WISH, starts_at=TEN + day * timedelta(days=1)), form=f"form {day}")
        for day in range(3)
    ]
    later = NOW + 2 * HOUR
    wanted = replace(WISH, starts_at=TEN + 5 * HOUR)
    with stores.helpline.begin() as session:
        late = request_callback(session, wanted, token=token("late"), desk=world.desk, now=later, door=Door.STAFF)
    return [*early, late]


def release(stores: Stores, hour: datetime = THIS_HOUR, *, now: datetime = NOW) -> int:
    return stores.helpline.transact(lambda session: release_hour(session, hour, now=now))


def test_an_hour_is_released_and_nothing_else(stores: Stores, world: World) -> None:
    *early, late = flooded(stores, world)
    with stores.helpline.read() as session:
        assert [(it.starts_at, it.talks) for it in booked_hours(session, now=NOW)] == [
            (THIS_HOUR + 2 * HOUR, 1),
            (THIS_HOUR, 3),
        ]

    assert release(stores) == 3
    assert release(stores) == 0

    states = [it.state for it in bookings(stores.helpline)]
    assert states.count(TalkState.RELEASED) == 3
    with stores.helpline.read() as session:
        assert find_talk(session, late.code, desk=world.desk, now=NOW).state is BOOKED
        assert [(it.starts_at, it.talks) for it in booked_hours(session, now=NOW)] == [(THIS_HOUR + 2 * HOUR, 1)]
    assert count(stores.helpline, BusyAtom) == 18
    assert request(stores.helpline, world, WISH, form="somebody else").starts_at == early[0].starts_at


def test_a_released_code_says_so_for_seven_days_after_its_time(stores: Stores, world: World) -> None:
    (receipt, *_) = flooded(stores, world)
    release(stores)

    gone = next_full_hour(receipt.ends_at + KEPT_AFTER_OUR_FAULT)
    for now in (NOW, receipt.ends_at, gone - HOUR):
        with stores.helpline.begin() as session:
            purge_expired(session, METADATA[StoreName.HELPLINE], now=now)
            assert find_talk(session, receipt.code, desk=world.desk, now=now).state is TalkState.RELEASED
    with stores.helpline.begin() as session, pytest.raises(TalkNotFoundError):
        find_talk(session, receipt.code, desk=world.desk, now=gone)


def test_an_envelope_of_a_released_talk_stays_until_they_cannot_ring_any_more(stores: Stores, world: World) -> None:
    (receipt, *_) = flooded(stores, world)
    release(stores)

    for now, left in ((receipt.ends_at - HALF_AN_HOUR, 2), (receipt.ends_at, 0)):
        with stores.helpline.begin() as session:
            purge_expired(session, METADATA[StoreName.HELPLINE], now=now)
            found = session.scalars(select(Envelope).where(Envelope.destroy_at == receipt.ends_at)).all()
        assert len(found) == left


def test_a_talk_that_has_begun_or_ended_is_not_released(stores: Stores, world: World) -> None:
    flooded(stores, world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).where(Booking.starts_at == TEN).values(state=HELD))
        session.execute(update(Booking).values(hour_until=NOW + WEEK))

    assert release(stores, now=TEN + timedelta(days=1)) == 1


def test_an_hour_that_is_forgotten_releases_nothing(stores: Stores, world: World) -> None:
    flooded(stores, world)
    later = THIS_HOUR + timedelta(days=2)
    with stores.helpline.read() as session:
        assert THIS_HOUR not in {it.starts_at for it in booked_hours(session, now=later)}

    assert release(stores, now=later) == 0


def test_a_pause_stops_visitors_and_not_staff(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        pause(session, paused=True)

    with pytest.raises(BookingPausedError) as paused:
        request(stores.helpline, world)
    assert paused.value.reason is PauseReason.BY_STAFF
    assert count(stores.helpline, SpentToken) == 0
    request_by_staff(stores.helpline, world, WISH)


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("Lantaarn", True),
        (" lan taarn. ", True),
        ("LÁNTÄARN", True),
        ("", False),
        ("lantaar", False),
        ("lantaarns", False),
    ],
    ids=["as it is", "spaces and signs", "accents", "nothing", "too short", "too long"],
)
def test_the_word_is_heard_and_not_spelled(stores: Stores, world: World, said: str, *, is_right: bool) -> None:
    with stores.helpline.begin() as session:
        set_word(session, "Lantaarn")

    def ask() -> None:
        sent = replace(token(), said=said)
        with stores.helpline.begin() as session:
            request_callback(session, WISH, token=sent, desk=world.desk, now=NOW)

    if is_right:
        ask()
    else:
        with pytest.raises(WrongDoorWordError):
            ask()
    assert len(bookings(stores.helpline)) == count(stores.helpline, SpentToken) == int(is_right)


def test_the_switches_move_one_by_one(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        set_word(session, "lantaarn")
        pause(session, paused=True)
        set_far(session, FarDoor.SHUT_BY_STAFF, now=NOW)
        set_word(session, None)
    with stores.helpline.read() as session:
        door = read_door(session)

    assert (door.paused, door.word, door.far) == (True, None, FarDoor.SHUT_BY_STAFF)
    assert door.far_since == NOW.replace(microsecond=0)
