"""Days, weeks, months and quarters as they are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.usage.codebook import PeriodKind
from helpline.usage.periods import counted_day, span_of, visible_at
from tests.usage.counted import AMSTERDAM, MONDAY

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 1, 1))


@given(day=DAYS, kind=st.sampled_from(PeriodKind))
def test_every_day_lies_in_one_period_of_whole_weeks(day: date, kind: PeriodKind) -> None:
    span = span_of(kind, day)

    assert span.starts <= day < span.ends
    assert span.starts.weekday() == span.ends.weekday() == 0
    assert span_of(kind, span.starts) == span_of(kind, span.ends - timedelta(days=1)) == span
    assert span_of(kind, span.ends).starts == span.ends


@given(day=DAYS)
def test_a_month_and_a_quarter_have_the_weeks_whose_thursday_is_in_them(day: date) -> None:
    thursday = day - timedelta(days=day.weekday() - 3)

    assert span_of(PeriodKind.MONTH, day).name == f"{thursday.year}-M{thursday.month:02}"
    assert span_of(PeriodKind.QUARTER, day).name == f"{thursday.year}-Q{(thursday.month + 2) // 3}"


@pytest.mark.parametrize(
    ("kind", "name", "starts"),
    [
        (PeriodKind.WEEK, "2026-W53", date(2026, 12, 28)),
        (PeriodKind.MONTH, "2026-M12", date(2026, 11, 30)),
        (PeriodKind.QUARTER, "2026-Q4", date(2026, 9, 28)),
    ],
)
def test_the_first_of_january_can_belong_to_the_year_before(kind: PeriodKind, name: str, starts: date) -> None:
    span = span_of(kind, date(2027, 1, 1))

    assert (span.name, span.starts, span.ends) == (name, starts, date(2027, 1, 4))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2027, 3, 1, 1, 59, 59, tzinfo=UTC), date(2027, 2, 28)),
        (datetime(2027, 3, 1, 2, 0, tzinfo=UTC), date(2027, 3, 1)),
        # The nights of the clock changes: 02:00 becomes 03:00, and 03:00 becomes 02:00.
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), date(2027, 3, 27)),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 10, 31, 1, 59, tzinfo=UTC), date(2027, 10, 30)),
        (datetime(2027, 10, 31, 2, 0, tzinfo=UTC), date(2027, 10, 31)),
    ],
)
def test_a_day_begins_at_three_in_the_morning(moment: datetime, day: date) -> None:
    assert counted_day(moment, zone=AMSTERDAM) == day


@pytest.mark.parametrize(
    ("closed", "hours"),
    [(MONDAY, 30), (MONDAY + timedelta(days=1, hours=6), 0), (MONDAY + timedelta(days=1, hours=7), 7 * 24 - 1)],
)
def test_everybody_sees_a_number_on_a_tuesday_at_nine(closed: datetime, hours: int) -> None:
    assert visible_at(closed, zone=AMSTERDAM) == closed + timedelta(hours=hours)
