"""Eight processes at one moment: one winner, nobody booked twice, nothing left half done."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import delete, func, select

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.rota import atoms
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, Envelope, SpentToken
from helpline.callbacks.talk import cancel_by_visitor
from helpline.codes import AccessCode, code_digest
from helpline.settings.programme import Way
from tests.support.racing import (
    DONE,
    GONE,
    TAKEN,
    BeAway,
    Book,
    Cancel,
    Move,
    killed_while_booking,
    race,
    wait_for_the_server,
)
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, WISH, at, bookings, count, request
from tests.support.world import NOW, World, make_world

EIGHT = range(8)
RING_US = replace(WISH, way=Way.YOU_RING, number=None)
ATOMS_OF_A_TALK = 18
NINE, FIVE = at(TUESDAY, "09:00"), at(TUESDAY, "17:00")
BLOCKED_SECONDS = 0.5
"""Whoever is not blocked is done long before; whoever is, waits this long once."""


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"])


def assert_whole(stores: Stores, *, readers: int) -> None:
    """Check that every booking has all its atoms and envelopes, and that no two overlap."""
    with stores.helpline.read() as session:
        for table in (BusyAtom, Envelope):
            loose = select(func.count()).select_from(table).where(table.booking_id.not_in(select(Booking.id)))
            assert session.scalar(loose) == 0
        atoms_of = Counter(session.scalars(select(BusyAtom.booking_id).where(BusyAtom.booking_id.is_not(None))))
        envelopes_of = Counter(session.scalars(select(Envelope.booking_id)))
        ids = session.scalars(select(Booking.id)).all()
    assert dict(atoms_of) == dict.fromkeys(ids, ATOMS_OF_A_TALK)
    assert dict(envelopes_of) == dict.fromkeys(ids, readers)
    assert count(stores.helpline, SpentToken) >= len(ids)


def test_eight_processes_and_one_free_counsellor_give_one_winner(stores: Stores, alone: World) -> None:
    answers = race(stores, alone, [Book(RING_US, form=f"form {number}") for number in EIGHT])

    assert Counter(answers)[TAKEN] == 7
    assert len(bookings(stores.helpline)) == 1
    assert_whole(stores, readers=1)


def test_eight_processes_and_three_counsellors_fill_three(stores: Stores) -> None:
    change = ("booked_lines = 2", "booked_lines = 5")
    world = make_world(stores.helpline, stores.data_dir, names=("anna", "bram", "carla"), change=change)

    answers = race(stores, world, [Book(WISH, form=f"form {number}") for number in EIGHT])

    assert Counter(answers)[TAKEN] == 5
    assert len({booking.counsellor_id for booking in bookings(stores.helpline)}) == 3
    assert_whole(stores, readers=3)


def test_eight_processes_and_one_line_give_one_winner(stores: Stores) -> None:
    change = ("booked_lines = 2", "booked_lines = 1")
    world = make_world(stores.helpline, stores.data_dir, names=("anna", "bram", "carla"), change=change)

    answers = race(stores, world, [Book(WISH, form=f"form {number}") for number in EIGHT])

    assert Counter(answers)[TAKEN] == 7
    assert_whole(stores, readers=3)


def test_one_form_pressed_eight_times_at_once_shows_one_code(stores: Stores, world: World) -> None:
    answers = race(stores, world, [Book(WISH, form="the same") for _ in EIGHT])

    assert len(set(answers)) == 1
    assert len(bookings(stores.helpline)) == 1
    assert count(stores.helpline, SpentToken) == 1
    assert_whole(stores, readers=2)


def test_a_cancelled_time_goes_to_one_of_those_who_ask_meanwhile(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)

    answers = race(
        stores, alone, [Cancel(receipt.code), *(Book(RING_US, form=f"form {number}") for number in range(1, 8))]
    )

    assert answers[0] == DONE
    won = [answer for answer in answers[1:] if answer != TAKEN]
    assert len(won) == len(bookings(stores.helpline)) <= 1
    assert_whole(stores, readers=1)


def test_a_talk_that_is_cancelled_by_eight_is_cancelled_once(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)

    answers = race(stores, alone, [Cancel(receipt.code) for _ in EIGHT])

    assert Counter(answers) == {DONE: 1, TAKEN: 7}
    assert count(stores.helpline, BusyAtom) == 0


def test_eight_talks_that_move_to_one_time_give_one_winner_and_lose_none(stores: Stores, alone: World) -> None:
    days = [TEN + timedelta(days=day) for day in range(1, 5) for _ in range(2)]
    times = [day + timedelta(hours=2 * (number % 2)) for number, day in enumerate(days)]
    codes = [request(stores.helpline, alone, replace(RING_US, starts_at=time), form=f"{time}").code for time in times]

    answers = race(stores, alone, [Move(code, RING_US, form=f"move {code}") for code in codes])

    assert Counter(answers) == {TEN.isoformat(): 1, TAKEN: 7}
    kept = [time for time, answer in zip(times, answers, strict=True) if answer == TAKEN]
    assert sorted(booking.starts_at for booking in bookings(stores.helpline)) == sorted([TEN, *kept])
    assert_whole(stores, readers=1)


def test_one_talk_that_is_moved_to_eight_times_at_once_is_at_one_of_them(stores: Stores, alone: World) -> None:
    """Each move finds the talk where the last one left it; half of the times overlap."""
    receipt = request(stores.helpline, alone, RING_US)
    times = [TEN + timedelta(minutes=30 * number) for number in range(1, 9)]

    answers = race(
        stores, alone, [Move(receipt.code, replace(RING_US, starts_at=time), form=f"move {time}") for time in times]
    )

    assert answers == [time.isoformat() for time in times]
    (booking,) = bookings(stores.helpline)
    assert booking.starts_at in times
    assert booking.code_digest == code_digest(receipt.code, key=alone.desk.keys.digest)
    assert_whole(stores, readers=1)


def test_one_move_pressed_eight_times_at_once_shows_one_slip(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)
    wanted = replace(RING_US, starts_at=TEN + timedelta(minutes=30))

    answers = race(stores, alone, [Move(receipt.code, wanted, form="the same") for _ in EIGHT])

    assert set(answers) == {wanted.starts_at.isoformat()}
    assert len(bookings(stores.helpline)) == 1
    assert_whole(stores, readers=1)


def test_a_talk_that_is_cancelled_while_it_moves_is_gone(stores: Stores, alone: World) -> None:
    receipt = request(stores.helpline, alone, RING_US)
    times = [TEN + timedelta(hours=number) for number in range(1, 5)]
    moves = [Move(receipt.code, replace(RING_US, starts_at=time), form=f"move {time}") for time in times]

    answers = race(stores, alone, [*moves, *(Cancel(receipt.code) for _ in range(4))])

    assert Counter(answers[4:]) == {DONE: 1, TAKEN: 3}
    assert set(answers[:4]) <= {GONE, *(time.isoformat() for time in times)}
    assert count(stores.helpline, BusyAtom) == len(bookings(stores.helpline)) == 0


def test_talks_that_move_while_others_book_their_times_never_overlap(stores: Stores, alone: World) -> None:
    times = [TEN + timedelta(hours=number) for number in range(4)]
    codes = [request(stores.helpline, alone, replace(RING_US, starts_at=time), form=f"{time}").code for time in times]
    moves = [
        Move(code, replace(RING_US, starts_at=time + timedelta(minutes=30)), form=f"move {time}")
        for code, time in zip(codes, times, strict=True)
    ]

    answers = race(
        stores, alone, [*moves, *(Book(replace(RING_US, starts_at=time), form=f"new {time}") for time in times)]
    )

    made = {booking.code_digest for booking in bookings(stores.helpline)}
    booked = [AccessCode(answer) for answer in answers[4:] if answer != TAKEN]
    assert GONE not in answers
    assert made == {code_digest(code, key=alone.desk.keys.digest) for code in [*codes, *booked]}
    assert_whole(stores, readers=1)


def test_an_absence_meets_every_talk_that_is_made_before_it_and_none_after(stores: Stores, alone: World) -> None:
    times = [TEN + timedelta(hours=hour) for hour in range(6)]
    talks = [Book(replace(RING_US, starts_at=time), form=f"{time}") for time in times]

    *codes, met = race(stores, alone, [*talks, BeAway("anna", starts_at=NINE, ends_at=FIVE)])

    made = {booking.id for booking in bookings(stores.helpline)}
    assert len(made) == 6 - codes.count(TAKEN)
    assert set(met.split()) == made
    assert_day_is_closed(stores)
    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, replace(RING_US, starts_at=at(TUESDAY, "16:00")), form="the seventh")


def assert_day_is_closed(stores: Stores) -> None:
    with stores.helpline.read() as session:
        taken = set(session.scalars(select(BusyAtom.atom).where(BusyAtom.resource == "anna")))
    assert set(atoms(NINE, FIVE)) <= taken


def test_a_talk_cancelled_while_an_absence_is_being_made_leaves_no_hole_in_it(stores: Stores, alone: World) -> None:
    """The absence is not committed yet when the visitor cancels: whoever is second must see the first."""
    receipt = request(stores.helpline, alone, RING_US)
    done = Event()

    def cancel() -> None:
        stores.helpline.transact(lambda session: cancel_by_visitor(session, receipt.code, desk=alone.desk, now=NOW))
        done.set()

    visitor = Thread(target=cancel)
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=NINE, ends_at=FIVE)
        session.flush()
        visitor.start()
        done.wait(BLOCKED_SECONDS)
    visitor.join()

    assert done.is_set()
    assert bookings(stores.helpline) == []
    assert_day_is_closed(stores)


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.long)])
def test_no_confirmed_talk_is_lost_and_none_is_half_made_when_a_process_is_killed_at_its_commit(
    stores: Stores, world: World, kills: int, record_property: Callable[[str, object], None]
) -> None:
    """Each process books two talks and is killed as it commits the second."""
    wishes = [WISH, replace(WISH, starts_at=TEN + timedelta(hours=1))]
    kept = 0
    for kill in range(kills):
        codes = killed_while_booking(stores, world, wishes, label=f"kill {kill}")
        wait_for_the_server(stores)

        found = {booking.code_digest for booking in bookings(stores.helpline)}
        assert {code_digest(AccessCode(code), key=world.desk.keys.digest) for code in codes} <= found
        assert 1 <= len(codes) <= len(found) <= 2
        assert count(stores.helpline, SpentToken) == len(found)
        assert_whole(stores, readers=2)
        # Nothing it left behind is in the way of the next visitor.
        assert request(stores.helpline, world, wishes[1], form=f"after {kill}").code
        kept += len(found) - 1
        with stores.helpline.begin() as session:
            session.execute(delete(Booking))
            session.execute(delete(SpentToken))
    record_property("kills", f"{kills}, of which {kept} came after the commit")
