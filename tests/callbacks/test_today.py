"""Which times are kept for today follows from the rota alone, whatever else the day brings."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.offered import line_names
from helpline.callbacks.rota import Interval, atoms, starts_of_day
from helpline.callbacks.tables import CounsellorId
from helpline.callbacks.today import NOTICE, Chair, Kept, Kind, keep_back
from helpline.settings.programme import Programme
from tests.support.world import programme

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TUESDAY = date(2027, 3, 2)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
KINDS: tuple[Kind, ...] = (("nl", False), ("en", False), ("nl", True), ("en", True))
LINES = line_names(2)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Give the invented programme."""
    return programme(tmp_path_factory.mktemp("programme"))


def chairs(
    day: date, *, hours: tuple[int, int] = (9, 17), who: str = "anna", serves: Sequence[Kind] = KINDS[:2]
) -> list[Chair]:
    """Return the chairs of somebody who works in these local minutes or full hours of *day*."""
    every = Interval(day.weekday(), hours[0] * 60, hours[1] * 60, date(2027, 1, 1), None)
    return [
        Chair(CounsellorId(who), start, atoms(start, start + timedelta(minutes=45)), frozenset(serves))
        for start in starts_of_day(day, [every], zone=AMSTERDAM, length=30, grid=30)
    ]


def kept_of(found: Programme, many: int, *days: Sequence[Chair], day: date = TUESDAY) -> list[Kept]:
    """Return what is kept of those chairs, in the order in which it begins."""
    rules = replace(found, today_slots=many)
    kept = keep_back([it for some in days for it in some], day=day, lines=LINES, programme=rules)
    return sorted(kept, key=lambda it: it.chair.starts_at)


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%d %H:%M}"


@st.composite
def rotas(draw: st.DrawFn) -> list[Chair]:
    """Give the chairs of up to four counsellors on one of three days, two of which the clock changes."""
    day = draw(st.sampled_from([TUESDAY, SPRING, AUTUMN]))
    found = []
    for name in ("anna", "bram", "carla", "dirk")[: draw(st.integers(0, 4))]:
        starts = draw(st.integers(0, 23))
        serves = draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True))
        found += chairs(day, hours=(starts, draw(st.integers(starts + 1, 24))), who=name, serves=serves)
    return found


def day_of(rota: Sequence[Chair]) -> date:
    return rota[0].starts_at.astimezone(AMSTERDAM).date() if rota else TUESDAY


@given(rota=rotas(), many=st.integers(0, 4), lines=st.integers(0, 3))
def test_what_is_kept_can_all_be_held_beside_each_other_and_nothing_more_of_its_kind_could(
    found: Programme, rota: list[Chair], many: int, lines: int
) -> None:
    day, names = day_of(rota), line_names(lines)
    kept = keep_back(rota, day=day, lines=names, programme=replace(found, today_slots=many))

    for one, other in ((one, other) for one in kept for other in kept if one is not other):
        if one.chair.overlaps(other.chair):
            assert one.chair.counsellor_id != other.chair.counsellor_id
            assert not names or one.line != other.line
    assert all((it.line in names) if names else it.line is None for it in kept)
    for kind in KINDS:
        if sum(kind in it.chair.serves for it in kept) >= many:
            continue
        for chair in (it for it in rota if kind in it.serves):
            early = chair.starts_at.astimezone(AMSTERDAM).hour * 60 + chair.starts_at.minute < 8 * 60 + 30
            hers = sum(it.chair.counsellor_id == chair.counsellor_id for it in kept)
            beside = [it for it in kept if it.chair.overlaps(chair)]
            busy = any(it.chair.counsellor_id == chair.counsellor_id for it in beside)
            assert early or busy or hers >= found.slots.cap_per_day or (names and len(beside) >= lines)


@given(rota=rotas(), many=st.integers(0, 4), seed=st.integers(0, 9))
def test_the_order_of_the_rows_decides_nothing(found: Programme, rota: list[Chair], many: int, seed: int) -> None:
    shuffled = random.Random(seed).sample(rota, k=len(rota))  # noqa: S311 - not a secret

    assert kept_of(found, many, shuffled, day=day_of(rota)) == kept_of(found, many, rota, day=day_of(rota))


@given(rota=rotas(), many=st.integers(0, 4))
def test_a_kept_time_is_released_on_its_day_at_eight_or_noon_and_can_still_be_taken_then(
    found: Programme, rota: list[Chair], many: int
) -> None:
    for it in kept_of(found, many, rota, day=day_of(rota)):
        assert clock(it.released_at)[3:] in {"08:00", "12:00"}
        assert clock(it.released_at)[:2] == clock(it.chair.starts_at)[:2]
        assert it.chair.starts_at - it.released_at >= NOTICE


def test_one_kept_time_is_released_in_the_morning_and_is_on_offer_for_hours(found: Programme) -> None:
    for day in (TUESDAY + timedelta(days=count) for count in range(60)):
        (it,) = kept_of(found, 1, chairs(day), day=day)
        assert clock(it.released_at)[3:] == "08:00"
        assert "10:00" <= clock(it.chair.starts_at)[3:] < "14:00"


def test_kept_times_share_morning_and_noon(found: Programme) -> None:
    released = [clock(it.released_at)[3:] for it in kept_of(found, 3, chairs(TUESDAY), chairs(TUESDAY, who="bram"))]

    assert sorted(released) == ["08:00", "08:00", "12:00"]


def test_a_day_with_fewer_times_keeps_what_it_has(found: Programme) -> None:
    day = chairs(TUESDAY, hours=(9, 12))

    # The buffer takes the next half hour, and nobody can be there twice.
    assert 2 <= len(kept_of(found, 20, day)) <= 3
    assert kept_of(found, 20, chairs(TUESDAY, hours=(5, 8))) == []
    assert kept_of(found, 20) == []


def test_no_more_is_kept_with_somebody_than_she_may_hold(found: Programme) -> None:
    two = replace(found, slots=replace(found.slots, cap_per_day=2))

    assert len(kept_of(two, 6, chairs(TUESDAY))) == 2


def test_a_programme_that_keeps_none_keeps_none(found: Programme) -> None:
    assert kept_of(found, 0, chairs(TUESDAY)) == []


def test_a_time_that_two_kinds_can_use_counts_for_both(found: Programme) -> None:
    anna = chairs(TUESDAY, serves=KINDS)
    bram = chairs(TUESDAY, who="bram", serves=KINDS[:2])

    (it,) = kept_of(found, 1, anna, bram)
    assert it.chair.counsellor_id == "anna"


def test_each_language_keeps_its_own_where_nobody_speaks_both(found: Programme) -> None:
    anna = chairs(TUESDAY, serves=[("nl", False)])
    bram = chairs(TUESDAY, who="bram", serves=[("en", False)])

    assert {it.chair.counsellor_id for it in kept_of(found, 1, anna, bram)} == {"anna", "bram"}


def test_the_lot_falls_on_all_times_that_are_on_offer_for_long(found: Programme) -> None:
    days = [TUESDAY + timedelta(days=count) for count in range(200)]
    starts = {clock(it.chair.starts_at)[3:] for day in days for it in kept_of(found, 1, chairs(day), day=day)}

    assert starts == {f"{hour}:{minute}" for hour in (10, 11, 12, 13) for minute in ("00", "30")}


def test_new_hours_move_a_kept_time_only_to_themselves(found: Programme) -> None:
    """They are free: what visitors booked since is never kept too late."""
    for day in (TUESDAY + timedelta(days=count) for count in range(60)):
        (before,) = kept_of(found, 1, chairs(day), day=day)
        (after,) = kept_of(found, 1, chairs(day), chairs(day, who="bram"), day=day)
        assert after == before or after.chair.counsellor_id == "bram"
