"""A code that was handed over gives the next talk with the same counsellor, once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from helpline.callbacks.booking import NEAREST, AlreadyBookedError, BookingPausedError, Receipt, SlotTakenError
from helpline.callbacks.doors import Door
from helpline.callbacks.flood import release_hour
from helpline.callbacks.follow_up import NothingToHandOverError, asked_by, hand_over, times_to_choose
from helpline.callbacks.keeping import MOST_TALKS, REPLAY_WINDOW, hour_of
from helpline.callbacks.public_door import FarDoor, PublicDoor, WrongDoorWordError, pause, set_far, set_word
from helpline.callbacks.queue import Files, Outcome, close_talk
from helpline.callbacks.rights import FollowUp
from helpline.callbacks.tables import Booking, BusyAtom, Counsellor, Drawn, TalkState
from helpline.callbacks.talk import TalkNotFoundError
from helpline.codes import AccessCode, draw_code
from helpline.settings.programme import Way
from tests.support.counsellor import closing
from tests.support.following import ANNA, ENDS, give, left_after, right_of
from tests.support.racing import GONE, Follow, race
from tests.support.stores import Stores
from tests.support.talks import (
    AMSTERDAM,
    TEN,
    WISH,
    bookings,
    count,
    envelopes,
    everything,
    follow,
    move,
    opened,
    request,
    request_by_staff,
)
from tests.support.world import NOW, World

RING_US = replace(WISH, way=Way.YOU_RING, number=None)
NEXT_WEEK = replace(RING_US, starts_at=TEN + timedelta(days=7))
FAR = replace(RING_US, starts_at=TEN + timedelta(days=35))


def test_the_next_talk_is_with_the_same_counsellor_and_uses_the_code_up(
    stores: Stores, world: World, code: AccessCode
) -> None:
    receipt = follow(stores.helpline, world, code, replace(WISH, starts_at=NEXT_WEEK.starts_at), now=ENDS)

    booking = bookings(stores.helpline)[-1]
    assert (receipt.code, receipt.starts_at) == (code, NEXT_WEEK.starts_at)
    assert (booking.counsellor_id, booking.talks_left, booking.booked_hour) == (ANNA, MOST_TALKS - 2, None)
    assert count(stores.helpline, FollowUp) == 0
    copies = [it for it in envelopes(stores.helpline) if it.booking_id == booking.id]
    assert {opened(world, booking, it).words for it in copies} == {receipt.words}


def test_the_next_talk_may_be_six_weeks_ahead(stores: Stores, world: World, code: AccessCode) -> None:
    with pytest.raises(SlotTakenError):
        request(stores.helpline, world, FAR, form="by the public door", now=ENDS)

    assert follow(stores.helpline, world, code, FAR, now=ENDS).starts_at == FAR.starts_at


def test_a_time_at_which_only_a_colleague_is_free_is_none(stores: Stores, world: World, code: AccessCode) -> None:
    request(stores.helpline, world, NEXT_WEEK, form="one", now=ENDS)
    assert bookings(stores.helpline)[-1].counsellor_id == ANNA

    with pytest.raises(SlotTakenError) as taken:
        follow(stores.helpline, world, code, NEXT_WEEK, now=ENDS)

    assert len(taken.value.nearest) == NEAREST
    assert request(stores.helpline, world, NEXT_WEEK, form="other", now=ENDS).starts_at == NEXT_WEEK.starts_at


def test_a_next_talk_that_moves_stays_with_its_counsellor_and_keeps_what_is_left(
    stores: Stores, world: World, code: AccessCode
) -> None:
    follow(stores.helpline, world, code, NEXT_WEEK, now=ENDS)
    near = replace(RING_US, starts_at=FAR.starts_at + timedelta(hours=1))
    request_by_staff(stores.helpline, world, near, form="by staff")
    assert bookings(stores.helpline)[-1].counsellor_id == ANNA  # so bram has less to do on that day

    move(stores.helpline, world, code, FAR, now=ENDS)

    booking = bookings(stores.helpline)[-2]
    assert (booking.starts_at, booking.counsellor_id) == (FAR.starts_at, ANNA)
    assert booking.talks_left == MOST_TALKS - 2


def test_five_talks_and_no_sixth(stores: Stores, world: World, files: Files, code: AccessCode) -> None:
    for number in range(2, MOST_TALKS + 1):
        wanted = replace(RING_US, starts_at=TEN + timedelta(days=number))
        follow(stores.helpline, world, code, wanted, form=f"talk {number}", now=ENDS)
        booking = bookings(stores.helpline)[-1]
        done = wanted.starts_at + timedelta(minutes=30)
        close_talk(files, booking.id, closing=closing(Outcome.HELD), now=done)
        assert left_after(stores.helpline, booking) == MOST_TALKS - number
        if number == MOST_TALKS:
            with pytest.raises(NothingToHandOverError):
                give(stores.helpline, world, booking)
        else:
            code = give(stores.helpline, world, booking)


def test_a_next_talk_that_fails_leaves_the_right(stores: Stores, world: World, code: AccessCode) -> None:
    before = everything(stores.helpline)

    with pytest.raises(SlotTakenError):
        follow(stores.helpline, world, code, replace(RING_US, starts_at=TEN + timedelta(days=60)), now=ENDS)
    with stores.helpline.begin() as session:
        session.execute(delete(Drawn))
    with pytest.raises(BookingPausedError):
        follow(stores.helpline, world, code, NEXT_WEEK, now=ENDS)

    assert everything(stores.helpline) == before


def test_the_same_form_shows_the_same_slip_and_another_one_is_refused(
    stores: Stores, world: World, code: AccessCode
) -> None:
    receipt = follow(stores.helpline, world, code, NEXT_WEEK, now=ENDS)
    before = everything(stores.helpline)

    again = follow(stores.helpline, world, code, NEXT_WEEK, now=ENDS + REPLAY_WINDOW - timedelta(seconds=1))
    assert again == replace(receipt, is_repeat=True)
    for wanted, form in ((NEXT_WEEK, "another phone"), (FAR, "a next talk")):
        with pytest.raises(AlreadyBookedError):
            follow(stores.helpline, world, code, wanted, form=form, now=ENDS)
    assert everything(stores.helpline) == before


def test_a_code_that_gives_nothing_books_nothing(stores: Stores, world: World, code: AccessCode) -> None:
    with pytest.raises(TalkNotFoundError):
        follow(stores.helpline, world, draw_code(language="nl"), NEXT_WEEK, now=ENDS)


def test_a_first_talk_that_we_cancelled_gives_another_with_whoever_is_free_as_far_ahead_as_the_public(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)
    right = right_of(stores.helpline, world, receipt.code, now=NOW)
    assert right is not None
    assert (right.counsellor_id, right.talks_left, right.door) == (None, MOST_TALKS, Door.AGAIN)

    with pytest.raises(SlotTakenError):
        follow(stores.helpline, world, receipt.code, FAR)
    again = follow(stores.helpline, world, receipt.code, NEXT_WEEK)

    (talk,) = bookings(stores.helpline)
    assert (again.code, again.words) == (receipt.code, receipt.words)
    assert (talk.starts_at, talk.state, talk.talks_left) == (NEXT_WEEK.starts_at, TalkState.BOOKED, MOST_TALKS - 1)
    assert talk.booked_hour == hour_of(NOW)
    assert {it.booking_id for it in envelopes(stores.helpline)} == {talk.id}
    assert count(stores.helpline, BusyAtom) == 18


def test_a_later_talk_that_we_cancelled_gives_another_as_far_ahead_as_its_code_could_book(
    stores: Stores, world: World, files: Files, code: AccessCode
) -> None:
    follow(stores.helpline, world, code, NEXT_WEEK, now=ENDS)
    talk = bookings(stores.helpline)[-1]
    close_talk(files, talk.id, closing=closing(Outcome.CANCELLED_BY_US), now=ENDS)

    again = follow(stores.helpline, world, code, FAR, form="once more", now=ENDS)

    assert again.starts_at == FAR.starts_at
    assert bookings(stores.helpline)[-1].booked_hour is None


@pytest.mark.parametrize("is_released", [False, True], ids=["cancelled", "released"])
def test_a_code_of_a_first_talk_that_failed_comes_through_the_public_door_only(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking, *, is_released: bool
) -> None:
    if is_released:
        assert stores.helpline.transact(lambda session: release_hour(session, hour_of(NOW), now=NOW)) == 1
    else:
        close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)
    before = everything(stores.helpline)
    with stores.helpline.begin() as session:
        set_word(session, "lantaarn")
    with pytest.raises(WrongDoorWordError):
        follow(stores.helpline, world, receipt.code, NEXT_WEEK)
    with stores.helpline.begin() as session:
        set_word(session, None)
        pause(session, paused=True)
    with pytest.raises(BookingPausedError):
        follow(stores.helpline, world, receipt.code, NEXT_WEEK)
    with stores.helpline.begin() as session:
        pause(session, paused=False)
        set_far(session, FarDoor.SHUT_BY_STAFF, now=NOW)
    with pytest.raises(SlotTakenError):
        follow(stores.helpline, world, receipt.code, NEXT_WEEK)
    with stores.helpline.begin() as session:
        session.execute(delete(PublicDoor))

    assert everything(stores.helpline) == before


def test_the_times_are_those_of_the_counsellor_a_few_of_each_half_day(
    stores: Stores, world: World, code: AccessCode
) -> None:
    right = right_of(stores.helpline, world, code)
    assert right is not None
    asked = asked_by(right, language="nl")

    with stores.helpline.read() as session:
        times = times_to_choose(session, asked, desk=world.desk, now=ENDS)

    assert times is not None
    local = [time.astimezone(AMSTERDAM) for time in times]
    halves = Counter((time.date(), time.hour >= 12) for time in local)
    assert Counter(halves.values()).most_common(1)[0][0] == max(halves.values()) == 3
    morning = [f"{time:%H:%M}" for time in local if time.date() == NEXT_WEEK.starts_at.date() and time.hour < 12]
    assert morning == ["09:00", "10:00", "11:30"]
    assert max(times) > ENDS + timedelta(days=40)
    wanted = replace(RING_US, starts_at=times[-1])
    assert follow(stores.helpline, world, code, wanted, now=ENDS).starts_at == times[-1]


def test_a_counsellor_who_left_has_no_times(stores: Stores, world: World, code: AccessCode) -> None:
    right = right_of(stores.helpline, world, code)
    assert right is not None
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == ANNA).values(active=False))

    with stores.helpline.read() as session:
        assert times_to_choose(session, asked_by(right, language="nl"), desk=world.desk, now=ENDS) == ()


def test_while_the_clock_stands_still_there_are_no_times(stores: Stores, world: World, code: AccessCode) -> None:
    right = right_of(stores.helpline, world, code)
    assert right is not None

    with stores.helpline.read() as session:
        times = times_to_choose(
            session, asked_by(right, language="nl"), desk=world.desk, now=ENDS + timedelta(minutes=31)
        )

    assert times is None


def test_eight_phones_with_one_code_get_one_talk(stores: Stores, world: World, held: Booking) -> None:
    code = draw_code(language="nl")
    stores.helpline.transact(
        lambda session: hand_over(session, held.id, code=code, whose=ANNA, keys=world.desk.keys, now=NOW)
    )
    wishes = [replace(NEXT_WEEK, starts_at=NEXT_WEEK.starts_at + timedelta(hours=number)) for number in range(4)] * 2

    answers = race(
        stores, world, [Follow(code, wanted, form=f"phone {number}") for number, wanted in enumerate(wishes)]
    )

    assert answers.count(GONE) == 7
    (talk,) = [it for it in bookings(stores.helpline) if it.id != held.id]
    assert talk.starts_at.isoformat() in answers
    assert count(stores.helpline, FollowUp) == 0
