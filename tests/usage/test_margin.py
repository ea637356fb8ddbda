"""How far a number may be off."""

import math
from fractions import Fraction

import pytest

from helpline.usage.margin import margin95

HALF, QUARTER, STORE = Fraction(1, 2), Fraction(1, 4), Fraction(2)


@pytest.mark.parametrize("epsilon", [HALF, QUARTER, Fraction(1)])
def test_the_margin_of_one_draw_is_the_least_that_holds_95_percent(epsilon: Fraction) -> None:
    base = math.exp(-epsilon)

    def outside(margin: int) -> float:
        return 2 * base ** (margin + 1) / (1 + base)

    margin = margin95(epsilon, store_epsilon=STORE, flushes=0)

    assert outside(margin) <= 0.05 < outside(margin - 1)


def test_every_flush_widens_the_margin() -> None:
    margins = [margin95(HALF, store_epsilon=STORE, flushes=flushes) for flushes in (0, 7, 13, 91)]

    assert margins == sorted(margins)
    assert margins[-1] > margins[0]


def test_the_margin_of_a_week_and_a_quarter_fit_the_variance_of_their_noise() -> None:
    def variance(epsilon: Fraction) -> float:
        base = math.exp(-epsilon)
        return 2 * base / (1 - base) ** 2

    for flushes in (7, 91):
        deviation = math.sqrt(variance(QUARTER) + flushes * variance(STORE))
        margin = margin95(QUARTER, store_epsilon=STORE, flushes=flushes)
        assert 1.8 * deviation <= margin <= 2.2 * deviation
