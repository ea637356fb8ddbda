"""One outcome per talk, and destruction with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from helpline.callbacks.booking import Receipt
from helpline.callbacks.day_rooms import rooms_of_days
from helpline.callbacks.keeping import KEPT_AFTER_OUR_FAULT, KEPT_AFTER_SLOT
from helpline.callbacks.queue import (
    OUR_FAULT,
    ChangedMeanwhileError,
    Files,
    Outcome,
    TalkGoneError,
    TooEarlyError,
    close_talk,
    destroy_envelopes_of,
    open_envelope,
    start_emergency,
)
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, Envelope, TalkState
from helpline.callbacks.talk import TalkNotFoundError, cancel_by_visitor, destroy_number, find_talk
from helpline.retention import purge_expired
from helpline.staff.tables import Act, StaffId
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from tests.support.counsellor import acts, closing, day_of, opener
from tests.support.stores import Stores
from tests.support.talks import TEN, WISH, bookings, count, envelopes, request
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
ENDS = TEN + timedelta(minutes=30)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - OUR_FAULT))
def test_an_outcome_destroys_the_envelope_and_leaves_the_time_taken(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking, outcome: Outcome
) -> None:
    assert close_talk(files, booking.id, closing=closing(outcome), now=ENDS)

    (closed,) = bookings(stores.helpline)
    assert (closed.state, closed.version) == (outcome.state, 2)
    assert closed.destroy_at == ENDS + KEPT_AFTER_SLOT
    assert count(stores.helpline, Envelope) == 0
    assert atoms_of(stores, booking) == 18
    with stores.helpline.read() as session:
        assert find_talk(session, receipt.code, desk=world.desk, now=ENDS).state is outcome.state
    assert acts(stores) == [(Act.OUTCOME_SENT, "anna", booking.id)]


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_a_talk_that_failed_on_our_side_counts_in_no_cap(
    stores: Stores, world: World, files: Files, booking: Booking, outcome: Outcome
) -> None:
    """Nobody sat there: neither her cap of the day nor the share that goes far ahead is used up."""
    assert close_talk(files, booking.id, closing=closing(outcome), now=ENDS)

    roster, day = world.desk.roster, TEN.date()
    assert roster is not None
    with stores.helpline.read() as session:
        room = rooms_of_days(session, [day], programme=world.programme, roster=roster)[day]
    assert room.talks == (outcome not in OUR_FAULT)


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_a_talk_whose_number_the_visitor_destroyed_has_no_second_outcome(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking, outcome: Outcome
) -> None:
    stores.helpline.transact(lambda session: destroy_number(session, receipt.code, desk=world.desk, now=NOW))

    for version in (1, 2):
        with pytest.raises(ChangedMeanwhileError):
            close_talk(files, booking.id, closing=replace(closing(outcome), version=version), now=ENDS)


def test_a_talk_that_we_cancel_keeps_its_envelope_until_its_slot_has_passed(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    assert close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)

    assert count(stores.helpline, BusyAtom) == 0
    assert [talk.stands for talk in day_of(stores, "anna")] == [False]
    anna = opener(world, "anna")
    late = ENDS - SECOND
    assert open_envelope(files, booking.id, opener=anna, programme=world.programme, now=late).wish == WISH
    with pytest.raises(TalkGoneError):
        open_envelope(files, booking.id, opener=anna, programme=world.programme, now=ENDS)


@pytest.mark.parametrize("outcome", sorted(OUR_FAULT))
def test_a_talk_that_failed_on_our_side_after_its_slot_loses_its_envelope_and_keeps_its_code_for_a_week(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking, outcome: Outcome
) -> None:
    close_talk(files, booking.id, closing=closing(outcome), now=ENDS)

    assert (count(stores.helpline, Envelope), count(stores.helpline, BusyAtom)) == (0, 0)
    last = ENDS + KEPT_AFTER_OUR_FAULT
    with stores.helpline.begin() as session:
        purge_expired(session, METADATA[StoreName.HELPLINE], now=last - SECOND)
        assert find_talk(session, receipt.code, desk=world.desk, now=last - SECOND).state is outcome.state
    (kept,) = bookings(stores.helpline)
    assert (kept.booked_hour, kept.hour_until, kept.ring_again_at) == (None, None, None)
    assert last <= kept.destroy_at < last + timedelta(hours=1)


def test_a_talk_to_which_we_did_not_come_can_still_be_opened_until_its_slot_is_over(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    """Ten minutes late we say that we were not there; the visitor rings once more."""
    close_talk(files, booking.id, closing=closing(Outcome.NOT_THERE), now=TEN + timedelta(minutes=10))

    anna = opener(world, "anna")
    assert open_envelope(files, booking.id, opener=anna, programme=world.programme, now=ENDS - SECOND).wish == WISH
    with pytest.raises(TalkGoneError):
        open_envelope(files, booking.id, opener=anna, programme=world.programme, now=ENDS)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=11)])
def test_the_code_of_a_talk_that_we_cancel_says_so_at_the_time_of_the_talk_and_for_days_after(
    stores: Stores, world: World, files: Files, ahead: timedelta
) -> None:
    wanted = replace(WISH, starts_at=TEN + timedelta(days=12))
    receipt = request(stores.helpline, world, wanted)
    (booking,) = bookings(stores.helpline)
    now = receipt.starts_at - ahead
    close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=now)

    last = receipt.ends_at + KEPT_AFTER_OUR_FAULT
    for moment in (now, receipt.starts_at, last - SECOND):
        with stores.helpline.begin() as session:
            purge_expired(session, METADATA[StoreName.HELPLINE], now=moment)
            talk = find_talk(session, receipt.code, desk=world.desk, now=moment)
        assert talk.state is TalkState.CANCELLED_BY_US
        assert talk.has_envelope is (moment < receipt.ends_at)
    (kept,) = bookings(stores.helpline)
    assert (kept.booked_hour, kept.hour_until) == (None, None)
    assert kept.destroy_at < last + timedelta(hours=1)


def test_the_same_form_counts_once(stores: Stores, files: Files, booking: Booking) -> None:
    form = closing(Outcome.HELD, form="the same")

    assert close_talk(files, booking.id, closing=form, now=ENDS)
    assert not close_talk(files, booking.id, closing=form, now=ENDS)
    assert len(acts(stores)) == 1


def test_a_form_sent_again_after_a_crash_finishes_what_it_began(
    stores: Stores, files: Files, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audit is written, then the process dies: the second sending closes the talk and counts."""
    form = closing(Outcome.HELD, form="the same")
    with monkeypatch.context() as patch:
        patch.setattr("helpline.callbacks.queue.change_state", _die)
        with pytest.raises(KeyboardInterrupt):
            close_talk(files, booking.id, closing=form, now=ENDS)
    assert (len(acts(stores)), count(stores.helpline, Envelope)) == (1, 2)

    assert close_talk(files, booking.id, closing=form, now=ENDS)
    assert (len(acts(stores)), count(stores.helpline, Envelope)) == (1, 0)


def atoms_of(stores: Stores, booking: Booking) -> int:
    """Return how many atoms *booking* holds."""
    with stores.helpline.read() as session:
        held = select(func.count()).select_from(BusyAtom).where(BusyAtom.booking_id == booking.id)
        return session.scalars(held).one()


def _die(*_: object, **__: object) -> bool:
    raise KeyboardInterrupt


def test_another_form_cannot_close_a_closed_talk(stores: Stores, files: Files, booking: Booking) -> None:
    close_talk(files, booking.id, closing=closing(Outcome.HELD), now=ENDS)

    for outcome, version in ((Outcome.HELD, 2), (Outcome.MISSED, 2), (Outcome.MISSED, 1)):
        with pytest.raises(ChangedMeanwhileError):
            close_talk(files, booking.id, closing=closing(outcome, version=version), now=ENDS)
    assert bookings(stores.helpline)[0].state is TalkState.HELD


def test_a_page_that_shows_an_old_version_changes_nothing(stores: Stores, files: Files, booking: Booking) -> None:
    anna = StaffId("anna")
    start_emergency(files, booking.id, person=anna, version=1, now=NOW)

    with pytest.raises(ChangedMeanwhileError):
        close_talk(files, booking.id, closing=closing(Outcome.HELD, version=1), now=ENDS)
    with pytest.raises(ChangedMeanwhileError):
        start_emergency(files, booking.id, person=anna, version=1, now=NOW)
    assert count(stores.helpline, Envelope) == 2


def test_an_emergency_is_written_down_and_ends_with_the_outcome(stores: Stores, files: Files, booking: Booking) -> None:
    start_emergency(files, booking.id, person=StaffId("bram"), version=1, now=TEN)

    (running,) = bookings(stores.helpline)
    assert (running.state, running.version) == (TalkState.EMERGENCY, 2)
    assert close_talk(files, booking.id, closing=closing(Outcome.HELD, version=2), now=ENDS)
    assert [act for act, _, _ in acts(stores)] == [Act.EMERGENCY_HELD, Act.OUTCOME_SENT]
    assert count(stores.helpline, Envelope) == 0


def test_a_visitor_cannot_cancel_under_a_running_emergency(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    start_emergency(files, booking.id, person=StaffId("anna"), version=1, now=NOW)

    with pytest.raises(TalkNotFoundError), stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)
    assert count(stores.helpline, Envelope) == 2


def test_whoever_changes_the_talk_between_reading_and_writing_wins(
    stores: Stores, files: Files, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audit takes its time; meanwhile a colleague closes the talk."""

    def closed_meanwhile(*_: object, **__: object) -> bool:
        with stores.helpline.begin() as session:
            session.execute(update(Booking).values(state=TalkState.MISSED, version=2))
        return True

    monkeypatch.setattr("helpline.callbacks.queue.append", closed_meanwhile)

    with pytest.raises(ChangedMeanwhileError):
        close_talk(files, booking.id, closing=closing(Outcome.HELD), now=ENDS)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=TalkState.BOOKED, version=1))
    with pytest.raises(ChangedMeanwhileError):
        start_emergency(files, booking.id, person=StaffId("anna"), version=1, now=ENDS)
    assert bookings(stores.helpline)[0].state is TalkState.MISSED


def test_who_leaves_loses_every_envelope_sealed_to_her(stores: Stores, world: World) -> None:
    for form in ("one", "other"):
        request(stores.helpline, world, form=form)

    with stores.helpline.begin() as session:
        assert destroy_envelopes_of(session, CounsellorId("anna")) == 2
    assert {envelope.counsellor_id for envelope in envelopes(stores.helpline)} == {"bram"}


def test_what_the_audit_says_of_a_talk_goes_a_day_after_its_slot_and_the_chain_holds(
    stores: Stores, files: Files, booking: Booking
) -> None:
    close_talk(files, booking.id, closing=closing(Outcome.HELD), now=ENDS)
    with stores.office.begin() as session:
        purge_expired(session, METADATA[StoreName.OFFICE], now=ENDS + KEPT_AFTER_SLOT - SECOND)
    assert acts(stores) == [(Act.OUTCOME_SENT, "anna", booking.id)]

    with stores.office.begin() as session:
        purge_expired(session, METADATA[StoreName.OFFICE], now=ENDS + KEPT_AFTER_SLOT)

    assert acts(stores) == [(Act.OUTCOME_SENT, "anna", None)]


def test_a_private_key_is_in_no_repr(world: World) -> None:
    anna = opener(world, "anna")

    assert repr(anna.private_key) not in repr(anna)


def test_a_talk_of_another_day_can_only_be_cancelled(stores: Stores, world: World, files: Files) -> None:
    """A slip of the hand on next week's talk must not destroy what its counsellor needs."""
    request(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(days=7)))
    (booking,) = bookings(stores.helpline)
    midnight = booking.starts_at.astimezone(files.zone).replace(hour=0, minute=0)

    for outcome in set(Outcome) - {Outcome.CANCELLED_BY_US}:
        with pytest.raises(TooEarlyError):
            close_talk(files, booking.id, closing=closing(outcome), now=midnight - SECOND)
    assert count(stores.helpline, Envelope) == 2

    assert close_talk(files, booking.id, closing=closing(Outcome.HELD), now=midnight)
