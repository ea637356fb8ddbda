"""A talk passes to a colleague: the same words, the same contents, another reader; or nothing happens at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.callbacks.booking import Receipt
from helpline.callbacks.due import STAND_IN_FROM
from helpline.callbacks.handing_over import (
    CannotTakeError,
    hand_over,
)
from helpline.callbacks.queue import (
    Files,
    NotYoursError,
    TalkGoneError,
    open_envelope,
)
from helpline.callbacks.rota import atoms
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, TalkState
from helpline.callbacks.talk import cancel_by_visitor, find_talk
from helpline.staff.tables import Act
from tests.support.counsellor import acts, opener
from tests.support.handing import assert_whole, change, errand, give, terms, world_of_three
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
)
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
ANNA, BRAM, CARLA = (CounsellorId(name) for name in ("anna", "bram", "carla"))


@pytest.fixture
def world(stores: Stores) -> World:
    """Give a helpline of three, of whom carla alone stands in for others."""
    return world_of_three(stores)


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


def test_a_talk_goes_from_hand_to_hand_and_back(stores: Stores, world: World, files: Files, booking: Booking) -> None:
    for version, (by, to) in enumerate([("anna", "bram"), ("bram", "carla"), ("carla", "anna")], start=1):
        hand_over(files, errand(world, booking.id, by=by, to=to, version=version), terms=terms(world), now=NOW)
        assert_whole(stores)
    assert bookings(stores.helpline)[0].id == booking.id
