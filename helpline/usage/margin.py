"""How far a released number may be off. Exact arithmetic on the distribution that the noise is drawn from."""

import math
from fractions import Fraction
from functools import cache

CONFIDENCE = 0.95
TAIL = 1e-12
"""What is left out at each end of a distribution."""

Distribution = tuple[float, ...]
"""Probabilities of -n .. n."""


@cache
def margin95(epsilon: Fraction, *, store_epsilon: Fraction, flushes: int) -> int:
    """Return the smallest m with a probability of at least 95 % that a released number is off by at most m.

    Its noise is one discrete Laplace draw at *epsilon*, and one at *store_epsilon* for each of *flushes*.
    """
    whole = _sum(_laplace(epsilon), _repeated(_laplace(store_epsilon), times=flushes))
    middle = len(whole) // 2
    inside, margin = whole[middle], 0
    while inside < CONFIDENCE:
        margin += 1
        inside += whole[middle - margin] + whole[middle + margin]
    return margin


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
