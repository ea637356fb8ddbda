"""Released numbers added up: sums with the noise of all their parts, and steps that agree with each other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from helpline.usage.codebook import Codebook, PeriodKind
from helpline.usage.figures import Figure, Step, figure_of, groups, is_clear_change, quality
from helpline.usage.margin import margin95_of
from helpline.usage.periods import WEEK, span_of
from helpline.usage.released import Counted, ReleasedPeriod, Spent

HALF, STORE = Fraction(1, 2), Fraction(2)
FIRST = date(2026, 12, 28)
"""The Monday of 2026-W53, whose Thursday is the last day of 2026."""

Week = Callable[[int], Counted]


@pytest.fixture
def week(codebook: Codebook) -> Week:
    """Give a maker of the released week that begins some weeks after FIRST: each cell holds 10."""
    table = codebook.table("arrival")
    assert table is not None

    def make(number: int) -> Counted:
        span = span_of(PeriodKind.WEEK, FIRST + number * WEEK)
        period = ReleasedPeriod(
            f"arrival/{span.name}", "arrival", span.name, span.starts, span.ends, margin95=7, invented=False
        )
        spent = Spent("visit", sensitivity=1, epsilon=HALF, store_epsilon=STORE, flushes=7)
        return Counted(period, table=table, spent=spent, values={cell.id: 10 for cell in table.cells})

    return make


def test_a_sum_has_the_noise_of_every_cell_and_period_in_it(week: Week) -> None:
    figure = figure_of([week(1), week(2)], ["nl.direct", "nl.k7", "no such cell"])

    assert figure.value == 40
    assert figure.draws == ((HALF, 4), (STORE, 28))
    assert figure.margin95 == margin95_of({HALF: 4, STORE: 28})


@pytest.mark.parametrize(
    ("step", "names"),
    [
        (Step.WEEK, ["2026-W53", "2027-W01", "2027-W02", "2027-W03", "2027-W04", "2027-W05"]),
        (Step.MONTH, ["2026-M12", "2027-M01", "2027-M02"]),
        (Step.QUARTER, ["2026-Q4", "2027-Q1"]),
        (Step.YEAR, ["2026", "2027"]),
    ],
    ids=str,
)
def test_weeks_lie_in_the_month_quarter_and_year_of_their_thursday(week: Week, step: Step, names: list[str]) -> None:
    found = groups([week(number) for number in (5, 3, 4, 0, 1, 2)], step=step)

    assert [group.span.name for group in found] == names
    assert sum(figure_of(group.parts, ["nl.direct"]).value for group in found) == 60


def test_a_step_with_a_gap_is_not_whole(week: Week) -> None:
    _, january, february = groups([week(number) for number in range(8)], step=Step.MONTH)
    _, gap, _ = groups([week(number) for number in (0, 1, 3, 4, 5)], step=Step.MONTH)

    assert (january.is_whole, february.is_whole, gap.is_whole) == (True, False, False)


def test_a_quarter_seen_by_the_week_stays_one_group(week: Week) -> None:
    part = week(1)
    whole = replace(part.period, name="2027-Q1", ends=part.period.starts + timedelta(weeks=13))

    (group,) = groups([replace(part, period=whole)], step=Step.WEEK)

    assert (group.span.name, group.is_whole) == ("2027-Q1", True)


def test_a_change_is_clear_where_the_noise_of_both_does_not_explain_it() -> None:
    draws = ((HALF, 1), (STORE, 7))
    reach = margin95_of({HALF: 2, STORE: 14})
    earlier = Figure(100, draws)

    assert not is_clear_change(earlier, Figure(100 + reach, draws))
    assert is_clear_change(earlier, Figure(101 + reach, draws))
    assert is_clear_change(earlier, Figure(99 - reach, draws))


@pytest.mark.parametrize(
    ("value", "margin", "letter"),
    [(5, 5, "D"), (-9, 5, "D"), (6, 5, "C"), (15, 5, "C"), (16, 5, "B"), (49, 5, "B"), (50, 5, "A")],
)
def test_quality_is_the_share_of_the_margin(value: int, margin: int, letter: str) -> None:
    assert quality(value, margin=margin) == letter
