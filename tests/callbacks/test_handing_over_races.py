"""Hand-overs that meet at one moment: one winner, no two talks overlap, none is lost, none is half handed over."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest

from helpline.callbacks.handing_over import hand_over
from helpline.callbacks.queue import Files
from helpline.callbacks.rota import atoms
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Booking, CounsellorId
from helpline.staff.tables import Act
from tests.support.counsellor import acts
from tests.support.handing import AUDITED, HandOver, assert_whole, errand, killed_while_handing_over, terms
from tests.support.racing import COMMITTING, DONE, TAKEN, BeAway, Book, Cancel, Job, Move, race, wait_for_the_server
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, WISH, at, atoms_of, bookings, is_empty_of_talks, request
from tests.support.world import NOW, World

NINE, FIVE = at(TUESDAY, "09:00"), at(TUESDAY, "17:00")
BLOCKED_SECONDS = 0.5
"""Whoever is not blocked is done long before; whoever is, waits this long once."""


@pytest.mark.usefixtures("files")
def test_of_eight_who_hand_one_talk_over_one_does(stores: Stores, world: World, booking: Booking) -> None:
    answers = race(stores, world, [HandOver(stores, booking.id) for _ in range(8)])

    assert Counter(answers) == {DONE: 1, TAKEN: 7}
    assert [(it.counsellor_id, it.version) for it in bookings(stores.helpline)] == [("bram", 2)]
    assert_whole(stores)


@pytest.mark.usefixtures("files")
def test_a_visitor_who_cancels_meanwhile_has_cancelled(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    (booking,) = bookings(stores.helpline)
    jobs: list[Job] = [HandOver(stores, booking.id), Cancel(receipt.code)]

    answers = race(stores, world, jobs * 4)

    assert answers[1::2].count(DONE) == 1
    assert answers[::2].count(DONE) <= 1
    assert is_empty_of_talks(stores.helpline)


@pytest.mark.usefixtures("files")
def test_a_visitor_who_moves_the_talk_meanwhile_has_moved_it(stores: Stores, world: World) -> None:
    receipt = request(stores.helpline, world)
    (booking,) = bookings(stores.helpline)
    times = [TEN + timedelta(hours=hour) for hour in range(1, 5)]
    jobs: list[Job] = [Move(receipt.code, replace(WISH, starts_at=time), form=f"{time}") for time in times]

    answers = race(stores, world, [*jobs, *(HandOver(stores, booking.id) for _ in range(4))])

    assert answers[:4] == [time.isoformat() for time in times]
    assert answers[4:].count(DONE) <= 1
    (talk,) = bookings(stores.helpline)
    assert talk.starts_at in times
    assert talk.code_digest == booking.code_digest
    assert not talk.handed_over
    assert_whole(stores)


@pytest.mark.usefixtures("files")
def test_of_a_hand_over_and_seven_visitors_who_want_that_time_one_gets_it(
    stores: Stores, world: World, booking: Booking
) -> None:
    """Anna is ill and bram alone is free: the visitors and the hand-over want the same half hour of his."""
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=NINE, ends_at=FIVE)
    visitors = [Book(WISH, form=f"form {number}") for number in range(7)]

    handed, *booked = race(stores, world, [HandOver(stores, booking.id), *visitors])

    assert [handed, *booked].count(TAKEN) == 7
    talks = bookings(stores.helpline)
    assert len(talks) == 1 + sum(answer != TAKEN for answer in booked)
    assert booking.code_digest in {talk.code_digest for talk in talks}
    assert_whole(stores)
    assert set(atoms(NINE, FIVE)) <= atoms_of(stores.helpline, "anna")


@pytest.mark.usefixtures("files")
def test_an_absence_six_hand_overs_and_a_seventh_talk_at_once_leave_no_hole_and_lose_nothing(
    stores: Stores, world: World
) -> None:
    for hour in range(6):
        request(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(hours=hour)), form=f"{hour}")
    six = bookings(stores.helpline)
    hers = [talk for talk in six if talk.counsellor_id == "anna"]
    seventh = Book(replace(WISH, starts_at=at(TUESDAY, "16:00")), form="the seventh")
    moves = [HandOver(stores, talk.id, by=talk.counsellor_id) for talk in six]

    away, booked, *handed = race(stores, world, [BeAway("anna", starts_at=NINE, ends_at=FIVE), seventh, *moves])

    assert away is not None
    assert set(handed) <= {DONE, TAKEN}
    left = bookings(stores.helpline)
    assert len(left) == 6 + (booked != TAKEN)
    assert {talk.code_digest for talk in six} <= {talk.code_digest for talk in left}
    assert_whole(stores)
    assert set(atoms(NINE, FIVE)) <= atoms_of(stores.helpline, "anna")
    assert hers


def test_a_talk_handed_over_while_an_absence_is_being_made_leaves_no_hole_in_it(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    """The absence is not committed yet when the talk goes: whoever is second must see the first."""
    done = Event()

    def give() -> None:
        hand_over(files, errand(world, booking.id), terms=terms(world), now=NOW)
        done.set()

    colleague = Thread(target=give)
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=NINE, ends_at=FIVE)
        session.flush()
        colleague.start()
        done.wait(BLOCKED_SECONDS)
    colleague.join()

    assert done.is_set()
    assert_whole(stores)
    assert atoms_of(stores.helpline, "anna") == set(atoms(NINE, FIVE))


@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.parametrize("moment", [AUDITED, COMMITTING])
def test_a_process_that_is_killed_while_it_hands_over_leaves_the_talk_whole(
    stores: Stores,
    world: World,
    files: Files,
    booking: Booking,
    kills: int,
    moment: str,
    record_property: Callable[[str, object], None],
) -> None:
    """Between the audit and the change nothing has happened; at the commit it has happened or it has not."""
    people, done = ["anna", "bram"], 0
    for _ in range(kills):
        (before,) = bookings(stores.helpline)
        killed_while_handing_over(stores, world, before, at=moment)
        wait_for_the_server(stores)
        assert Act.HAND_OVER_SENT in {act for act, _, _ in acts(stores)}

        (talk,) = bookings(stores.helpline)
        assert talk.version in ({before.version} if moment == AUDITED else {before.version, before.version + 1})
        assert_whole(stores)
        done += talk.version - before.version
        # What was begun can be done again by whoever has the talk now.
        again = errand(world, talk.id, by=talk.counsellor_id, version=talk.version)
        assert hand_over(files, again, terms=terms(world), now=NOW) in people
        assert_whole(stores)
    record_property("kills", f"{kills}, of which {done} came after the commit")
