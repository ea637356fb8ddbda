"""Keeping the rota never moves a talk that stands, and an absence lets no new one in."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.rota_keeping import (
    LONGEST_ABSENCE,
    AbsenceTooLongError,
    AliasTakenError,
    NewHours,
    OverlappingHoursError,
    UnknownRotaRowError,
    absences,
    active_counsellors,
    add_absence,
    add_counsellor,
    add_hours,
    end_hours,
    remove_absence,
    retire_counsellor,
    weekly_hours,
)
from helpline.callbacks.tables import Absence, Booking, BusyAtom, CounsellorId
from helpline.settings.programme import Way
from tests.support.stores import Stores
from tests.support.talks import MONDAY, TEN, TUESDAY, WEDNESDAY, WISH, at, bookings, request
from tests.support.world import NOW, World, make_world

ANNA, BRAM, CARLA = CounsellorId("anna"), CounsellorId("bram"), CounsellorId("carla")
EVENING = NewHours(weekday=0, starts=18 * 60, ends=20 * 60, valid_from=MONDAY)
RING_US = replace(WISH, way=Way.YOU_RING, number=None)


@pytest.fixture
def alone(stores: Stores) -> World:
    """Give a helpline with one counsellor."""
    return make_world(stores.helpline, stores.data_dir, names=["anna"])


def be_away(stores: Stores, begins: datetime, ends: datetime, *, who: CounsellorId = ANNA) -> list[Booking]:
    with stores.helpline.begin() as session:
        return add_absence(session, who, starts_at=begins, ends_at=ends)


def atoms_of_absences(stores: Stores) -> int:
    with stores.helpline.read() as session:
        return len(session.scalars(select(BusyAtom).where(BusyAtom.absence_id.is_not(None))).all())


def test_a_new_counsellor_takes_talks_and_keeps_the_id_of_her_account(stores: Stores) -> None:
    with stores.helpline.begin() as session:
        carla = add_counsellor(session, CARLA, alias="Carla", languages=("nl", "en"), youth=True)

    assert (carla.id, carla.alias, carla.languages, carla.youth, carla.active) == (CARLA, "Carla", "nl en", True, True)
    with stores.helpline.read() as session:
        assert [it.id for it in active_counsellors(session)] == [CARLA]


def test_an_alias_is_one_counsellors_even_after_she_left(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        retire_counsellor(session, ANNA, today=NOW.date())
    with pytest.raises(AliasTakenError), stores.helpline.begin() as session:
        add_counsellor(session, CARLA, alias="Anna", languages=["nl"], youth=False)


def test_who_left_takes_no_talks(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        retire_counsellor(session, ANNA, today=NOW.date())

    with stores.helpline.read() as session:
        assert [it.id for it in active_counsellors(session)] == [BRAM]


def test_hours_are_listed_from_today_on_by_day_and_time(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        add_hours(session, ANNA, hours=EVENING)
        past = replace(EVENING, starts=21 * 60, ends=22 * 60, valid_until=MONDAY)
        add_hours(session, ANNA, hours=past)

    with stores.helpline.read() as session:
        on_monday = [(it.weekday, it.starts) for it in weekly_hours(session, ANNA, today=MONDAY)]
        on_tuesday = [(it.weekday, it.starts) for it in weekly_hours(session, ANNA, today=TUESDAY)]
    assert on_monday[:4] == [(0, 540), (0, 1080), (0, 1260), (1, 540)]
    assert on_tuesday == [hours for hours in on_monday if hours != (0, 1260)]


@pytest.mark.parametrize(
    "hours",
    [
        EVENING,
        replace(EVENING, starts=17 * 60, ends=18 * 60 + 5),
        replace(EVENING, starts=19 * 60 + 55, ends=24 * 60),
        replace(EVENING, starts=18 * 60 + 30, ends=19 * 60),
        replace(EVENING, starts=17 * 60, ends=24 * 60),
        replace(EVENING, valid_from=MONDAY - timedelta(days=70), valid_until=MONDAY),
        replace(EVENING, valid_from=MONDAY + timedelta(days=700)),
    ],
    ids=["same", "into", "out of", "within", "around", "ends on the first day", "begins later"],
)
def test_hours_that_overlap_are_refused(stores: Stores, world: World, hours: NewHours) -> None:
    with stores.helpline.begin() as session:
        add_hours(session, ANNA, hours=EVENING)

    with pytest.raises(OverlappingHoursError), stores.helpline.begin() as session:
        add_hours(session, ANNA, hours=hours)


@pytest.mark.parametrize(
    ("who", "hours"),
    [
        (ANNA, replace(EVENING, starts=17 * 60, ends=18 * 60)),
        (ANNA, replace(EVENING, starts=20 * 60, ends=24 * 60)),
        (ANNA, replace(EVENING, weekday=1)),
        (ANNA, replace(EVENING, valid_from=MONDAY - timedelta(days=70), valid_until=MONDAY - timedelta(days=1))),
        (BRAM, EVENING),
    ],
    ids=["just before", "just after", "another weekday", "over by then", "somebody else"],
)
def test_hours_that_only_touch_are_not_refused(
    stores: Stores, world: World, who: CounsellorId, hours: NewHours
) -> None:
    with stores.helpline.begin() as session:
        add_hours(session, ANNA, hours=EVENING)
        assert add_hours(session, who, hours=hours).id


@pytest.mark.parametrize(
    "hours",
    [
        replace(EVENING, starts=20 * 60),
        replace(EVENING, ends=24 * 60 + 5),
        replace(EVENING, starts=-5, ends=60),
        replace(EVENING, weekday=7),
    ],
    ids=["no length", "past midnight", "before the day", "no weekday"],
)
def test_the_store_itself_refuses_hours_that_are_none(stores: Stores, world: World, hours: NewHours) -> None:
    with pytest.raises(IntegrityError), stores.helpline.begin() as session:
        add_hours(session, ANNA, hours=hours)


def test_hours_end_and_the_talks_in_them_stay(stores: Stores, alone: World) -> None:
    request(stores.helpline, alone, RING_US)
    with stores.helpline.begin() as session:
        for hours in weekly_hours(session, ANNA, today=MONDAY):
            end_hours(session, hours.id, counsellor_id=ANNA, last_day=MONDAY)

    assert len(bookings(stores.helpline)) == 1
    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, replace(RING_US, starts_at=at(TUESDAY, "12:00")), form="other")


def test_hours_that_would_never_have_held_go(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        hours = add_hours(session, ANNA, hours=EVENING)
        end_hours(session, hours.id, counsellor_id=ANNA, last_day=MONDAY - timedelta(days=1))

    with stores.helpline.read() as session:
        assert hours.id not in {it.id for it in weekly_hours(session, ANNA, today=date(2020, 1, 1))}


def test_nobody_ends_the_hours_of_another(stores: Stores, world: World) -> None:
    with stores.helpline.begin() as session:
        hours = add_hours(session, ANNA, hours=EVENING)

    for whose, which in ((BRAM, hours.id), (ANNA, "no such hours")):
        with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
            end_hours(session, which, counsellor_id=whose, last_day=TUESDAY)


def test_an_absence_takes_every_free_atom_at_once(stores: Stores, alone: World) -> None:
    met = be_away(stores, at(TUESDAY, "09:00"), at(TUESDAY, "17:00"))

    assert met == []
    assert atoms_of_absences(stores) == 8 * 12
    for clock in ("09:00", "12:30", "16:30"):
        with pytest.raises(SlotTakenError):
            request(stores.helpline, alone, replace(RING_US, starts_at=at(TUESDAY, clock)), form=clock)


def test_an_absence_never_waits_for_talks_and_names_those_it_meets(stores: Stores, alone: World) -> None:
    times = [at(TUESDAY, clock) for clock in ("09:00", "10:00", "13:00")]
    for time in times:
        request(stores.helpline, alone, replace(RING_US, starts_at=time), form=f"{time}")

    met = be_away(stores, at(TUESDAY, "09:15"), at(TUESDAY, "13:00"))

    assert [talk.starts_at for talk in met] == times[:2]
    assert len(bookings(stores.helpline)) == 3
    # From 09:45, when the first talk's buffer ends, to 13:00 without the second talk.
    assert atoms_of_absences(stores) == (3 * 60 + 15 - 45) / 5


def test_an_absence_of_one_is_nothing_to_another(stores: Stores, world: World) -> None:
    be_away(stores, at(TUESDAY, "09:00"), at(TUESDAY, "17:00"))

    request(stores.helpline, world, RING_US)

    assert [booking.counsellor_id for booking in bookings(stores.helpline)] == [BRAM]


def test_an_absence_taken_back_gives_its_time_back(stores: Stores, alone: World) -> None:
    be_away(stores, at(TUESDAY, "09:00"), at(TUESDAY, "17:00"))
    with stores.helpline.begin() as session:
        (absence,) = absences(session, ANNA, now=NOW)
        remove_absence(session, absence.id, counsellor_id=ANNA)

    assert atoms_of_absences(stores) == 0
    assert request(stores.helpline, alone, RING_US).starts_at == TEN


def test_two_absences_that_overlap_keep_their_time_until_both_are_gone(stores: Stores, alone: World) -> None:
    be_away(stores, at(TUESDAY, "09:00"), at(TUESDAY, "12:00"))
    be_away(stores, at(TUESDAY, "09:30"), at(TUESDAY, "13:00"))
    with stores.helpline.begin() as session:
        first, _ = absences(session, ANNA, now=NOW)
        remove_absence(session, first.id, counsellor_id=ANNA)

    with pytest.raises(SlotTakenError):
        request(stores.helpline, alone, RING_US)


def test_nobody_takes_back_the_absence_of_another(stores: Stores, world: World) -> None:
    be_away(stores, at(TUESDAY, "09:00"), at(TUESDAY, "17:00"))
    with stores.helpline.read() as session:
        (absence,) = absences(session, ANNA, now=NOW)

    for whose, which in ((BRAM, absence.id), (ANNA, "no such absence")):
        with pytest.raises(UnknownRotaRowError), stores.helpline.begin() as session:
            remove_absence(session, which, counsellor_id=whose)
    assert atoms_of_absences(stores) > 0


def test_absences_are_listed_while_they_are_not_over(stores: Stores, world: World) -> None:
    be_away(stores, at(WEDNESDAY, "09:00"), at(WEDNESDAY, "17:00"))
    be_away(stores, at(TUESDAY, "09:00"), at(TUESDAY, "17:00"))

    with stores.helpline.read() as session:
        assert [it.starts_at for it in absences(session, ANNA, now=NOW)] == [
            at(TUESDAY, "09:00"),
            at(WEDNESDAY, "09:00"),
        ]
        assert len(absences(session, ANNA, now=at(TUESDAY, "16:59"))) == 2
        assert len(absences(session, ANNA, now=at(TUESDAY, "17:00"))) == 1
        assert absences(session, BRAM, now=NOW) == []


def test_an_absence_is_as_long_as_it_is_said_but_not_for_years(stores: Stores, alone: World) -> None:
    with pytest.raises(AbsenceTooLongError):
        be_away(stores, NOW, NOW + LONGEST_ABSENCE + timedelta(seconds=1))
    be_away(stores, TEN, TEN + timedelta(days=20))

    assert atoms_of_absences(stores) == 20 * 24 * 12


def test_nobody_unknown_is_absent(stores: Stores, world: World) -> None:
    with pytest.raises(UnknownRotaRowError):
        be_away(stores, TEN, TEN + timedelta(hours=1), who=CARLA)


def test_the_store_itself_refuses_an_absence_that_ends_before_it_begins(stores: Stores, world: World) -> None:
    with pytest.raises(IntegrityError):
        be_away(stores, TEN, TEN)

    with stores.helpline.read() as session:
        assert session.scalars(select(Absence)).all() == []
