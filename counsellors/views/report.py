"""A year in sentences and tables: what parliaments ask, and the report for a funder, which prints."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from counsellors.counted import QUOTED, costs_of, price_words, ranges, year_at, years_of
from counsellors.forms.outside import ENTRY_WORDS
from counsellors.rendering import show
from counsellors.reporting import Year
from counsellors.services import services, today
from helpline.outside.yearly import register_of, series_years
from helpline.staff.permissions import Permission
from helpline.usage.periods import year_called
from helpline.usage.statement import price
from helpline.web.office_guard import needs

blueprint = Blueprint("report", __name__)


@blueprint.get("/counts/questions/<year>")
@needs(Permission.EXPORT_COUNTS)
def questions(year: str) -> ResponseReturnValue:
    """Show what parliaments ask about a year, each with an answer or with what is missing for one."""
    return _page("report/questions.html", year_at(year))


@blueprint.get("/counts/report/<year>")
@needs(Permission.EXPORT_COUNTS)
def report(year: str) -> ResponseReturnValue:
    """Show the report of a year, made to be printed."""
    return _page("report/report.html", year_at(year))


def _page(template: str, number: int) -> Response:
    if number > today().year:
        abort(404)
    year = Year(year_called(number))
    with services().office.read() as reading:
        series, register = series_years(reading), register_of(reading, year=number)
    tables = year.tables()
    return show(
        template,
        year=number,
        years=sorted({it for released in ranges().values() for it in years_of(released)}),
        first=year.span.starts,
        last=year.span.last,
        marks=year.marks(),
        answers=year.answers(),
        missed=year.missed(),
        capacity=year.capacity(),
        tables=tables,
        prices=[(table.table, price(table.group.parts, write=price_words)) for table in tables],
        quoted=services().texts.codebook.table(QUOTED),
        units=costs_of([part for table in tables for part in table.group.parts]),
        series=series,
        register=[(words, register[entry]) for entry, words in ENTRY_WORDS.items() if entry in register],
    )
