"""The rows of every file, and their sums: one source, so that no two kinds of file can say different things."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from helpline.usage.figures import Step, figure_of, groups, quality
from helpline.usage.released import Counted
from helpline.usage.statement import decimal

TOGETHER: Mapping[str, str] = {"nl": "Alles bij elkaar", "en": "All together"}
ALL_CELLS = "ALL"
"""Stands for the cell in the row of a sum: no cell of a codebook has capitals."""


class Row(NamedTuple):
    """A released number, or a sum of some."""

    period: str
    table: str
    cell: str
    label: str
    value: int
    margin95: int
    low: int
    high: int
    quality: str
    epsilon: str
    unit: str


COLUMNS = Row._fields


def rows(counted: Sequence[Counted], *, language: str) -> Iterator[Row]:
    """Yield every cell of every period, in the order of *counted* and of the definitions."""
    for part in counted:
        for cell in part.table.cells:
            value, margin = part.values[cell.id], part.period.margin95
            label = cell.labels[part.table.language(language)]
            yield _row(part, period=part.period.name, cell=cell.id, label=label, value=value, margin=margin)


def totals(counted: Sequence[Counted], *, language: str) -> Iterator[Row]:
    """Yield what can be added up: all cells of each period; each cell, and all of them, by year and over all periods.

    A margin is that of the sum: it grows more slowly than the sum does. Cells of an older definition stand first.
    """
    together = TOGETHER.get(language, TOGETHER["en"])
    for _, found in groupby(counted, key=lambda part: part.period.table):
        parts = list(found)
        for part in parts:
            yield _sum([part], part.values, period=part.period.name, cell=ALL_CELLS, label=together)
        for period, some in _spans(parts):
            labels = {it.id: it.labels[part.table.language(language)] for part in some for it in part.table.cells}
            for cell, label in labels.items():
                yield _sum(some, [cell], period=period, cell=cell, label=label)
            yield _sum(some, labels, period=period, cell=ALL_CELLS, label=together)


def _spans(parts: Sequence[Counted]) -> Iterator[tuple[str, Sequence[Counted]]]:
    """Yield each year of *parts*, by its name if it is whole, and all of them: whatever has several periods."""
    years = groups(parts, step=Step.YEAR)
    for year in years:
        if len(year.parts) > 1:
            yield year.name if year.is_whole else _from_to(year.parts), year.parts
    if len(years) > 1:
        yield _from_to(parts), parts


def _from_to(parts: Sequence[Counted]) -> str:
    return f"{parts[0].period.name} - {parts[-1].period.name}"


def _sum(parts: Sequence[Counted], cells: Collection[str], *, period: str, cell: str, label: str) -> Row:
    figure = figure_of(parts, cells)
    # Where the price of a table has changed, a sum says the dearest: nobody may take it for cheaper than it was.
    dearest = max(parts, key=lambda part: part.spent.epsilon)
    return _row(dearest, period=period, cell=cell, label=label, value=figure.value, margin=figure.margin95)


def _row(part: Counted, *, period: str, cell: str, label: str, value: int, margin: int) -> Row:
    return Row(
        period=period,
        table=part.table.id,
        cell=cell,
        label=label,
        value=value,
        margin95=margin,
        low=value - margin,
        high=value + margin,
        quality=quality(value, margin=margin),
        epsilon=decimal(part.spent.epsilon),
        unit=part.spent.unit,
    )
