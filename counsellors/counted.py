"""Released figures as a page shows them: lines of a table with their words, and the charts of the same lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import abort
from flask_babel import format_decimal, gettext
from markupsafe import Markup

from counsellors.rendering import language
from counsellors.services import now, services
from helpline.usage.charts import Bar, bars, series
from helpline.usage.codebook import Table
from helpline.usage.figures import Figure, Group, Step, figure_of, groups, span_in
from helpline.usage.periods import TO_THURSDAY, Span, year_called
from helpline.usage.released import Counted, read_counted, released_periods, released_range
from helpline.usage.statement import together

QUOTED = "contact_channel"
"""The table whose total says how many talks there were."""

YEAR_DIGITS = 4
FIRST_YEAR, LAST_YEAR = 2000, 2999
"""Years that a path may name; the calendar of dates ends not far beyond."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a page: a cell, or a period."""

    label: str
    figure: Figure
    is_whole: bool = True
    is_invented: bool = False
    name: str = ""


def figure_words(figure: Figure) -> str:
    """Return a figure as a page says it: "40 ± 9", or "fewer than 10" where it cannot be told from zero."""
    if figure.is_within_noise:
        return gettext("fewer than %(number)s", number=format_decimal(figure.margin95 + 1))
    return difference_words(figure)


def difference_words(figure: Figure) -> str:
    """Return how large a clear change is, without its direction: a page says "more" or "fewer" before it."""
    return gettext(
        "%(value)s ± %(margin)s", value=format_decimal(abs(figure.value)), margin=format_decimal(figure.margin95)
    )


def price_words(value: Fraction) -> str:
    """Return an epsilon as a page writes it, with all its digits: "0,0625" in Dutch."""
    return format_decimal(float(value), format="#,##0.######")


def costs_of(counted: Sequence[Counted]) -> list[tuple[str, str, float]]:
    """Return by unit the epsilon that one of it costs in all files of *counted*, and that as a factor."""
    return [(unit, price_words(cost), math.exp(cost)) for unit, cost in together(counted).items()]


def quoted_for(table: Table) -> Table | None:
    """Return the table whose total is quoted for *table*: of several that tell of the same talks; None: its own."""
    quoted = services().texts.codebook.table(QUOTED)
    return quoted if quoted and table.unit is quoted.unit and table.id != QUOTED else None


FIGURE_FILTERS = {
    "figure": figure_words,
    "difference": difference_words,
    "number": format_decimal,
    "quoted_for": quoted_for,
}


def table_at(table_id: str) -> Table:
    """Return the table of the codebook that a path names; 404 for none."""
    return services().texts.codebook.table(table_id) or abort(404)


def step_at(name: str, *, table: Table) -> Step:
    """Return the step that a path names; 404 for none, and for one shorter than the table's periods."""
    return next((step for step in steps_of(table) if step.value == name), None) or abort(404)


def year_at(text: str) -> int:
    """Return the year that a path names; 404 for none."""
    if not (text.isascii() and text.isdecimal() and len(text) == YEAR_DIGITS):
        abort(404)
    year = int(text)
    return year if FIRST_YEAR <= year <= LAST_YEAR else abort(404)


def span_at(name: str, *, step: Step) -> Span:
    """Return the week, month, quarter or year called *name* ("2027-W09"); 404 for none."""
    year = year_called(year_at(name[:YEAR_DIGITS]))
    day = year.starts
    while day < year.ends:
        span = span_in(step, day)
        if span.name == name:
            return span
        day = span.ends
    return abort(404)


def span_called(name: str) -> Span:
    """Return the span of whatever step that is called *name*; 404 for none."""
    if len(name) == YEAR_DIGITS:
        return year_called(year_at(name))
    steps = {"W": Step.WEEK, "Q": Step.QUARTER}
    return span_at(name, step=steps.get(name[YEAR_DIGITS + 1 : YEAR_DIGITS + 2], Step.MONTH))


def steps_of(table: Table) -> tuple[Step, ...]:
    """Return the steps that periods of *table* can be added up to."""
    steps = tuple(Step)
    return steps[steps.index(Step(table.period.value)) :]


def ranges() -> dict[str, tuple[date, date]]:
    """Return by table the first day and the day after the last that is released."""
    with services().counts.read() as reading:
        return dict(released_range(reading, now=now()))


def years_of(released: tuple[date, date]) -> list[int]:
    """Return the years that have something released, the newest first."""
    first, end = released
    return list(range((end - TO_THURSDAY).isocalendar().year, first.isocalendar().year - 1, -1))


def read_span(table: Table, span: Span) -> tuple[Counted, ...]:
    """Return what is released of *table* and begins in *span*."""
    with services().counts.read() as reading:
        periods = released_periods(reading, table=table.id, now=now(), since=span.starts, until=span.ends)
        return read_counted(reading, periods)


def group_of(table: Table, span: Span, *, step: Step) -> Group:
    """Return what is released of *table* in *span*, which is one of *step*; 404 where nothing is."""
    found = [group for group in groups(read_span(table, span), step=step) if group.span.starts == span.starts]
    return found[0] if found else abort(404)


def period_lines(counted: Sequence[Counted], *, step: Step) -> list[Line]:
    """Return the total of each period, the oldest first."""
    return [
        Line(
            group.span.name,
            figure_of(group.parts, all_cells(group.parts)),
            is_whole=group.is_whole,
            is_invented=group.is_invented,
            name=group.span.name,
        )
        for group in groups(counted, step=step)
    ]


def cell_lines(counted: Sequence[Counted]) -> list[Line]:
    """Return every cell with its sum over the periods *counted*, in the order of the codebook."""
    return [Line(label, figure_of(counted, [cell])) for cell, label in all_cells(counted).items()]


def all_cells(counted: Sequence[Counted]) -> dict[str, str]:
    """Return the cells that any of *counted* has, with what the newest of them calls it."""
    labels: dict[str, str] = {}
    for part in counted[::-1]:
        words = part.table.language(language())
        for cell in part.table.cells:
            labels.setdefault(cell.id, cell.labels[words])
    return labels


def cell_chart(title: str, lines: Sequence[Line], *, name: str = "cells") -> Markup:
    """Return the chart of cells; *name* makes it the only one of a page."""
    description = gettext("One bar for each line of the table below. A whisker shows how far the number may be off.")
    return bars(name, title=title, description=description, rows=_drawn(lines))


def period_chart(title: str, lines: Sequence[Line]) -> Markup:
    """Return the chart of periods."""
    description = gettext(
        "One bar for each period of the table below, the oldest first. A whisker shows how far the number may be off; "
        "a broken outline, that weeks are missing."
    )
    return series("periods", title=title, description=description, points=_drawn(lines), say=format_decimal)


def spans_near(year: int, *, step: Step, released: tuple[date, date]) -> list[Span]:
    """Return the steps of *year*, the year before and the year after that may have something, the newest first."""
    first, end = released
    day, until = first, end
    if step is not Step.YEAR:
        day, until = max(first, year_called(year - 1).starts), min(end, year_called(year + 1).ends)
    found = []
    while day < until:
        span = span_in(step, day)
        found.append(span)
        day = span.ends
    return found[::-1]


def two_near(spans: Sequence[Span], *, within: Span) -> Sequence[Span]:
    """Return of *spans*, the newest first, the two to compare at first: the newest of *within*, and the one before."""
    place = next((place for place, span in enumerate(spans) if span.starts < within.ends), 0)
    place = max(0, min(place, len(spans) - 2))
    return spans[place : place + 2][::-1]


def _drawn(lines: Sequence[Line]) -> list[Bar]:
    return [
        Bar(it.label, it.figure.value, margin=it.figure.margin95, words=figure_words(it.figure), is_whole=it.is_whole)
        for it in lines
    ]
