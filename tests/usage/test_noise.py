"""The noise itself: the distribution that is promised, and another one each time."""

import math
import multiprocessing
from collections import Counter
from fractions import Fraction

import pytest

from helpline.usage.release import add_noise
from tests.usage.counted import silent

DRAWS = 20_000
FALSE_ALARM = 1e-9
EDGE = 15
"""Values from here on outwards share a class, so that every class expects draws enough."""


def probability(value: int, *, epsilon: Fraction) -> float:
    """Return the discrete Laplace probability of *value*, or of everything beyond the edge."""
    base = math.exp(-epsilon)
    if abs(value) == EDGE:
        return base**EDGE / (1 + base)
    return (1 - base) / (1 + base) * base ** abs(value)


def misfit(drawn: list[int], *, epsilon: Fraction) -> float:
    """Return chi-square of *drawn* with 2 * EDGE degrees of freedom."""
    seen = Counter(max(-EDGE, min(EDGE, value)) for value in drawn)
    return sum(
        (seen[value] - len(drawn) * share) ** 2 / (len(drawn) * share)
        for value in range(-EDGE, EDGE + 1)
        for share in [probability(value, epsilon=epsilon)]
    )


def chance(statistic: float, *, degrees: int) -> float:
    """Return the probability of a chi-square at least this large, for an even number of *degrees*."""
    half = statistic / 2
    return sum(math.exp(-half + k * math.log(half) - math.lgamma(k + 1)) for k in range(degrees // 2))


@pytest.mark.parametrize("epsilon", [Fraction(1, 4), Fraction(1, 2)])
def test_the_noise_is_the_discrete_laplace_of_its_price(epsilon: Fraction) -> None:
    drawn = add_noise([7] * DRAWS, epsilon)

    assert chance(misfit([value - 7 for value in drawn], epsilon=epsilon), degrees=2 * EDGE) > FALSE_ALARM


def test_the_fit_tells_a_wrong_price_and_no_noise() -> None:
    """The bar would catch a price of 1.15 sold as 1, a doubled one, and a build without noise."""
    price = Fraction(1, 2)
    for sold in (price * Fraction(115, 100), 2 * price, price / 2):
        drawn = add_noise([0] * DRAWS, Fraction(round(sold * 64), 64))
        assert chance(misfit(drawn, epsilon=price), degrees=2 * EDGE) < FALSE_ALARM
    assert chance(misfit(silent([0] * DRAWS, price), epsilon=price), degrees=2 * EDGE) < FALSE_ALARM


def test_every_call_and_every_forked_worker_draws_its_own() -> None:
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()

    def draw() -> None:
        answers.put(tuple(add_noise([0] * 64, Fraction(1, 4))))

    workers = [fork.Process(target=draw) for _ in range(4)]
    for worker in workers:
        worker.start()
    drawn = {answers.get() for _ in workers} | {tuple(add_noise([0] * 64, Fraction(1, 4))) for _ in range(4)}
    for worker in workers:
        worker.join()

    assert len(drawn) == 8


def test_a_mechanism_that_costs_more_than_it_says_is_not_used() -> None:
    with pytest.raises(ArithmeticError, match="costs more"):
        add_noise([0], Fraction(1, 3))


def test_numbers_far_from_zero_stay_near_themselves() -> None:
    assert all(abs(value - 2**40) < 200 for value in add_noise([2**40] * 20, Fraction(1, 2)))
