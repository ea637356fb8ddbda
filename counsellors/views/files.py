"""Released figures as files, and the statement that stands in each of them."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from counsellors.counted import costs_of, price_words, read_span, span_called, table_at, year_at
from counsellors.rendering import language, show
from counsellors.services import now, services
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act
from helpline.usage.codebook import Table
from helpline.usage.export import CONTENT_TYPES, FileKind, file_of
from helpline.usage.periods import Span, year_called
from helpline.usage.released import released_periods
from helpline.usage.statement import price, statement
from helpline.web.office_guard import needs, present

EVERY_TABLE = "every"
"""Stands in the name of a file of all tables: none is called so."""

blueprint = Blueprint("files", __name__)


@blueprint.post("/counts/files")
@needs(Permission.EXPORT_COUNTS)
def every_table() -> ResponseReturnValue:
    """Answer with all tables of the year of a form."""
    year = year_at(request.form.get("year", ""))
    return _file(services().texts.codebook.tables, name=EVERY_TABLE, span=year_called(year))


@blueprint.post("/counts/<table_id>")
@needs(Permission.EXPORT_COUNTS)
def every_period(table_id: str) -> ResponseReturnValue:
    """Answer with every released period of a table."""
    return _file([table_at(table_id)], name=table_id, span=None)


@blueprint.post("/counts/<table_id>/<name>")
@needs(Permission.EXPORT_COUNTS)
def some_periods(table_id: str, name: str) -> ResponseReturnValue:
    """Answer with the released periods of a table that lie in a week, a month, a quarter or a year."""
    return _file([table_at(table_id)], name=table_id, span=span_called(name))


@blueprint.get("/counts/statement/<year>")
@needs(Permission.EXPORT_COUNTS)
def say(year: str) -> ResponseReturnValue:
    """Show what stands in the files of a year, table by table: what the ledger says was spent."""
    span = year_called(year_at(year))
    tables = [(table, read_span(table, span)) for table in services().texts.codebook.tables]
    said = [
        (table, statement(counted, language=language()), price(counted, write=price_words))
        for table, counted in tables
        if counted
    ]
    units = costs_of([part for _, counted in tables for part in counted])
    return show("counts/statement.html", year=span.name, said=said or abort(404), units=units)


def _file(tables: Sequence[Table], *, name: str, span: Span | None) -> Response:
    found, kind = services(), _kind()
    since, until = (span.starts, span.ends) if span else (None, None)
    with found.counts.read() as reading:
        periods = [
            period
            for table in tables
            for period in released_periods(reading, table=table.id, now=now(), since=since, until=until)
        ]
        if not periods:
            abort(404)
        content = file_of(reading, periods=periods, language=language(), kind=kind)
    with found.office.begin() as writing:
        append(writing, Deed(present().staff_id, Act.COUNTS_EXPORTED), now=now(), zone=found.programme.zone)
    title = "-".join(("counts", name, *([span.name] if span else [])))
    disposition = {"Content-Disposition": f'attachment; filename="{title}.{kind}"'}
    return Response(content, content_type=CONTENT_TYPES[kind], headers=disposition)


def _kind() -> FileKind:
    """Return what kind of file the form asks for; 404 for none that there is."""
    asked = request.form.get("kind", FileKind.CSV.value)
    return next((kind for kind in FileKind if kind.value == asked), None) or abort(404)
