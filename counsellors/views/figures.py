"""Released figures on a page: a table by year, one period by cell, two periods beside each other."""

from dataclasses import dataclass

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from counsellors.counted import (
    all_cells,
    cell_chart,
    cell_lines,
    group_of,
    period_chart,
    period_lines,
    ranges,
    read_span,
    span_at,
    spans_near,
    step_at,
    steps_of,
    table_at,
    two_near,
    year_at,
    years_of,
)
from counsellors.rendering import language, see_other, show
from helpline.staff.permissions import Permission
from helpline.usage.codebook import Table
from helpline.usage.figures import Figure, Group, Step, figure_of, is_clear_change
from helpline.usage.periods import year_called
from helpline.web.office_guard import needs

blueprint = Blueprint("figures", __name__)


@dataclass(frozen=True, slots=True)
class Pair:
    """One cell in two periods, and what changed between them."""

    label: str
    one: Figure
    other: Figure

    @property
    def change(self) -> Figure:
        """How much more there is in the second one."""
        return self.other.minus(self.one)

    @property
    def is_clear(self) -> bool:
        """Whether noise alone does not explain the change."""
        return is_clear_change(self.one, self.other)


@blueprint.post("/counts/choose")
@needs(Permission.EXPORT_COUNTS)
def choose() -> ResponseReturnValue:
    """Lead to the table, step and year of a form."""
    table = table_at(request.form.get("table", ""))
    step = step_at(request.form.get("step", ""), table=table)
    year = year_at(request.form.get("year", ""))
    return see_other(_path(table, step=step, year=year))


@blueprint.get("/counts/<table_id>/<step>/<year>")
@needs(Permission.EXPORT_COUNTS)
def see(*, table_id: str, step: str, year: str) -> ResponseReturnValue:
    """Show a year of a table: its total by step, its cells over the whole year."""
    table = table_at(table_id)
    chosen, number = step_at(step, table=table), year_at(year)
    span = year_called(number)
    released = ranges().get(table.id) or abort(404)
    counted = read_span(table, span) or abort(404)
    title, cells = f"{table.title(language())}, {number}", cell_lines(counted)
    periods, spans = period_lines(counted, step=chosen), spans_near(number, step=chosen, released=released)
    return show(
        "counts/year.html",
        table=table,
        title=title,
        step=chosen,
        year=number,
        years=years_of(released),
        steps=steps_of(table),
        spans=spans,
        at_first=two_near(spans, within=span),
        periods=periods,
        cells=cells,
        year_group=Group(span, counted),
        total=figure_of(counted, all_cells(counted)),
        period_chart=period_chart(title, periods),
        cell_chart=cell_chart(title, cells),
    )


@blueprint.get("/counts/<table_id>/period/<step>/<name>")
@needs(Permission.EXPORT_COUNTS)
def period(*, table_id: str, step: str, name: str) -> ResponseReturnValue:
    """Show the cells of one period."""
    table = table_at(table_id)
    chosen = step_at(step, table=table)
    group = group_of(table, span_at(name, step=chosen), step=chosen)
    cells, title = cell_lines(group.parts), f"{table.title(language())}, {group.span.name}"
    return show(
        "counts/period.html",
        table=table,
        title=title,
        step=chosen,
        year=group.span.name[:4],
        group=group,
        last=group.span.last,
        cells=cells,
        total=figure_of(group.parts, all_cells(group.parts)),
        cell_chart=cell_chart(title, cells),
    )


@blueprint.post("/counts/<table_id>/compare/<step>")
@needs(Permission.EXPORT_COUNTS)
def choose_two(table_id: str, step: str) -> ResponseReturnValue:
    """Lead to the two periods of a form."""
    chosen = step_at(step, table=table_at(table_id))
    one, other = (span_at(request.form.get(name, ""), step=chosen) for name in ("one", "other"))
    return see_other(url_for("figures.compare", table_id=table_id, step=step, one=one.name, other=other.name))


@blueprint.get("/counts/<table_id>/compare/<step>/<one>/<other>")
@needs(Permission.EXPORT_COUNTS)
def compare(*, table_id: str, step: str, one: str, other: str) -> ResponseReturnValue:
    """Show two periods beside each other, the earlier one first, and which changes noise does not explain."""
    table = table_at(table_id)
    chosen = step_at(step, table=table)
    spans = sorted((span_at(name, step=chosen) for name in (one, other)), key=lambda span: span.starts)
    first, second = (group_of(table, span, step=chosen) for span in spans)
    labels = all_cells((*first.parts, *second.parts))
    pairs = [
        Pair(label, figure_of(first.parts, [cell]), figure_of(second.parts, [cell])) for cell, label in labels.items()
    ]
    total = Pair("", figure_of(first.parts, labels), figure_of(second.parts, labels))
    return show(
        "counts/compare.html",
        table=table,
        step=chosen,
        pairs=pairs,
        total=total,
        year=second.span.name[:4],
        first=first,
        second=second,
        is_same=first.span == second.span,
    )


def _path(table: Table, *, step: Step, year: int) -> str:
    return url_for("figures.see", table_id=table.id, step=step.value, year=year)
