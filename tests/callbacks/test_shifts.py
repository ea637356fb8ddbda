"""A half day changes hands at once, to one colleague; talks that stand, stay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from helpline.callbacks.day_hours import read_hours
from helpline.callbacks.exceptions import close_days, replace_day, replaced_days
from helpline.callbacks.rota_keeping import UnknownRotaRowError, add_absence, add_counsellor
from helpline.callbacks.shifts import (
    AwayThenError,
    NothingToOfferError,
    OfferGoneError,
    half_days,
    offer,
    offers,
    take,
    withdraw,
)
from helpline.callbacks.spans import Half, Spans
from helpline.callbacks.tables import CounsellorId
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM, MONDAY, TUESDAY, at, bookings, request
from tests.support.world import World, employ

ANNA, BRAM, CARLA = CounsellorId("anna"), CounsellorId("bram"), CounsellorId("carla")
MORNING: Spans = ((540, 720),)
AFTERNOON: Spans = ((720, 1020),)


@pytest.fixture
def offered(stores: Stores, world: World) -> str:
    """Give the id of anna's offer of Tuesday morning; carla has no hours."""
    with stores.helpline.begin() as session:
        add_counsellor(session, CARLA, alias="Carla", languages=["nl"], youth=False)
        offer(session, ANNA, day=TUESDAY, half=Half.MORNING, today=MONDAY)
    return offer_ids(stores)[0]


def offer_ids(stores: Stores) -> list[str]:
    with stores.helpline.read() as session:
        return [it.offer_id for it in offers(session, today=MONDAY)]


def planned(stores: Stores, whose: CounsellorId) -> Spans:
    with stores.helpline.read() as session:
        return read_hours(session, [whose], first=TUESDAY, last=TUESDAY).planned(whose, TUESDAY)


def accept(stores: Stores, offer_id: str, *, taker: CounsellorId = CARLA) -> Spans:
    with stores.helpline.begin() as session:
        return take(session, offer_id, taker=taker, today=MONDAY, zone=AMSTERDAM).spans


def test_a_half_day_that_is_taken_is_hers_at_once_and_both_see_it(stores: Stores, offered: str) -> None:
    assert planned(stores, ANNA) == ((540, 1020),)
    assert accept(stores, offered) == MORNING

    assert (planned(stores, ANNA), planned(stores, CARLA)) == (AFTERNOON, MORNING)
    with stores.helpline.read() as session:
        (found,) = offers(session, today=TUESDAY)
        assert (found.half_day.counsellor_id, found.taken_by, found.left) == (ANNA, CARLA, AFTERNOON)
        assert offers(session, today=TUESDAY + timedelta(days=1)) == []


def test_a_half_day_joins_the_hours_that_the_taker_has(stores: Stores, offered: str) -> None:
    with stores.helpline.begin() as session:
        replace_day(session, BRAM, day=TUESDAY, spans=((660, 780),))
    accept(stores, offered, taker=BRAM)

    assert planned(stores, BRAM) == ((540, 780),)


def test_a_half_day_that_comes_back_leaves_no_exception(stores: Stores, offered: str) -> None:
    accept(stores, offered)
    with stores.helpline.begin() as session:
        offer(session, CARLA, day=TUESDAY, half=Half.MORNING, today=MONDAY)
        back = next(it.offer_id for it in offers(session, today=MONDAY) if it.taken_by is None)
    accept(stores, back, taker=ANNA)

    with stores.helpline.read() as session:
        assert [replaced_days(session, whose, first=MONDAY, last=TUESDAY) for whose in (ANNA, CARLA)] == [[], []]


def test_of_two_who_take_it_at_once_one_has_it(stores: Stores, offered: str) -> None:
    with stores.helpline.begin() as session:
        employ(session, CounsellorId("dina"), since=MONDAY, hours=(18, 20))

    def try_to_take(whose: str) -> bool:
        try:
            return stores.helpline.transact(
                lambda session: bool(
                    take(session, offered, taker=CounsellorId(whose), today=MONDAY, zone=AMSTERDAM).spans
                )
            )
        except OfferGoneError:
            return False

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(try_to_take, ["carla", "dina"]))
    assert sorted(won) == [False, True]
    assert planned(stores, ANNA) == AFTERNOON


def test_talks_that_stand_stay_with_who_had_the_half_day(stores: Stores, world: World, offered: str) -> None:
    request(stores.helpline, world)
    accept(stores, offered)

    assert [booking.counsellor_id for booking in bookings(stores.helpline)] == [ANNA]


def test_nobody_takes_her_own_or_what_was_withdrawn_or_taken(stores: Stores, offered: str) -> None:
    with pytest.raises(OfferGoneError):
        accept(stores, offered, taker=ANNA)
    accept(stores, offered)
    with stores.helpline.begin() as session:
        replace_day(session, ANNA, day=TUESDAY, spans=MORNING)  # she is there again, but it was taken
    for whose in (BRAM, CARLA):
        with pytest.raises(OfferGoneError):
            accept(stores, offered, taker=whose)
    with pytest.raises(OfferGoneError), stores.helpline.begin() as session:
        withdraw(session, offered, counsellor_id=ANNA)


def test_an_offer_is_withdrawn_by_who_made_it_alone(stores: Stores, offered: str) -> None:
    with pytest.raises(OfferGoneError), stores.helpline.begin() as session:
        withdraw(session, offered, counsellor_id=BRAM)
    with stores.helpline.begin() as session:
        withdraw(session, offered, counsellor_id=ANNA)

    with pytest.raises(OfferGoneError):
        accept(stores, offered)
    assert planned(stores, ANNA) == ((540, 1020),)


@pytest.mark.parametrize("how", ["closed", "not there"])
def test_what_is_no_half_day_any_more_is_not_taken(stores: Stores, offered: str, how: str) -> None:
    with stores.helpline.begin() as session:
        if how == "closed":
            close_days(session, first=TUESDAY, last=TUESDAY, label="A day out")
        else:
            replace_day(session, ANNA, day=TUESDAY, spans=AFTERNOON)

    with pytest.raises(OfferGoneError):
        accept(stores, offered)
    assert planned(stores, CARLA) == ()


def test_who_is_away_then_or_takes_no_talks_takes_no_half_day(stores: Stores, offered: str) -> None:
    with stores.helpline.begin() as session:
        add_absence(session, CARLA, starts_at=at(TUESDAY, "11:00"), ends_at=at(TUESDAY, "11:30"))

    with pytest.raises(AwayThenError):
        accept(stores, offered)
    with pytest.raises(UnknownRotaRowError):
        accept(stores, offered, taker=CounsellorId("nobody"))
    assert planned(stores, ANNA) == ((540, 1020),)


def test_only_half_days_with_hours_are_offered_and_each_once(stores: Stores, offered: str) -> None:
    with stores.helpline.begin() as session:
        offer(session, ANNA, day=TUESDAY, half=Half.MORNING, today=MONDAY)
        assert [(it.half, it.spans) for it in half_days(session, ANNA, first=TUESDAY, last=TUESDAY)] == [
            (Half.MORNING, MORNING),
            (Half.AFTERNOON, AFTERNOON),
        ]
    assert offer_ids(stores) == [offered]
    with pytest.raises(NothingToOfferError), stores.helpline.begin() as session:
        offer(session, CARLA, day=TUESDAY, half=Half.MORNING, today=MONDAY)
    with pytest.raises(NothingToOfferError), stores.helpline.begin() as session:
        offer(session, ANNA, day=MONDAY, half=Half.MORNING, today=TUESDAY)


def test_offers_of_days_that_are_over_go_with_the_next(stores: Stores, offered: str) -> None:
    later = TUESDAY + timedelta(days=1)
    with stores.helpline.begin() as session:
        offer(session, BRAM, day=later, half=Half.MORNING, today=later)

    assert len(offer_ids(stores)) == 1
