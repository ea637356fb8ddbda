"""How far a released number may be off. Exact arithmetic on the distribution that the noise is drawn from."""

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from statistics import NormalDist

CONFIDENCE = 0.95
TAIL = 1e-12
"""What is left out at each end of a distribution."""

EXACT_DRAWS = 130
"""Up to so many draws in a sum the distribution is computed; a quarter that is flushed daily has 92 in a cell."""

Distribution = tuple[float, ...]
"""Probabilities of -n .. n."""

Draws = Mapping[Fraction, int]
"""How often noise was drawn at each epsilon. Independent draws: those of a sum are added up."""


@cache
def margin95(epsilon: Fraction, *, store_epsilon: Fraction, flushes: int) -> int:
    """Return the smallest m with a probability of at least 95 % that a released number is off by at most m.

    Its noise is one discrete Laplace draw at *epsilon*, and one at *store_epsilon* for each of *flushes*.
    """
    return _least(_sum(_laplace(epsilon), _repeated(_laplace(store_epsilon), times=flushes)))


def margin95_of(draws: Draws) -> int:
    """Return the smallest m with a probability of at least 95 % that the sum of *draws* lies in -m .. m.

    Computed up to EXACT_DRAWS draws. Beyond them it is the normal distribution with a first correction for the heavy
    tails of the draws; the chance that it states is then off by less than 0.001 (a test compares both).
    """
    return _margin95_of(tuple(sorted((epsilon, times) for epsilon, times in draws.items() if times)))


@cache
def _margin95_of(draws: tuple[tuple[Fraction, int], ...]) -> int:
    if sum(times for _, times in draws) > EXACT_DRAWS:
        return _approximate(draws)
    whole: Distribution = (1.0,)
    for epsilon, times in draws:
        whole = _sum(whole, _repeated(_laplace(epsilon), times=times))
    return _least(whole)


def _least(whole: Distribution) -> int:
    middle = len(whole) // 2
    inside, margin = whole[middle], 0
    while inside < CONFIDENCE:
        margin += 1
        inside += whole[middle - margin] + whole[middle + margin]
    return margin


def _approximate(draws: tuple[tuple[Fraction, int], ...]) -> int:
    """Return the margin by the Edgeworth series up to the fourth cumulant; odd ones are zero, for noise has no side."""
    variance = sum(times * _cumulants(epsilon)[0] for epsilon, times in draws)
    tails = sum(times * _cumulants(epsilon)[1] for epsilon, times in draws) / variance**2
    normal, deviation = NormalDist(), math.sqrt(variance)

    def inside(margin: int) -> float:
        reach = (margin + 1 / 2) / deviation
        return 2 * normal.cdf(reach) - 1 - normal.pdf(reach) * tails / 12 * (reach**3 - 3 * reach)

    margin = math.floor(deviation)
    while inside(margin) < CONFIDENCE:
        margin += 1
    return margin


def _cumulants(epsilon: Fraction) -> tuple[float, float]:
    """Return the second and the fourth cumulant of one draw."""
    base = math.exp(-epsilon)
    second = 2 * base / (1 - base) ** 2
    return second, 2 * base * (1 + 10 * base + base**2) / (1 - base) ** 4 - 3 * second**2


def _laplace(epsilon: Fraction) -> Distribution:
    """Return the discrete Laplace distribution: P(x) = (1 - p) / (1 + p) * p ** |x| with p = exp(-epsilon)."""
    base = math.exp(-epsilon)
    reach = math.ceil(math.log(TAIL) / -float(epsilon))
    return tuple((1 - base) / (1 + base) * base ** abs(value) for value in range(-reach, reach + 1))


def _repeated(one: Distribution, *, times: int) -> Distribution:
    """Return the distribution of the sum of *times* draws, by doubling."""
    if times == 0:
        return (1.0,)
    half = _repeated(one, times=times // 2)
    doubled = _sum(half, half)
    return _sum(doubled, one) if times % 2 else doubled


def _sum(one: Distribution, other: Distribution) -> Distribution:
    total = [0.0] * (len(one) + len(other) - 1)
    for place, probability in enumerate(one):
        for step, also in enumerate(other):
            total[place + step] += probability * also
    return _trimmed(tuple(total))


def _trimmed(whole: Distribution) -> Distribution:
    cut = 0
    while len(whole) - 2 * cut > 1 and whole[cut] < TAIL / len(whole):
        cut += 1
    return whole[cut : len(whole) - cut]
