"""How far a number may be off."""

import math
from fractions import Fraction

import pytest

from helpline.usage.margin import margin95, margin95_of

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


@pytest.mark.parametrize(("epsilon", "flushes"), [(HALF, 7), (HALF, 13), (QUARTER, 91)], ids=str)
def test_a_sum_of_one_has_the_margin_of_one(epsilon: Fraction, flushes: int) -> None:
    assert margin95_of({epsilon: 1, STORE: flushes}) == margin95(epsilon, store_epsilon=STORE, flushes=flushes)


@pytest.mark.parametrize("draws", [{STORE: 131}, {QUARTER: 52, STORE: 104}, {HALF: 4, STORE: 364}], ids=str)
def test_beyond_what_is_computed_the_chance_that_is_stated_is_nearly_right(draws: dict[Fraction, int]) -> None:
    margin = margin95_of(draws)

    assert inside(draws, margin=margin) > 0.949
    assert inside(draws, margin=margin - 1) < 0.951


def inside(draws: dict[Fraction, int], *, margin: int) -> float:
    """Return the chance that the sum of *draws* lies in -margin .. margin, from its characteristic function."""
    points = 4096
    total = 0.0
    for point in range(points):
        angle = math.pi * (2 * point + 1) / points
        value = math.prod(characteristic(epsilon, angle) ** times for epsilon, times in draws.items())
        total += value * math.sin((margin + 1 / 2) * angle) / math.sin(angle / 2)
    return total / points


def characteristic(epsilon: Fraction, angle: float) -> float:
    base = math.exp(-epsilon)
    return (1 - base) ** 2 / (1 - 2 * base * math.cos(angle) + base**2)
