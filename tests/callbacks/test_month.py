"""A month on paper: its days, what a tick stands for, how a half day is covered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.month import a_cycle_before, cover, days_of, month_after, month_of, set_half
from helpline.callbacks.spans import Half, Spans, half_of
from helpline.callbacks.tables import Counsellor, CounsellorId

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)
TODAY = date(2027, 3, 1)
FIFTH, SIXTH = date(2027, 4, 5), date(2027, 4, 6)
DAILY: Spans = ((540, 1020),)
MORNING: Spans = ((540, 720),)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_day_is_copied_from_the_same_weekday_of_last_month(day: date) -> None:
    source = a_cycle_before(day)

    assert source.weekday() == day.weekday()
    assert month_after(month_of(source)) == month_of(day)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_month_is_all_of_its_days(day: date) -> None:
    days = days_of(month_of(day))

    assert day in days
    assert days[0].day == 1
    assert days[-1] + timedelta(days=1) == month_after(day)


@pytest.mark.parametrize("half", list(Half))
def test_a_tick_adds_a_half_and_its_absence_takes_that_half_alone(half: Half) -> None:
    other = next(it for it in Half if it is not half)
    off = set_half(DAILY, half, there=False, usual=())

    assert half_of(off, half) == ()
    assert half_of(off, other) == half_of(DAILY, other)
    assert set_half(off, half, there=True, usual=half_of(DAILY, half)) == DAILY
    assert set_half(((600, 610),), Half.MORNING, there=True, usual=MORNING) == ((600, 610),)


def test_cover_counts_who_is_there_by_language_and_training() -> None:
    anna = Counsellor(id=ANNA, alias="Anna", languages="nl en", youth=True, active=True)
    bram = Counsellor(id=BRAM, alias="Bram", languages="nl", youth=False, active=True)
    found = cover({ANNA: MORNING, BRAM: ((600, 720),)}, staff=[anna, bram], languages=["nl", "en", "fr"])

    assert (found.here, dict(found.languages), found.youth) == (2, {"nl": 2, "en": 1, "fr": 0}, 1)
    assert found.alone == ((540, 600),)
    gone = cover({ANNA: (), BRAM: MORNING}, staff=[anna, bram], languages=["en"])
    assert replace(gone, alone=()) == replace(found, here=1, languages={"en": 0}, youth=0, alone=())
    assert gone.alone == MORNING
