"""Somebody who knows how the files come about, and everybody's visits but one: he learns, then he guesses."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.attacks.proof import proven

Seen = Sequence[tuple[int, ...]]
"""For each canary the numbers that may tell whether it was there."""

RARE = 10
"""Values at the ends that were seen less often are taken together."""

STEPS = 24
ALPHA = 0.001
"""The confidence of the figures that are written down."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How often an attacker guessed, and how often he was right."""

    right: int
    guesses: int

    def proves(self, *, alpha: float = ALPHA) -> float:
        """Return the epsilon that this refutes."""
        return proven(self.right, guesses=self.guesses, alpha=alpha)

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.right + other.right, self.guesses + other.guesses)


@dataclass(frozen=True, slots=True)
class Scale:
    """What each value of one number tells: the logarithm of how much likelier it is where the canary was there."""

    values: tuple[int, ...]
    scores: tuple[float, ...]

    @classmethod
    def learned(cls, values: Sequence[int], *, coins: Sequence[bool]) -> "Scale":
        """Return the scale of *values* that were seen beside *coins*."""
        low, high = _ends(Counter(values))
        seen = Counter((min(max(value, low), high), coin) for value, coin in zip(values, coins, strict=True))
        known = sorted({value for value, _ in seen})
        there = sum(coins) / len(coins)
        usual = math.log(there / (1 - there))
        half = 1 / 2
        scores = [math.log((seen[it, True] + half) / (seen[it, False] + half)) - usual for it in known]
        return cls(tuple(known), tuple(scores))

    def score(self, value: int) -> float:
        """Return what *value* tells, or the next larger one that was ever seen."""
        return self.scores[min(bisect_left(self.values, value), len(self.values) - 1)]


@dataclass(frozen=True, slots=True)
class Attacker:
    """Guesses about each canary of which the numbers tell him at least *threshold*; about others he is silent."""

    scales: tuple[Scale, ...]
    threshold: float = 0.0

    @classmethod
    def taught(cls, seen: Seen, *, coins: Sequence[bool]) -> "Attacker":
        """Return an attacker who learned from *seen*, where he knew the coins, when to guess and when not."""
        columns = zip(*seen, strict=True)
        outspoken = cls(tuple(Scale.learned(column, coins=coins) for column in columns))
        certain = sorted(abs(outspoken.score(numbers)) for numbers in seen)
        thresholds = {certain[len(certain) * step // STEPS] for step in range(STEPS)} | {0.0}
        choices = [cls(outspoken.scales, threshold) for threshold in sorted(thresholds)]
        return max(choices, key=lambda it: it.judged(seen, coins=coins).proves())

    def outspoken(self) -> "Attacker":
        """Return the same attacker, who is silent only where the numbers tell him nothing."""
        return Attacker(self.scales)

    def score(self, numbers: tuple[int, ...]) -> float:
        """Return what *numbers* tell together; above zero: it was there."""
        return sum(scale.score(number) for scale, number in zip(self.scales, numbers, strict=True))

    def judged(self, seen: Seen, *, coins: Sequence[bool]) -> Verdict:
        """Return how his guesses about *seen* compare with the *coins*."""
        scored = [(self.score(numbers), coin) for numbers, coin in zip(seen, coins, strict=True)]
        guesses = [(score > 0) == coin for score, coin in scored if score and abs(score) >= self.threshold]
        return Verdict(sum(guesses), len(guesses))


SIGN = Scale(values=(0, 1), scores=(-1.0, 1.0))
AGREEING = Attacker((SIGN, SIGN))
"""Guesses where two numbers say the same, and is silent where one of them is above zero and the other is not."""


def _ends(seen: Counter[int]) -> tuple[int, int]:
    """Return the values at which rare ones at both ends are gathered."""
    known = sorted(seen)
    return _end(seen, known), _end(seen, known[::-1])


def _end(seen: Counter[int], known: Sequence[int]) -> int:
    gathered = 0
    for value in known:
        gathered += seen[value]
        if gathered >= RARE:
            return value
    return known[-1]
