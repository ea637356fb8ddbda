"""A talk passes to a colleague: the same words, the same contents, another reader; or nothing happens at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpline.callbacks.booking import Receipt
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
    STAND_IN_FROM,
    ChangedMeanwhileError,
    Files,
    NotYoursError,
    Opener,
    Outcome,
    TalkGoneError,
    close_talk,
    open_envelope,
)
from helpline.callbacks.rota import atoms
from helpline.callbacks.rota_keeping import add_absence, end_hours, retire_counsellor, weekly_hours
from helpline.callbacks.tables import Booking, BookingId, BusyAtom, Counsellor, CounsellorId, Envelope, TalkState
from helpline.callbacks.talk import cancel_by_visitor, find_talk
from helpline.crypto.opening import CannotOpenError
from helpline.day_keys import DayKeyGoneError
from helpline.settings.programme import Programme
from helpline.staff.tables import Act, StaffId
from helpline.store.engine import StoreName
from helpline.store.schema import METADATA
from tests.support.counsellor import acts, closing, opener
from tests.support.handing import assert_whole, errand, terms
from tests.support.stores import Stores
from tests.support.talks import (
    TEN,
    TUESDAY,
    WISH,
    at,
    atoms_of,
    booking_of,
    bookings,
    envelopes,
    request,
    request_by_staff,
)
from tests.support.world import NOW, World, make_world, sign_roster

SECOND = timedelta(seconds=1)
ANNA, BRAM, CARLA = (CounsellorId(name) for name in ("anna", "bram", "carla"))


@pytest.fixture
def world(stores: Stores) -> World:
    """Give a helpline of three, of whom carla alone stands in for others."""
    made = make_world(stores.helpline, stores.data_dir, names=("anna", "bram", "carla"))
    with stores.helpline.begin() as session:
        roster = sign_roster(session, made.colleagues, day_keys=made.day_keys, now=NOW, stand_ins=["carla"])
    return replace(made, desk=replace(made.desk, roster=roster))


def give(files: Files, world: World, talk: Booking, *, to: str | None = None, now: datetime = NOW) -> CounsellorId:
    return hand_over(files, errand(world, talk.id, to=to), terms=terms(world), now=now)


def change(stores: Stores, counsellor: str, **values: object) -> None:
    with stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == counsellor).values(values))


def occupy(stores: Stores, counsellor: str) -> None:
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId(counsellor), starts_at=TEN, ends_at=TEN + timedelta(hours=1))


def rows(stores: Stores) -> dict[str, list[Any]]:
    with stores.helpline.read() as session:
        tables = METADATA[StoreName.HELPLINE].tables.items()
        return {name: sorted(map(repr, session.execute(select(table)))) for name, table in tables}


def test_a_talk_that_is_handed_over_is_the_colleagues_with_the_same_words_and_contents(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    line = atoms_of(stores.helpline, "line:1")

    assert give(files, world, booking) == BRAM

    (talk,) = bookings(stores.helpline)
    assert (talk.counsellor_id, talk.version, talk.handed_over, talk.state) == (BRAM, 2, True, TalkState.BOOKED)
    kept = ("id", "code_digest", "starts_at", "ends_at", "booked_hour", "hour_until", "destroy_at")
    assert [getattr(talk, name) for name in kept] == [getattr(booking, name) for name in kept]
    assert atoms_of(stores.helpline, "anna") == set()
    assert atoms_of(stores.helpline, "line:1") == line == atoms_of(stores.helpline, "bram")
    contents = open_envelope(files, talk.id, opener=opener(world, "bram"), programme=world.programme, now=NOW)
    assert contents.wish == WISH
    assert contents.words == receipt.words
    assert_whole(stores)


def test_whoever_had_it_cannot_open_it_any_more(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    give(files, world, booking)

    assert {it.counsellor_id for it in envelopes(stores.helpline)} == {"bram", "carla"}
    for moment, refusal in ((NOW, NotYoursError), (TEN, TalkGoneError)):
        with pytest.raises(refusal):
            open_envelope(files, booking.id, opener=opener(world, "anna"), programme=world.programme, now=moment)


def test_stand_ins_still_wait_for_half_an_hour_before(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    give(files, world, booking)
    early, carla = TEN - STAND_IN_FROM - SECOND, opener(world, "carla")

    with pytest.raises(NotYoursError):
        open_envelope(files, booking.id, opener=carla, programme=world.programme, now=early)
    opened = open_envelope(files, booking.id, opener=carla, programme=world.programme, now=early + SECOND)
    assert opened.wish == WISH


def test_a_stand_in_hands_over_at_any_time_and_is_shown_nothing(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    taker = hand_over(files, errand(world, booking.id, by="carla"), terms=terms(world), now=NOW)

    assert taker == BRAM
    assert acts(stores) == [(Act.HAND_OVER_SENT, "carla", booking.id)]


def test_a_stand_in_takes_a_talk_herself_and_the_one_who_stood_in_with_her_stays(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    hand_over(files, errand(world, booking.id, by="carla", to="carla"), terms=terms(world), now=NOW)

    assert [it.counsellor_id for it in envelopes(stores.helpline)] == ["carla"]
    assert_whole(stores)


def test_the_code_finds_the_talk_and_says_that_a_colleague_takes_it(
    stores: Stores, world: World, files: Files, receipt: Receipt, booking: Booking
) -> None:
    def found(session: Session) -> bool:
        talk = find_talk(session, receipt.code, desk=world.desk, now=NOW)
        assert talk.words == receipt.words
        return talk.handed_over

    with stores.helpline.read() as session:
        assert not found(session)
    give(files, world, booking)
    with stores.helpline.read() as session:
        assert found(session)
    with stores.helpline.begin() as session:
        cancel_by_visitor(session, receipt.code, desk=world.desk, now=NOW)
    assert atoms_of(stores.helpline, "bram") == atoms_of(stores.helpline, "line:1") == set()


def test_the_time_of_who_is_away_passes_to_her_absence(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    nine, five = at(TUESDAY, "09:00"), at(TUESDAY, "17:00")
    with stores.helpline.begin() as session:
        add_absence(session, ANNA, starts_at=nine, ends_at=five)

    give(files, world, booking)

    with stores.helpline.read() as session:
        away = set(session.scalars(select(BusyAtom.atom).where(BusyAtom.absence_id.is_not(None))))
    assert away == set(atoms(nine, five)) == atoms_of(stores.helpline, "anna")
    assert_whole(stores)


def test_a_talk_keeps_its_line_where_there_is_only_one(stores: Stores, world: World, files: Files) -> None:
    one = replace(world.programme, booked_lines=1)
    request(stores.helpline, world, desk=replace(world.desk, programme=one))
    (talk,) = bookings(stores.helpline)

    hand_over(files, errand(world, talk.id), terms=replace(terms(world), programme=one), now=NOW)

    assert_whole(stores)


@pytest.mark.parametrize(
    ("spoken", "expected"), [("nl", "nobody_speaks_it"), ("en", "carla"), ("nl en", "carla")], ids=str
)
def test_the_language_is_read_in_the_envelope_and_decides(
    stores: Stores, world: World, files: Files, spoken: str, expected: str
) -> None:
    """Bram speaks Dutch alone; the talk is in English."""
    talk = booking_of(stores.helpline, world, request(stores.helpline, world, replace(WISH, language="en")))
    change(stores, "bram", languages="nl")
    change(stores, "carla", languages=spoken)

    if expected == CARLA:
        assert give(files, world, talk) == CARLA
    else:
        with pytest.raises(CannotTakeError, match=expected):
            give(files, world, talk)


def test_whoever_is_trained_as_the_counsellor_is_comes_first(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    """Whether a visitor is under 18 is not asked. Bram is the first otherwise."""
    for name in ("anna", "carla"):
        change(stores, name, youth=True)
    assert give(files, world, booking) == CARLA

    again = errand(world, booking.id, by="carla", version=2)
    change(stores, "anna", youth=False)
    change(stores, "bram", youth=True)
    assert hand_over(files, again, terms=terms(world), now=NOW) == BRAM


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


@pytest.mark.parametrize("hindrance", Hindrance, ids=str)
def test_a_talk_that_nobody_can_take_stays_whole(
    stores: Stores, world: World, files: Files, booking: Booking, hindrance: Hindrance
) -> None:
    to, prepare = REFUSALS[hindrance]
    prepare(stores)
    before = rows(stores)

    with pytest.raises(CannotTakeError) as refused:
        give(files, world, booking, to=to)

    assert refused.value.hindrance is hindrance
    assert rows(stores) == before
    assert (
        open_envelope(files, booking.id, opener=opener(world, "anna"), programme=world.programme, now=NOW).wish == WISH
    )


@pytest.mark.parametrize("to", ["nobody", "anna"])
def test_nobody_unknown_and_not_who_has_it_already_gets_a_talk(
    stores: Stores, world: World, files: Files, booking: Booking, to: str
) -> None:
    before = rows(stores)

    with pytest.raises(CannotTakeError):
        give(files, world, booking, to=to)

    assert rows(stores) == before


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


def end_all_hours(stores: Stores, counsellor: CounsellorId) -> None:
    with stores.helpline.begin() as session:
        for row in weekly_hours(session, counsellor, today=NOW.date()):
            end_hours(session, row.id, counsellor_id=counsellor, last_day=NOW.date() - timedelta(days=1))


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
        retire_counsellor(session, ANNA)

    with stores.helpline.read() as session:
        assert openers_of(session, [booking.id], now=NOW) == {booking.id: [ANNA, CARLA]}
        assert openers_of(session, [booking.id], now=booking.destroy_at) == {booking.id: []}
    assert hand_over(files, errand(world, booking.id, by="carla"), terms=terms(world), now=NOW) == BRAM


def test_whoever_has_no_envelope_of_it_hands_nothing_over(
    stores: Stores, world: World, files: Files, booking: Booking
) -> None:
    before = rows(stores)

    with pytest.raises(TalkGoneError):
        hand_over(files, errand(world, booking.id, by="bram"), terms=terms(world), now=NOW)

    assert rows(stores) == before


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
    before = rows(stores)

    with pytest.raises(refusal):
        give(files, world, booking)

    assert rows(stores) == before
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
    before = rows(stores)

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        hand_over(files, ghost, terms=terms(world), now=NOW)

    assert rows(stores) == before


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
    before = rows(stores)

    with pytest.raises(refusal):
        give(files, world, booking)

    assert rows(stores) == before
    assert [act for act, _, _ in acts(stores)] == [Act.HAND_OVER_SENT]


def test_a_talk_goes_from_hand_to_hand_and_back(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    for version, (by, to) in enumerate([("anna", "bram"), ("bram", "carla"), ("carla", "anna")], start=1):
        hand_over(files, errand(world, booking.id, by=by, to=to, version=version), terms=terms(world), now=NOW)
        assert_whole(stores)
    assert bookings(stores.helpline)[0].id == booking.id
