"""What so many right guesses prove: a lower bound of epsilon, by arithmetic alone."""

import math

MOST_EPSILON = 40.0
ROUNDS = 60
NEGLIGIBLE = 1e-20


def proven(right: int, *, guesses: int, alpha: float) -> float:
    """Return the largest epsilon that *right* of *guesses* refute at *alpha*, or 0.

    Steinke, Nasr and Jagielski, "Privacy auditing with one (1) training run" (2023), the main result for pure
    epsilon: each canary is there by a fair coin, the attacker guesses about some and is silent about the others,
    and whatever he does he is right at least v times with a probability of at most P[Bin(guesses, p) >= v],
    p = e^epsilon / (1 + e^epsilon).
    """
    if tail(right, draws=guesses, share=1 / 2) > alpha:
        return 0.0
    least, most = 0.0, MOST_EPSILON
    for _ in range(ROUNDS):
        middle = (least + most) / 2
        if tail(right, draws=guesses, share=1 / (1 + math.exp(-middle))) <= alpha:
            least = middle
        else:
            most = middle
    return least


def tail(least: int, *, draws: int, share: float) -> float:
    """Return the probability that of *draws*, each a success with the probability *share*, *least* or more are one."""
    if least <= 0:
        return 1.0
    if share * draws >= least:
        # Beyond the middle terms grow before they shrink: add up the other end, whose first term is its largest.
        return 1 - _end(least - 1, draws=draws, share=share, step=-1)
    return _end(least, draws=draws, share=share, step=1)


def _end(first: int, *, draws: int, share: float, step: int) -> float:
    """Return the probability of *first* successes and of every number beyond it, up or down."""
    total, successes, odds = 0.0, first, share / (1 - share) if share < 1 else math.inf
    if not 0 <= first <= draws or odds == math.inf:
        return total
    chosen = math.lgamma(draws + 1) - math.lgamma(first + 1) - math.lgamma(draws - first + 1)
    term = math.exp(chosen + first * math.log(share) + (draws - first) * math.log1p(-share))
    while term > NEGLIGIBLE * total and 0 <= successes <= draws:
        total += term
        if step > 0:
            term *= (draws - successes) / (successes + 1) * odds
        else:
            term *= successes / (draws - successes + 1) / odds
        successes += step
    return total
