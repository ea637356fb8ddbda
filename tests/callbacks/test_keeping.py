"""Hours of destruction: full, following from the slot, and never later than we say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.keeping import (
    DRAW_LIFE,
    HOUR_OF_BOOKING_KEPT,
    KEPT_AFTER_OUR_FAULT,
    KEPT_AFTER_SLOT,
    REPLAY_WINDOW,
    TOKEN_LEAST_AGE,
    TOKEN_LIFE,
    destroy_failed_talk_at,
    destroy_hour_at,
    destroy_talk_at,
    destroy_token_at,
    next_full_hour,
)

FIRST = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

moments = st.integers(0, 10**8).map(lambda seconds: FIRST + timedelta(seconds=seconds))


def test_the_durations_are_those_that_the_page_what_we_keep_says() -> None:
    assert timedelta(hours=24) == KEPT_AFTER_SLOT
    assert timedelta(days=7) == KEPT_AFTER_OUR_FAULT
    assert timedelta(minutes=2) == REPLAY_WINDOW
    assert timedelta(hours=12) == TOKEN_LIFE
    assert timedelta(seconds=3) == TOKEN_LEAST_AGE
    assert timedelta(hours=48) == HOUR_OF_BOOKING_KEPT
    assert timedelta(minutes=30) == DRAW_LIFE


@given(moments)
def test_the_next_full_hour_is_less_than_an_hour_away(moment: datetime) -> None:
    hour = next_full_hour(moment)

    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert timedelta(0) <= hour - moment < HOUR


def test_a_full_hour_is_its_own_next() -> None:
    assert next_full_hour(FIRST) == FIRST
    assert next_full_hour(FIRST + timedelta(microseconds=1)) == FIRST + HOUR


@given(moments)
def test_a_spent_token_outlives_its_form_and_tells_no_minute(spent_at: datetime) -> None:
    gone = destroy_token_at(spent_at)

    assert spent_at + TOKEN_LIFE <= gone < spent_at + TOKEN_LIFE + HOUR
    assert gone == next_full_hour(gone)


@given(moments)
def test_a_talk_that_failed_tells_no_minute_of_its_end(now: datetime) -> None:
    gone = destroy_failed_talk_at(now)

    assert now + KEPT_AFTER_OUR_FAULT <= gone < now + KEPT_AFTER_OUR_FAULT + HOUR
    assert gone == next_full_hour(gone)


@pytest.mark.parametrize("ends_at", [FIRST, FIRST + timedelta(minutes=35)])
def test_a_talk_is_gone_a_day_after_its_slot_whenever_it_was_booked(ends_at: datetime) -> None:
    assert destroy_talk_at(ends_at) == ends_at + timedelta(hours=24)


def test_the_hour_of_booking_is_forgotten_after_two_days() -> None:
    assert destroy_hour_at(FIRST) == FIRST + timedelta(hours=48)
