"""We ring twice at most, and only the call screen knows of the first time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from helpline.callbacks.booking import Receipt
from helpline.callbacks.queue import (
    Attempt,
    ChangedMeanwhileError,
    Files,
    Outcome,
    RangTwiceError,
    TalkGoneError,
    TooEarlyError,
    close_talk,
    note_attempt,
    open_envelope,
)
from helpline.callbacks.tables import Booking, Envelope, TalkState
from helpline.callbacks.talk import cancel_by_visitor, destroy_number, find_talk
from helpline.staff.tables import Act, StaffId
from tests.support.counsellor import acts, closing, day_of, opener
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, bookings, count, is_empty_of_talks
from tests.support.world import World

TEN_MINUTES = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
FIRST = Attempt(StaffId("anna"), 1, "the first")


def test_after_the_first_attempt_the_talk_stands_and_its_code_says_nothing_new(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    with stores.helpline.read() as session:
        before = find_talk(session, receipt.code, desk=world.desk, now=TEN)

    assert note_attempt(files, booking.id, attempt=FIRST, now=TEN + SECOND) == TEN + TEN_MINUTES

    with stores.helpline.read() as session:
        after = find_talk(session, receipt.code, desk=world.desk, now=TEN)
    assert after == replace(before, version=2)
    assert acts(stores) == [(Act.ATTEMPT_MADE, "anna", booking.id)]
    (mine,) = day_of(stores, "anna", day=TUESDAY, now=TEN)
    assert (mine.stands, mine.ring_again_at) == (True, TEN + TEN_MINUTES)
    again = open_envelope(
        files, booking.id, opener=opener(world, "anna"), programme=world.programme, now=TEN + TEN_MINUTES
    )
    assert again.words == receipt.words


def test_nobody_is_rung_a_third_time(stores: Stores, files: Files, booking: Booking) -> None:
    note_attempt(files, booking.id, attempt=FIRST, now=TEN)

    with pytest.raises(RangTwiceError):
        note_attempt(files, booking.id, attempt=Attempt(StaffId("anna"), 2, "the second"), now=TEN + TEN_MINUTES)
    assert close_talk(files, booking.id, closing=closing(Outcome.NOT_REACHED, version=2), now=TEN + TEN_MINUTES)
    (closed,) = bookings(stores.helpline)
    assert (closed.state, closed.ring_again_at, count(stores.helpline, Envelope)) == (TalkState.NOT_REACHED, None, 0)


def test_the_same_form_twice_is_one_attempt(stores: Stores, files: Files, booking: Booking) -> None:
    first = note_attempt(files, booking.id, attempt=FIRST, now=TEN)

    assert note_attempt(files, booking.id, attempt=FIRST, now=TEN + TEN_MINUTES) == first
    assert bookings(stores.helpline)[0].version == 2
    assert len(acts(stores)) == 1


def test_a_form_sent_again_after_a_crash_notes_what_it_began_to_note(
    stores: Stores, files: Files, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("helpline.callbacks.queue.change_state", die)
        with pytest.raises(KeyboardInterrupt):
            note_attempt(files, booking.id, attempt=FIRST, now=TEN)
    assert (len(acts(stores)), bookings(stores.helpline)[0].ring_again_at) == (1, None)

    note_attempt(files, booking.id, attempt=FIRST, now=TEN)
    assert (len(acts(stores)), bookings(stores.helpline)[0].ring_again_at) == (1, TEN + TEN_MINUTES)


def test_an_attempt_of_an_old_page_changes_nothing(
    stores: Stores, files: Files, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ChangedMeanwhileError):
        note_attempt(files, booking.id, attempt=Attempt(StaffId("anna"), 7, "old"), now=TEN)

    def closed_meanwhile(*_: object, **__: object) -> bool:
        with stores.helpline.begin() as session:
            session.execute(update(Booking).values(state=TalkState.HELD, version=2))
        return True

    monkeypatch.setattr("helpline.callbacks.queue.append", closed_meanwhile)
    with pytest.raises(ChangedMeanwhileError):
        note_attempt(files, booking.id, attempt=FIRST, now=TEN)
    assert bookings(stores.helpline)[0].ring_again_at is None


def test_a_talk_of_another_day_or_none_has_no_attempt(files: Files, booking: Booking) -> None:
    midnight = booking.starts_at.astimezone(files.zone).replace(hour=0, minute=0)

    with pytest.raises(TooEarlyError):
        note_attempt(files, booking.id, attempt=FIRST, now=midnight - SECOND)
    with pytest.raises(TalkGoneError):
        note_attempt(files, booking.id, attempt=FIRST, now=booking.destroy_at)


def test_between_two_attempts_the_visitor_can_cancel_or_destroy_the_number(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    note_attempt(files, booking.id, attempt=FIRST, now=TEN)
    with stores.helpline.begin() as session:
        nested = session.begin_nested()
        destroy_number(session, receipt.code, desk=world.desk, now=TEN + SECOND)
        nested.rollback()
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=TEN + SECOND)

    assert is_empty_of_talks(stores.helpline)
