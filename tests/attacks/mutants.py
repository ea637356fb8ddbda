"""Builds that claim what ours claims and do not keep it: each audit must refute them, or it would prove nothing."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from helpline.usage.codebook import STORE_EPSILON, CountedCell
from helpline.usage.counting import Counter
from helpline.usage.release import add_noise

CLAMP = 2
SUPPRESSED = -1
FEWEST_SHOWN = 8
ROUND_TO = 5


def wrong_scale(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Draw everything at the scale of the store, whatever the table's price is."""
    del epsilon
    return add_noise(values, STORE_EPSILON)


def doubled(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Spend twice what is said."""
    return add_noise(values, 2 * epsilon)


def spare_zeros(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Draw noise where somebody came, and leave empty cells empty."""
    return [noised if value else 0 for value, noised in zip(values, add_noise(values, epsilon), strict=True)]


def clamped(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Keep noise small, so that no figure looks silly."""
    drawn = add_noise([0] * len(values), epsilon)
    return [value + min(max(noise, -CLAMP), CLAMP) for value, noise in zip(values, drawn, strict=True)]


def suppressed(value: int) -> int:
    """Return a true number as health services publish it: 1 to 7 are not shown, others are rounded to 5."""
    if 0 < value < FEWEST_SHOWN:
        return SUPPRESSED
    return (value + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def also_beside(count: Counter, *, beside: Callable[[str], str]) -> Counter:
    """Return a counter that counts an arrival in its cell and in the one *beside* it."""

    def both(*cells: CountedCell) -> None:
        count(*cells, *((table, beside(cell)) for table, cell in cells if table == "arrival"))

    return both
