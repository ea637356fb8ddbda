"""Hours of a day are joined, cut and taken away without losing or inventing a minute."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.spans import (
    Half,
    Span,
    Spans,
    alone,
    do_overlap,
    half_of,
    hold,
    joined,
    read,
    within,
    without,
    without_half,
    written,
)
from tests.support.talks import AMSTERDAM, TEN

marks = st.tuples(st.integers(0, 1440), st.integers(0, 1440)).filter(lambda ends: ends[0] < ends[1])
many = st.lists(marks, max_size=5)


def minutes(spans: list[Span] | Spans) -> set[int]:
    return {minute for starts, ends in spans for minute in range(starts, ends)}


@given(many)
def test_joined_hours_hold_the_same_minutes_with_gaps_between(spans: list[Span]) -> None:
    found = joined(spans)

    assert minutes(found) == minutes(spans)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))


@given(many, marks)
def test_a_part_of_a_day_and_the_rest_make_the_whole(spans: list[Span], part: Span) -> None:
    inside, outside = within(joined(spans), part), without(joined(spans), (part,))

    assert minutes(inside) == minutes(spans) & minutes([part])
    assert minutes(outside) == minutes(spans) - minutes([part])


@given(many)
def test_the_halves_of_a_day_make_the_whole(spans: list[Span]) -> None:
    held = joined(spans)
    morning, afternoon = (half_of(held, half) for half in Half)

    assert joined((*morning, *afternoon)) == held
    assert not minutes(morning) & minutes(afternoon)
    assert without_half(held, Half.MORNING) == afternoon
    assert without_half(held, Half.AFTERNOON) == morning


@pytest.mark.parametrize(
    ("span", "morning", "afternoon"),
    [
        ((540, 720), ((540, 720),), ()),
        ((540, 780), ((540, 780),), ()),
        ((540, 785), ((540, 720),), ((720, 785),)),
        ((540, 1020), ((540, 720),), ((720, 1020),)),
        ((660, 1020), (), ((660, 1020),)),
        ((655, 1020), ((655, 720),), ((720, 1020),)),
        ((1080, 1440), (), ((1080, 1440),)),
    ],
    ids=str,
)
def test_hours_that_reach_a_little_over_noon_stay_whole(span: Span, morning: Spans, afternoon: Spans) -> None:
    assert (half_of([span], Half.MORNING), half_of([span], Half.AFTERNOON)) == (morning, afternoon)


@given(st.lists(many.map(joined), max_size=4))
def test_somebody_is_alone_in_the_minutes_in_which_nobody_else_is_there(held: list[Spans]) -> None:
    held_minutes = [minutes(spans) for spans in held]
    counted = [sum(minute in there for there in held_minutes) for minute in range(1440)]

    assert minutes(alone(held)) == {minute for minute, count in enumerate(counted) if count == 1}


@given(many)
def test_hours_are_read_as_they_were_written(spans: list[Span]) -> None:
    assert read(written(joined(spans))) == joined(spans)


@given(many)
def test_hours_overlap_when_they_share_a_minute(spans: list[Span]) -> None:
    assert do_overlap(spans) is (len(minutes(spans)) < sum(ends - starts for starts, ends in spans))


@pytest.mark.parametrize(
    ("spans", "holds"),
    [
        (((600, 630),), True),
        (((0, 1440),), True),
        (((601, 700),), False),
        (((540, 629),), False),
        (((540, 615), (615, 700)), False),
        ((), False),
    ],
    ids=["to the minute", "all day", "later", "shorter", "in two", "none"],
)
def test_hours_hold_a_talk_that_lies_in_one_of_them(spans: Spans, *, holds: bool) -> None:
    assert hold(spans, (TEN, TEN + timedelta(minutes=30)), zone=AMSTERDAM) is holds
