"""Released numbers as people use them: added up over cells and periods, with margin and quality. Rules only."""

import enum
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from helpline.usage.codebook import PeriodKind
from helpline.usage.margin import Draws, margin95_of
from helpline.usage.periods import INVENTED_MARK, Span, span_of, year_of
from helpline.usage.released import Counted

A_PERCENT, B_PERCENT = 10, 33
"""The largest margin in percent of the number, for the qualities A and B."""


class Step(enum.StrEnum):
    """What periods are added up to. Each is whole weeks, so that weeks, months, quarters and years agree."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with noise, and the draws that are in it; it may lie below zero, and sums stay right for that."""

    value: int
    draws: tuple[tuple[Fraction, int], ...]

    @property
    def margin95(self) -> int:
        """How far the number is off at most in 95 of 100 cases."""
        return margin95_of(dict(self.draws))

    @property
    def quality(self) -> str:
        """A, B, C, or D where the number cannot be told from zero."""
        return quality(self.value, margin=self.margin95)

    @property
    def is_within_noise(self) -> bool:
        """Whether it cannot be told from zero; screens then say "fewer than margin + 1"."""
        return self.value <= self.margin95

    def minus(self, other: "Figure") -> "Figure":
        """Return the difference of two figures with nothing in common: its noise is that of both."""
        draws = Counter(dict(self.draws)) + Counter(dict(other.draws))
        return Figure(self.value - other.value, _sorted(draws))


@dataclass(frozen=True, slots=True)
class Group:
    """Periods of one table that lie in one step, in their order."""

    span: Span
    parts: tuple[Counted, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the parts cover every week of the span: a sum over a gap says less than it seems."""
        edge = self.span.starts
        for part in self.parts:
            if part.period.starts > edge:
                return False
            edge = max(edge, part.period.ends)
        return edge >= self.span.ends

    @property
    def name(self) -> str:
        """What a file calls the span: marked where a demo's numbers are among them, as each of their periods is."""
        return f"{INVENTED_MARK} {self.span.name}" if self.is_invented else self.span.name

    @property
    def is_invented(self) -> bool:
        """Whether a demo's numbers are among them."""
        return any(part.period.invented for part in self.parts)


def quality(value: int, *, margin: int) -> str:
    """Return A (margin up to 10 % of the value), B (up to 33 %), C, or D where the value is within the noise."""
    if value <= margin:
        return "D"
    if 100 * margin <= A_PERCENT * value:
        return "A"
    return "B" if 100 * margin <= B_PERCENT * value else "C"


def figure_of(counted: Sequence[Counted], cells: Collection[str]) -> Figure:
    """Return the sum of *cells* over the periods *counted*; a cell that a period did not have adds nothing."""
    value, draws = 0, Counter[Fraction]()
    for part in counted:
        there = [cell for cell in cells if cell in part.values]
        value += sum(part.values[cell] for cell in there)
        draws[part.spent.epsilon] += len(there)
        draws[part.spent.store_epsilon] += len(there) * part.spent.flushes
    return Figure(value, _sorted(draws))


def is_clear_change(earlier: Figure, later: Figure) -> bool:
    """Return whether two figures differ by more than their noise explains in 95 of 100 cases."""
    difference = later.minus(earlier)
    return abs(difference.value) > difference.margin95


def groups(counted: Sequence[Counted], *, step: Step) -> tuple[Group, ...]:
    """Return periods of one table by *step*; a period belongs to the step that its first Thursday is in.

    A step shorter than the periods leaves each of them in a group of its own.
    """
    return tuple(_groups(counted, step=step))


def span_in(step: Step, day: date) -> Span:
    """Return the week, month, quarter or year that *day* lies in."""
    return year_of(day) if step is Step.YEAR else span_of(PeriodKind(step.value), day)


def _groups(counted: Sequence[Counted], *, step: Step) -> Iterator[Group]:
    def span(part: Counted) -> Span:
        found, period = span_in(step, part.period.starts), part.period
        return found if found.ends >= period.ends else Span(period.name, starts=period.starts, ends=period.ends)

    ordered = sorted(counted, key=lambda part: (part.period.starts, part.period.name))
    for found, parts in groupby(ordered, key=span):
        yield Group(found, tuple(parts))


def _sorted(draws: Draws) -> tuple[tuple[Fraction, int], ...]:
    return tuple(sorted((epsilon, times) for epsilon, times in draws.items() if times))
