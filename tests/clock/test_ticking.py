"""Each minute: what is due goes from all stores and files, the list is drawn, the counts are released once a day."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpline.callbacks.draw import read_draw
from helpline.callbacks.keeping import KEPT_AFTER_SLOT
from helpline.callbacks.queue import ChangedMeanwhileError, Closing, Files, Outcome, close_talk
from helpline.callbacks.rota import day_bounds
from helpline.callbacks.tables import Booking, Envelope, TalkState
from helpline.callbacks.talk import TalkNotFoundError, cancel_by_visitor, destroy_number, lapsed_talks
from helpline.clock.lease import LATE, LIFE, ClockState, read_state
from helpline.clock.ticking import Clock
from helpline.roster import SignedRosterRow
from helpline.staff.audit import Deed, append
from helpline.staff.tables import Act, AuditEntry, StaffId
from helpline.store.engine import Sessions
from tests.clock.conftest import Noted, clock_over
from tests.support.counsellor import member
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, MONDAY, TEN, TUESDAY, WISH, at, bookings, count, is_empty_of_talks, request
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
GONE_AT = TEN + timedelta(minutes=30) + KEPT_AFTER_SLOT
BY_VISITOR = {"cancel": cancel_by_visitor, "destroy": destroy_number}
UNFINISHED = {TalkState.BOOKED, TalkState.EMERGENCY}


def state(stores: Stores) -> ClockState:
    with stores.helpline.read() as session:
        return read_state(session)


def is_listed(stores: Stores, *, now: datetime) -> bool:
    with stores.helpline.read() as session:
        return read_draw(session, language="nl", now=now) is not None


def test_a_tick_destroys_what_is_due_and_nothing_else(stores: Stores, world: World, clock: Clock) -> None:
    request(stores.helpline, world)

    assert clock.tick(GONE_AT - MINUTE)
    assert count(stores.helpline, Envelope) == 2
    assert clock.tick(GONE_AT)
    assert is_empty_of_talks(stores.helpline)


def test_a_tick_purges_the_office_too(stores: Stores, clock: Clock) -> None:
    with stores.office.begin() as session:
        session.add(member("anna"))
        session.flush()
        deed = Deed(StaffId("anna"), Act.ENVELOPE_OPENED, detail="a booking", slot_end=TEN)
        append(session, deed, now=TEN, zone=AMSTERDAM)

    def detail() -> str | None:
        with stores.office.read() as session:
            return session.scalars(select(AuditEntry.detail)).one()

    clock.tick(TEN + timedelta(hours=24) - MINUTE)
    assert detail() == "a booking"
    clock.tick(TEN + timedelta(hours=24))
    assert detail() is None


@pytest.mark.parametrize(("end", "lapsed"), [(state, int(state in UNFINISHED)) for state in TalkState])
def test_a_talk_that_nobody_closed_is_counted_once_when_it_goes(
    stores: Stores, world: World, clock: Clock, noted: Noted, end: TalkState, lapsed: int
) -> None:
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(state=end))

    clock.tick(GONE_AT - MINUTE)
    assert noted.counted == []
    clock.tick(GONE_AT)
    clock.tick(GONE_AT + MINUTE)
    assert noted.counted == [("callback", "lapsed")] * lapsed


@pytest.mark.parametrize("ending", ["cancel", "destroy", "close"])
def test_a_talk_that_ends_in_the_second_of_its_purge_is_counted_once(
    stores: Stores, world: World, clock: Clock, noted: Noted, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """One request in two cells would cost twice the price that the files name."""
    receipt = request(stores.helpline, world)
    files = Files(stores.helpline, stores.office, world.day_keys, AMSTERDAM)
    with stores.office.begin() as session:
        session.add(member("anna"))
    (booking,) = bookings(stores.helpline)

    def end() -> None:
        with suppress(TalkNotFoundError, ChangedMeanwhileError):
            if ending in BY_VISITOR:
                by_visitor = BY_VISITOR[ending]
                stores.helpline.transact(
                    lambda session: by_visitor(session, receipt.code, desk=world.desk, now=GONE_AT - SECOND)
                )
            else:
                closing = Closing(StaffId("anna"), Outcome.HELD, version=1, form="a form")
                close_talk(files, booking.id, closing=closing, now=GONE_AT - SECOND)
            noted.count(("callback", ending))

    ends = threading.Thread(target=end)

    def counted(session: Session, *, now: datetime) -> int:
        lapsed = lapsed_talks(session, now=now)
        ends.start()
        ends.join(timeout=1)
        return lapsed

    monkeypatch.setattr("helpline.clock.ticking.lapsed_talks", counted)
    clock.tick(GONE_AT)
    ends.join()

    assert len(noted.counted) == 1


def test_a_tick_draws_the_list_of_its_quarter_once(stores: Stores, world: World, clock: Clock) -> None:
    quarter = NOW.replace(minute=15, second=0)
    assert not is_listed(stores, now=quarter + timedelta(minutes=20))

    clock.tick(quarter)
    with stores.helpline.read() as session:
        first = read_draw(session, language="nl", now=quarter)
    clock.tick(quarter + 14 * MINUTE)

    assert is_listed(stores, now=quarter + timedelta(minutes=20))
    with stores.helpline.read() as session:
        assert read_draw(session, language="nl", now=quarter + 14 * MINUTE) == first


@pytest.mark.parametrize("fault", ["none signed", "over"])
def test_without_a_valid_roster_nothing_is_drawn_and_the_purge_goes_on(
    stores: Stores, world: World, clock: Clock, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    request(stores.helpline, world)
    now = GONE_AT + timedelta(days=30) if fault == "over" else GONE_AT
    if fault == "none signed":
        with stores.helpline.begin() as session:
            session.execute(delete(SignedRosterRow))

    assert clock.tick(now)

    assert not is_listed(stores, now=now)
    assert is_empty_of_talks(stores.helpline)
    assert "no valid roster" in caplog.text


def test_a_second_clock_does_nothing_while_the_first_ticks(stores: Stores, world: World, clock: Clock) -> None:
    request(stores.helpline, world)
    with clock_over(stores, world, noted=Noted(), holder="another") as other:
        clock.tick(GONE_AT - MINUTE)

        assert not other.tick(GONE_AT)
        assert count(stores.helpline, Booking) == 1
        assert other.tick(GONE_AT - MINUTE + LIFE)
        assert not clock.tick(GONE_AT - MINUTE + LIFE)
    assert is_empty_of_talks(stores.helpline)


def test_a_tick_notes_its_work(stores: Stores, clock: Clock) -> None:
    clock.tick(NOW)
    clock.tick(NOW + MINUTE)

    assert state(stores) == ClockState(NOW + MINUTE, NOW + MINUTE)
    assert not state(stores).is_late(NOW + MINUTE + LATE)


def test_a_reader_in_the_way_of_the_wiping_is_noticed_and_shows_as_late(
    stores: Stores, world: World, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says "busy" without an error; PostgreSQL waits for the table. The purge is done all the same."""
    monkeypatch.setattr("helpline.store.engine.BUSY_TIMEOUT_SECONDS", 1)
    with clock_over(stores, world, noted=noted) as clock:
        clock.tick(NOW)
        with stores.helpline.read() as reading:
            reading.scalars(select(Booking)).all()
            request(stores.helpline, world)
            assert clock.tick(GONE_AT)
            assert is_empty_of_talks(stores.helpline)
            assert state(stores) == ClockState(GONE_AT, NOW)
            assert state(stores).is_late(GONE_AT)
        clock.tick(GONE_AT + MINUTE)
    assert state(stores) == ClockState(GONE_AT + MINUTE, GONE_AT + MINUTE)


def midnight_after(day: date) -> datetime:
    return day_bounds(day, zone=AMSTERDAM)[1]


def test_the_key_of_a_day_without_an_envelope_goes_when_the_day_is_over(world: World, clock: Clock) -> None:
    clock.tick(midnight_after(TUESDAY) - MINUTE)
    assert TUESDAY in world.day_keys.days()
    assert MONDAY not in world.day_keys.days()

    clock.tick(midnight_after(TUESDAY))
    assert world.day_keys.days()[0] == TUESDAY + timedelta(days=1)


def test_the_key_of_a_day_goes_with_its_last_envelope(stores: Stores, world: World, clock: Clock) -> None:
    """That is 24 hours after the day's last slot, not after its midnight."""
    last = replace(WISH, starts_at=at(TUESDAY, "16:30"))
    for wanted in (WISH, last):
        request(stores.helpline, world, wanted, form=f"{wanted.starts_at}")
    gone_at = at(TUESDAY, "17:00") + timedelta(hours=24)

    clock.tick(gone_at - MINUTE)
    assert TUESDAY in world.day_keys.days()
    assert len(bookings(stores.helpline)) == 1
    clock.tick(gone_at)
    assert TUESDAY not in world.day_keys.days()


def test_the_key_of_a_day_goes_a_day_later_whatever_the_store_says(stores: Stores, world: World, clock: Clock) -> None:
    """Whoever can write to the store cannot keep a key by moving an envelope's hour."""
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(destroy_at=GONE_AT + timedelta(days=900)))
        session.execute(update(Envelope).values(destroy_at=GONE_AT + timedelta(days=900)))

    clock.tick(midnight_after(TUESDAY) + timedelta(hours=24) - MINUTE)
    assert TUESDAY in world.day_keys.days()
    clock.tick(midnight_after(TUESDAY) + timedelta(hours=24))
    assert TUESDAY not in world.day_keys.days()


def test_the_key_of_a_day_goes_a_day_later_though_no_database_answers(
    stores: Stores, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a dead server: what opens yesterday's envelopes must not wait for it to be mended."""
    request(stores.helpline, world)

    def away(self: Sessions) -> Iterator[Session]:
        raise OperationalError("BEGIN", None, Exception("away"))

    monkeypatch.setattr(Sessions, "begin", contextmanager(away))
    monkeypatch.setattr(Sessions, "read", contextmanager(away))
    with pytest.raises(OperationalError):
        clock.tick(midnight_after(TUESDAY) + timedelta(hours=24))

    assert TUESDAY not in world.day_keys.days()


def test_a_clock_that_was_away_for_a_week_destroys_every_key_that_is_due(world: World, clock: Clock) -> None:
    clock.tick(NOW + timedelta(days=7))

    assert world.day_keys.days()[0] == MONDAY + timedelta(days=7)


def test_the_counts_are_released_once_a_day_from_three_in_the_morning(
    stores: Stores, world: World, clock: Clock, noted: Noted
) -> None:
    clock.tick(at(TUESDAY, "02:00"))
    assert noted.releases == 1  # it has just started, and may have missed yesterday's
    for time in ("02:59", "03:00", "03:01", "12:00", "23:59"):
        clock.tick(at(TUESDAY, time))

    assert noted.releases == 2
    clock.tick(at(TUESDAY + timedelta(days=1), "02:59"))
    assert noted.releases == 2
    clock.tick(at(TUESDAY + timedelta(days=1), "03:00"))
    assert noted.releases == 3


def test_a_release_that_failed_is_tried_again_each_minute(clock: Clock, noted: Noted) -> None:
    noted.release_works = False
    for minutes in range(3):
        clock.tick(NOW + minutes * MINUTE)
    assert noted.releases == 3

    noted.release_works = True
    for minutes in range(3, 6):
        clock.tick(NOW + minutes * MINUTE)
    assert noted.releases == 4
