"""Hours of a day are joined, cut and taken away without losing or inventing a minute."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.spans import Span, Spans, do_overlap, hold, joined, within, without
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
    inside, outside = within(joined(spans), part), without(joined(spans), part)

    assert minutes(inside) == minutes(spans) & minutes([part])
    assert minutes(outside) == minutes(spans) - minutes([part])


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
