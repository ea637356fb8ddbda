"""Hours are wall time, bookings are moments, and a clock change neither adds nor loses half an hour unseen."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from helpline.callbacks.rota import (
    MINUTES_OF_A_DAY,
    Interval,
    atoms,
    day_bounds,
    days_between,
    instant,
    local_day,
    starts_of_day,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)
ORDINARY = date(2027, 6, 6)
ALWAYS = date(2000, 1, 1)

ZONES = (
    *("Europe/Amsterdam", "Europe/London", "Atlantic/Azores", "America/New_York", "America/Caracas"),
    *("Australia/Lord_Howe", "Australia/Adelaide", "Asia/Kathmandu", "Asia/Tehran", "Pacific/Apia", "UTC"),
)
"""Changes at 00:00, 01:00 and 02:00 local, of half an hour, of a whole day, and none at all."""

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2007, 1, 1), date(2032, 12, 31))
minutes = st.integers(0, MINUTES_OF_A_DAY)
steps = st.sampled_from(range(5, 125, 5))


def hours(day: date, starts: int, ends: int) -> Interval:
    return Interval(day.weekday(), starts, ends, ALWAYS, None)


def starts(day: date, *intervals: Interval, zone: ZoneInfo = AMSTERDAM, length: int = 30) -> list[datetime]:
    return list(starts_of_day(day, intervals, zone=zone, length=length, grid=30))


def wall(moments: list[datetime], zone: ZoneInfo = AMSTERDAM) -> list[str]:
    return [f"{moment.astimezone(zone):%H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (SPRING, ["01:00", "01:30", "03:00", "03:30"]),
        (AUTUMN, ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30"]),
        (ORDINARY, ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]),
    ],
    ids=["spring", "autumn", "ordinary"],
)
def test_one_to_four_holds_the_half_hours_that_the_day_really_has(day: date, expected: list[str]) -> None:
    found = starts(day, hours(day, 60, 240))

    assert wall(found) == expected
    assert all(later - earlier == timedelta(minutes=30) for earlier, later in pairwise(found))


@pytest.mark.parametrize("day", [SPRING - timedelta(days=1), SPRING, AUTUMN - timedelta(days=1), AUTUMN])
def test_nine_stays_nine_across_a_clock_change(day: date) -> None:
    assert wall(starts(day, hours(day, 9 * 60, 10 * 60))) == ["09:00", "09:30"]


def test_midnight_is_a_legal_end_and_nothing_crosses_it() -> None:
    found = starts(ORDINARY, hours(ORDINARY, 23 * 60, MINUTES_OF_A_DAY))

    assert wall(found) == ["23:00", "23:30"]
    assert found[-1] + timedelta(minutes=30) == day_bounds(ORDINARY, zone=AMSTERDAM)[1]


def test_an_interval_shorter_than_a_talk_holds_none() -> None:
    assert starts(ORDINARY, hours(ORDINARY, 600, 629)) == []
    assert wall(starts(ORDINARY, hours(ORDINARY, 600, 630))) == ["10:00"]


def test_the_grid_begins_where_the_interval_does() -> None:
    assert wall(starts(ORDINARY, hours(ORDINARY, 605, 700))) == ["10:05", "10:35", "11:05"]


def test_intervals_that_overlap_give_each_time_once_in_order() -> None:
    found = starts(ORDINARY, hours(ORDINARY, 660, 720), hours(ORDINARY, 600, 690))

    assert wall(found) == ["10:00", "10:30", "11:00", "11:30"]


@pytest.mark.parametrize(
    ("interval", "holds"),
    [
        (Interval(ORDINARY.weekday(), 0, 60, ORDINARY, ORDINARY), True),
        (Interval(ORDINARY.weekday(), 0, 60, ORDINARY, None), True),
        (Interval(ORDINARY.weekday(), 0, 60, ORDINARY + timedelta(days=1), None), False),
        (Interval(ORDINARY.weekday(), 0, 60, ALWAYS, ORDINARY - timedelta(days=1)), False),
        (Interval((ORDINARY.weekday() + 1) % 7, 0, 60, ALWAYS, None), False),
    ],
    ids=["this day only", "from this day", "from tomorrow", "until yesterday", "another weekday"],
)
def test_hours_hold_on_their_weekday_from_their_first_to_their_last_day(interval: Interval, *, holds: bool) -> None:
    assert interval.holds_on(ORDINARY) is holds
    assert bool(starts(ORDINARY, interval)) is holds


@example(day=SPRING, ends=(60, 240), zone=AMSTERDAM, length=30, grid=30)
@example(day=AUTUMN, ends=(60, 240), zone=AMSTERDAM, length=30, grid=30)
@example(day=SPRING, ends=(130, 200), zone=AMSTERDAM, length=10, grid=5)
@given(
    day=days,
    ends=st.tuples(minutes, minutes).filter(lambda ends: ends[0] < ends[1]),
    zone=zones,
    length=steps,
    grid=steps,
)
def test_starts_lie_in_their_hours_in_order_and_on_the_grid(
    day: date, ends: tuple[int, int], zone: ZoneInfo, length: int, grid: int
) -> None:
    begin, end = (instant(day, minute, zone=zone) for minute in ends)

    found = list(starts_of_day(day, [hours(day, *ends)], zone=zone, length=length, grid=grid))

    assert found == sorted(set(found))
    for start in found:
        assert begin <= start <= end - timedelta(minutes=length)
        assert (start - begin) % timedelta(minutes=grid) == timedelta(0)
        assert start.tzinfo is UTC
    # None is left out: one more step would end too late.
    last = found[-1] + timedelta(minutes=grid) if found else begin
    assert last + timedelta(minutes=length) > end


@given(day=days, ends=st.tuples(minutes, minutes).filter(lambda ends: ends[0] < ends[1]), zone=zones)
def test_a_start_shows_a_wall_time_inside_its_hours(day: date, ends: tuple[int, int], zone: ZoneInfo) -> None:
    for start in starts(day, hours(day, *ends), zone=zone):
        local = start.astimezone(zone)
        midnight = datetime.combine(day, datetime.min.time())
        shown = (local.replace(tzinfo=None) - midnight) // timedelta(minutes=1)
        # A start in the hour that a change skips is shown after it, so it may only be later than its rule says.
        assert shown >= ends[0]
        assert shown < ends[1] or instant(day, ends[1], zone=zone) > start


@given(day=days, minute=minutes, zone=zones)
def test_a_wall_time_that_exists_is_the_moment_at_which_the_clock_shows_it(
    day: date, minute: int, zone: ZoneInfo
) -> None:
    local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    moment = instant(day, minute, zone=zone)
    assume(exists(local, zone=zone))

    assert moment.astimezone(zone).replace(tzinfo=None) == local
    # The first of two: a moment that shows the same never comes earlier that day.
    assert not any(
        (moment - timedelta(minutes=back)).astimezone(zone).replace(tzinfo=None) == local for back in range(30, 181, 30)
    )


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("Europe/Amsterdam", SPRING, 120, 179),
        ("Europe/London", SPRING, 60, 119),
        ("Atlantic/Azores", SPRING, 0, 59),
        ("America/New_York", date(2027, 3, 14), 120, 179),
        ("Australia/Lord_Howe", date(2027, 10, 3), 120, 149),
        ("America/Caracas", date(2016, 5, 1), 150, 179),
        ("Pacific/Apia", date(2011, 12, 30), 0, 1439),
    ],
)
@given(data=st.data())
def test_a_wall_time_that_a_change_skips_is_the_moment_of_the_change(
    zone: str, day: date, first: int, last: int, data: st.DataObject
) -> None:
    minute = data.draw(st.integers(first, last))
    before = datetime.combine(day, datetime.min.time()) + timedelta(minutes=first, seconds=-1)

    moment = instant(day, minute, zone=ZoneInfo(zone))

    just_before, after = ((moment - timedelta(seconds=back)).astimezone(ZoneInfo(zone)) for back in (1, 0))
    assert just_before.replace(tzinfo=None) == before
    assert after.replace(tzinfo=None) == before + timedelta(minutes=last - first + 1, seconds=1)


def test_the_change_of_spring_in_amsterdam_is_at_one_utc() -> None:
    change = datetime(2027, 3, 28, 1, tzinfo=UTC)

    assert {instant(SPRING, minute, zone=AMSTERDAM) for minute in (120, 135, 150, 179, 180)} == {change}


def test_a_wall_time_that_comes_twice_is_the_first() -> None:
    assert instant(AUTUMN, 150, zone=AMSTERDAM) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@given(day=days, zone=zones)
def test_a_day_ends_where_the_next_begins(day: date, zone: ZoneInfo) -> None:
    assert day_bounds(day, zone=zone)[1] == day_bounds(day + timedelta(days=1), zone=zone)[0]


@pytest.mark.parametrize(("day", "length"), [(SPRING, 23), (AUTUMN, 25), (ORDINARY, 24)])
def test_a_day_is_as_long_as_it_really_is(day: date, length: int) -> None:
    begin, end = day_bounds(day, zone=AMSTERDAM)

    assert end - begin == timedelta(hours=length)
    assert local_day(begin, zone=AMSTERDAM) == day
    assert local_day(begin - timedelta(seconds=1), zone=AMSTERDAM) == day - timedelta(days=1)
    assert local_day(end, zone=AMSTERDAM) == day + timedelta(days=1)


def test_atoms_are_every_five_minutes_that_a_time_touches() -> None:
    begin = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)

    assert len(atoms(begin, begin + timedelta(minutes=45))) == 9
    assert len(atoms(begin, begin + timedelta(minutes=46))) == 10
    assert len(atoms(begin + timedelta(minutes=4), begin + timedelta(minutes=6))) == 2
    assert len(atoms(begin, begin + timedelta(seconds=1))) == 1
    assert atoms(begin, begin + timedelta(minutes=5)).start * 300 == int(begin.timestamp())


moments = st.integers(0, 2 * 24 * 60).map(lambda minute: datetime(2027, 3, 27, tzinfo=UTC) + timedelta(minutes=minute))


@given(st.tuples(moments, moments, moments, moments))
def test_two_times_share_an_atom_when_they_overlap(four: tuple[datetime, datetime, datetime, datetime]) -> None:
    (one_begin, one_end), (other_begin, other_end) = sorted(four[:2]), sorted(four[2:])

    overlap = max(one_begin, other_begin) < min(one_end, other_end)
    share = bool(set(atoms(one_begin, one_end)) & set(atoms(other_begin, other_end)))

    assert share or not overlap


def test_days_between_holds_both_ends() -> None:
    assert days_between(SPRING, SPRING) == [SPRING]
    assert days_between(SPRING, SPRING + timedelta(days=2))[-1] == SPRING + timedelta(days=2)
    assert days_between(SPRING, SPRING - timedelta(days=1)) == []


def exists(local: datetime, *, zone: ZoneInfo) -> bool:
    """Return whether the wall clock of *zone* ever shows *local*: some moment around it does."""
    around = local.replace(tzinfo=UTC)
    return any(
        (around + timedelta(minutes=offset)).astimezone(zone).replace(tzinfo=None) == local
        for offset in range(-14 * 60, 14 * 60 + 1, 15)
    )
