"""Who could take a talk, and when nothing is handed over: then everything stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from helpline.callbacks.draw import read_draw
from helpline.callbacks.handing_over import (
    CannotTakeError,
    Hindrance,
    Taker,
    Terms,
    hand_over,
    openers_of,
    who_could_take,
)
from helpline.callbacks.queue import (
    ChangedMeanwhileError,
    Files,
    Opener,
    Outcome,
    TalkGoneError,
    close_talk,
    open_envelope,
)
from helpline.callbacks.rota_keeping import retire_counsellor
from helpline.callbacks.tables import Booking, BookingId, CounsellorId, Envelope, TalkState
from helpline.crypto.opening import CannotOpenError
from helpline.day_keys import DayKeyGoneError
from helpline.settings.programme import Programme
from helpline.staff.tables import Act, StaffId
from tests.support.counsellor import acts, closing, opener
from tests.support.following import draw_again
from tests.support.handing import change, end_all_hours, errand, give, occupy, terms, world_of_three
from tests.support.stores import Stores
from tests.support.talks import (
    TEN,
    TUESDAY,
    WISH,
    booking_of,
    bookings,
    everything,
    request,
    request_by_staff,
)
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
ANNA, BRAM, CARLA = (CounsellorId(name) for name in ("anna", "bram", "carla"))


@pytest.fixture
def stores(stores_in_files: Stores) -> Stores:
    """Give stores in files: these are rules, and what they touch is tried on both databases beside them."""
    return stores_in_files


@pytest.fixture
def world(stores: Stores) -> World:
    """Give a helpline of three, of whom carla alone stands in for others."""
    return world_of_three(stores)


def nobody_is_free(stores: Stores) -> None:
    for name in ("bram", "carla"):
        occupy(stores, name)


def nobody_speaks_dutch(stores: Stores) -> None:
    for name in ("bram", "carla"):
        change(stores, name, languages="en")


REFUSALS: dict[Hindrance, tuple[str | None, Callable[[Stores], None]]] = {
    Hindrance.NOBODY_FREE: (None, nobody_is_free),
    Hindrance.NOBODY_SPEAKS_IT: (None, nobody_speaks_dutch),
    Hindrance.TAKER_BUSY: ("bram", lambda stores: occupy(stores, "bram")),
    Hindrance.TAKER_SPEAKS_OTHERWISE: ("bram", lambda stores: change(stores, "bram", languages="en")),
    Hindrance.TAKER_CANNOT_OPEN: ("bram", lambda stores: change(stores, "bram", active=False)),
}


@pytest.mark.parametrize(
    ("to", "hindrance"), [(None, Hindrance.NOBODY_TRAINED), ("bram", Hindrance.TAKER_NOT_TRAINED)], ids=["any", "bram"]
)
def test_a_talk_of_the_list_for_under_18s_goes_to_trained_colleagues_only(
    stores: Stores, world: World, files: Files, to: str | None, hindrance: Hindrance
) -> None:
    change(stores, "anna", youth=True)
    later = NOW + timedelta(minutes=15)
    draw_again(stores.helpline, world, now=later)
    with stores.helpline.read() as session:
        times = read_draw(session, language="nl", youth=True, now=later) or ()
    wish = replace(WISH, starts_at=times[0], youth=True)
    talk = booking_of(stores.helpline, world, request(stores.helpline, world, wish, now=later))

    with pytest.raises(CannotTakeError) as refused:
        give(files, world, talk, to=to)
    assert refused.value.hindrance is hindrance

    change(stores, "carla", youth=True)
    assert give(files, world, talk) == CARLA


@pytest.mark.parametrize("hindrance", REFUSALS, ids=str)
def test_a_talk_that_nobody_can_take_stays_whole(
    stores: Stores, world: World, files: Files, booking: Booking, hindrance: Hindrance
) -> None:
    to, prepare = REFUSALS[hindrance]
    prepare(stores)
    before = everything(stores.helpline)

    with pytest.raises(CannotTakeError) as refused:
        give(files, world, booking, to=to)

    assert refused.value.hindrance is hindrance
    assert everything(stores.helpline) == before
    assert (
        open_envelope(files, booking.id, opener=opener(world, "anna"), programme=world.programme, now=NOW).wish == WISH
    )


@pytest.mark.parametrize("to", ["nobody", "anna"])
def test_nobody_unknown_and_not_who_has_it_already_gets_a_talk(
    stores: Stores, world: World, files: Files, booking: Booking, to: str
) -> None:
    before = everything(stores.helpline)

    with pytest.raises(CannotTakeError):
        give(files, world, booking, to=to)

    assert everything(stores.helpline) == before


def test_nobody_who_is_not_on_the_roster_of_that_day_gets_a_talk(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    roster = terms(world).roster
    anna, bram, carla = roster.readers
    gone = replace(roster, readers=(anna, replace(bram, last_day=TUESDAY - timedelta(days=1)), carla))
    by_then = Terms(world.programme, gone)

    with pytest.raises(CannotTakeError):
        hand_over(files, errand(world, booking.id, to="bram"), terms=by_then, now=NOW)
    with stores.helpline.read() as session:
        takers = who_could_take(session, TEN, terms=by_then, now=NOW)
    assert [taker.counsellor_id for taker in takers] == [CARLA]
    assert hand_over(files, errand(world, booking.id), terms=by_then, now=NOW) == CARLA


def test_those_on_shift_come_first_and_others_may_be_asked(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    end_all_hours(stores, BRAM)
    change(stores, "carla", youth=True)

    with stores.helpline.read() as session:
        takers = who_could_take(session, TEN, terms=terms(world), now=NOW)

    assert takers == [
        Taker(CARLA, "Carla", ("nl", "en"), youth=True, on_shift=True),
        Taker(BRAM, "Bram", ("nl", "en"), youth=False, on_shift=False),
    ]
    assert give(files, world, booking, to="bram") == BRAM


def test_nobody_is_asked_by_herself_outside_her_hours(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    end_all_hours(stores, BRAM)
    end_all_hours(stores, CARLA)

    with pytest.raises(CannotTakeError, match="nobody_free"):
        give(files, world, booking)


def test_whoever_left_keeps_nothing_and_a_stand_in_hands_her_talk_over(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    with stores.helpline.begin() as session:
        retire_counsellor(session, ANNA, today=NOW.date())

    with stores.helpline.read() as session:
        assert openers_of(session, [booking.id], now=NOW) == {booking.id: [ANNA, CARLA]}
        assert openers_of(session, [booking.id], now=booking.destroy_at) == {booking.id: []}
    assert hand_over(files, errand(world, booking.id, by="carla"), terms=terms(world), now=NOW) == BRAM


def test_whoever_has_no_envelope_of_it_hands_nothing_over(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    before = everything(stores.helpline)

    with pytest.raises(TalkGoneError):
        hand_over(files, errand(world, booking.id, by="bram"), terms=terms(world), now=NOW)

    assert everything(stores.helpline) == before


CHANGES: dict[str, tuple[dict[str, object], type[Exception]]] = {
    "another version": ({"version": 2}, ChangedMeanwhileError),
    "an emergency": ({"state": TalkState.EMERGENCY}, ChangedMeanwhileError),
    "held": ({"state": TalkState.HELD}, ChangedMeanwhileError),
    "over": ({"starts_at": NOW - timedelta(hours=1), "ends_at": NOW}, ChangedMeanwhileError),
    "past its hour": ({"destroy_at": NOW}, TalkGoneError),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_talk_that_is_not_as_it_was_seen_is_not_handed_over(
    stores: Stores, world: World, files: Files, booking: Booking, what: str
) -> None:
    values, refusal = CHANGES[what]
    with stores.helpline.begin() as session:
        session.execute(update(Booking).values(values))
    before = everything(stores.helpline)

    with pytest.raises(refusal):
        give(files, world, booking)

    assert everything(stores.helpline) == before
    assert acts(stores) == []


def test_a_talk_that_changes_while_its_envelope_is_open_is_not_handed_over(
    stores: Stores, world: World, files: Files, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened_and_closed(
        files: Files, talk: BookingId, *, opener: Opener, programme: Programme, now: datetime
    ) -> object:
        contents = open_envelope(files, talk, opener=opener, programme=programme, now=now)
        close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)
        return contents

    monkeypatch.setattr("helpline.callbacks.handing_over.open_envelope", opened_and_closed)

    with pytest.raises(ChangedMeanwhileError):
        give(files, world, booking)
    assert bookings(stores.helpline)[0].state is TalkState.CANCELLED_BY_US


def test_the_call_screen_of_who_had_it_records_nothing_any_more(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    give(files, world, booking)

    with pytest.raises(ChangedMeanwhileError):
        close_talk(files, booking.id, closing=closing(Outcome.CANCELLED_BY_US), now=NOW)


def test_without_audit_nothing_is_handed_over(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    """An account that is not there breaks the audit's foreign key."""
    ghost = replace(errand(world, booking.id), opener=replace(opener(world, "anna"), staff_id=StaffId("nobody")))
    before = everything(stores.helpline)

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        hand_over(files, ghost, terms=terms(world), now=NOW)

    assert everything(stores.helpline) == before


def spoil(stores: Stores, world: World) -> None:
    del world
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).values(sealed=b"nonsense"))


def swap(stores: Stores, world: World) -> None:
    other = request_by_staff(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(hours=2)), form="other")
    foreign = booking_of(stores.helpline, world, other)
    with stores.helpline.begin() as session:
        sealed = session.scalars(select(Envelope.sealed).where(Envelope.booking_id == foreign.id)).first()
        session.execute(update(Booking).where(Booking.id == foreign.id).values(counsellor_id="anna"))
        session.execute(update(Envelope).where(Envelope.counsellor_id == "anna").values(sealed=sealed))


UNREADABLE: dict[str, tuple[Callable[[Stores, World], None], type[Exception]]] = {
    "the day's key is gone": (lambda _, world: world.day_keys.destroy(TUESDAY), DayKeyGoneError),
    "damaged": (spoil, CannotOpenError),
    "of another talk": (swap, CannotOpenError),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_an_envelope_that_cannot_be_opened_stays_where_it_is(
    stores: Stores, world: World, files: Files, booking: Booking, what: str
) -> None:
    prepare, refusal = UNREADABLE[what]
    prepare(stores, world)
    before = everything(stores.helpline)

    with pytest.raises(refusal):
        give(files, world, booking)

    assert everything(stores.helpline) == before
    assert [act for act, _, _ in acts(stores)] == [Act.HAND_OVER_SENT]
