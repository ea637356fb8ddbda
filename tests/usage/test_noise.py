"""The noise itself: the distribution that is promised, and another one each time."""

import math
import multiprocessing
import statistics
from collections import Counter, defaultdict
from fractions import Fraction

import pytest

from helpline.usage.codebook import STORE_EPSILON
from helpline.usage.margin import margin95
from helpline.usage.release import add_noise
from tests.usage.counted import silent

DRAWS = 20_000
FALSE_ALARM = 1e-9
FEWEST = 20
"""Draws that each class expects at least; values further outwards share one."""

EPSILONS = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2)]
RELEASES = 10_000
FLUSHES = 7
REACH, LEAST = 60, 1e-15
"""How far one draw is followed, and chances that are left out."""

ERRORS = 5
"""Standard errors, of noise that is real: one test in 1.7 million is wrong. Three would be one in 370."""


def edge(epsilon: Fraction) -> int:
    """Return the value from which on outwards values share a class."""
    base = math.exp(-epsilon)
    return math.floor(math.log(FEWEST / DRAWS * (1 + base)) / -float(epsilon))


def probability(value: int, *, epsilon: Fraction) -> float:
    """Return the discrete Laplace probability of *value*, or of everything beyond the edge."""
    base = math.exp(-epsilon)
    if abs(value) == edge(epsilon):
        return base ** abs(value) / (1 + base)
    return (1 - base) / (1 + base) * base ** abs(value)


def misfit(drawn: list[int], *, epsilon: Fraction) -> float:
    """Return the probability of a fit of *drawn* at least as bad (chi-square)."""
    last = edge(epsilon)
    seen = Counter(max(-last, min(last, value)) for value in drawn)
    statistic = sum(
        (seen[value] - len(drawn) * share) ** 2 / (len(drawn) * share)
        for value in range(-last, last + 1)
        for share in [probability(value, epsilon=epsilon)]
    )
    return chance(statistic, degrees=2 * last)


def chance(statistic: float, *, degrees: int) -> float:
    """Return the probability of a chi-square at least this large, for an even number of *degrees*."""
    half = statistic / 2
    return sum(math.exp(-half + k * math.log(half) - math.lgamma(k + 1)) for k in range(degrees // 2))


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_the_noise_is_the_discrete_laplace_of_its_price(epsilon: Fraction) -> None:
    drawn = add_noise([7] * DRAWS, epsilon)

    assert misfit([value - 7 for value in drawn], epsilon=epsilon) > FALSE_ALARM


def test_the_fit_tells_a_wrong_price_and_no_noise() -> None:
    """The bar would catch a price of 1.15 sold as 1, a doubled one, and a build without noise."""
    price = Fraction(1, 2)
    for sold in (price * Fraction(115, 100), 2 * price, price / 2):
        drawn = add_noise([0] * DRAWS, Fraction(round(sold * 64), 64))
        assert misfit(drawn, epsilon=price) < FALSE_ALARM
    assert misfit(silent([0] * DRAWS, price), epsilon=price) < FALSE_ALARM


def released(epsilon: Fraction) -> list[int]:
    """Return how far off RELEASES numbers are that were flushed each day of a week and then released."""
    drawn = [0] * RELEASES
    for price in [STORE_EPSILON] * FLUSHES + [epsilon]:
        drawn = add_noise(drawn, price)
    return drawn


def coverage(epsilon: Fraction, *, margin: int) -> float:
    """Return the chance of such a number to be off by *margin* at most, by adding up every way to be."""
    whole = {0: 1.0}
    for price in [STORE_EPSILON] * FLUSHES + [epsilon]:
        base, summed = math.exp(-price), defaultdict[int, float](float)
        for value, share in whole.items():
            for step in range(-REACH, REACH + 1):
                summed[value + step] += share * (1 - base) / (1 + base) * base ** abs(step)
        whole = {value: share for value, share in summed.items() if share > LEAST}
    return sum(share for value, share in whole.items() if abs(value) <= margin)


@pytest.mark.parametrize("epsilon", EPSILONS)
def test_a_margin_covers_as_many_numbers_as_it_says_and_sums_are_unbiased(epsilon: Fraction) -> None:
    margin = margin95(epsilon, store_epsilon=STORE_EPSILON, flushes=FLUSHES)
    expected = coverage(epsilon, margin=margin)
    drawn = released(epsilon)

    assert 0.94 <= expected <= 0.97
    covered = sum(abs(value) <= margin for value in drawn) / RELEASES
    assert abs(covered - expected) <= ERRORS * math.sqrt(expected * (1 - expected) / RELEASES)
    assert abs(sum(drawn)) <= ERRORS * statistics.pstdev(drawn) * math.sqrt(RELEASES)


def test_every_call_and_every_forked_worker_draws_its_own() -> None:
    """Also after their parent drew: a generator that was made before a fork gave every worker the same noise."""
    add_noise([0], Fraction(1, 4))
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
