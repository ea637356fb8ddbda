"""What figures can say of a year, from a programme's own volumes and before anything is counted. Rules only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from helpline.usage.codebook import STORE_EPSILON, PeriodKind, Rhythm, Table
from helpline.usage.figures import A_PERCENT, B_PERCENT, quality
from helpline.usage.margin import margin95_of

PERIODS_OF_A_YEAR: Mapping[PeriodKind, int] = {PeriodKind.WEEK: 52, PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4}
FLUSHES_OF_A_YEAR: Mapping[Rhythm, int] = {Rhythm.DAY: 52 * 7, Rhythm.WEEK: 52}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table will be able to say of a year in which *yearly* units come."""

    table: Table
    yearly: int
    period_margin: int
    year_margin: int
    total_margin: int

    @property
    def for_a(self) -> int:
        """The least yearly number of a cell that has quality A."""
        return _least(self.year_margin, percent=A_PERCENT)

    @property
    def for_b(self) -> int:
        """The least yearly number of a cell that has quality B."""
        return _least(self.year_margin, percent=B_PERCENT)

    @property
    def even(self) -> int:
        """How many there are of each cell in the year, were all cells alike."""
        return self.yearly // len(self.table.cells)

    @property
    def even_quality(self) -> str:
        """The quality of a cell of the year, were all cells alike."""
        return quality(self.even, margin=self.year_margin)

    @property
    def total_quality(self) -> str:
        """The quality of the year's total: the sum of all its cells, with the noise of each."""
        return quality(self.yearly, margin=self.total_margin)


def expected(table: Table, *, yearly: int) -> Expected:
    """Return what *table* will say of a year with *yearly* units in it, flushed in its rhythm on one host."""
    return Expected(
        table=table,
        yearly=yearly,
        period_margin=_margin(table, periods=1, cells=1),
        year_margin=_margin(table, periods=PERIODS_OF_A_YEAR[table.period], cells=1),
        total_margin=_margin(table, periods=PERIODS_OF_A_YEAR[table.period], cells=len(table.cells)),
    )


def _margin(table: Table, *, periods: int, cells: int) -> int:
    flushes = FLUSHES_OF_A_YEAR[table.flush] // PERIODS_OF_A_YEAR[table.period]
    draws = Counter[Fraction]({table.epsilon: periods * cells})
    draws[STORE_EPSILON] += periods * cells * flushes
    return margin95_of(draws)


def _least(margin: int, *, percent: int) -> int:
    """Return the smallest number of which *margin* is at most *percent*."""
    return -(-100 * margin // percent)
