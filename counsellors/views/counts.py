"""Released counts for programme staff, as files. They see no talk."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from counsellors.rendering import language, show
from counsellors.services import now, services
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act
from helpline.usage.codebook import Table
from helpline.usage.export import csv_file
from helpline.usage.released import ReleasedPeriod, released_periods
from helpline.web.office_guard import needs, present

blueprint = Blueprint("counts", __name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table of the codebook and its released periods, the newest first."""

    table: Table
    periods: tuple[ReleasedPeriod, ...]


@blueprint.get("/counts")
@needs(Permission.EXPORT_COUNTS)
def see() -> ResponseReturnValue:
    """Show which periods are released."""
    with services().counts.read() as reading:
        shelves = [
            Shelf(table, released_periods(reading, table=table.id, now=now())[::-1])
            for table in services().texts.codebook.tables
        ]
    return show("counts/counts.html", shelves=shelves)


@blueprint.post("/counts/<table_id>")
@needs(Permission.EXPORT_COUNTS)
def download_all(table_id: str) -> ResponseReturnValue:
    """Answer with every released period of a table."""
    return _file(table_id, name=None)


@blueprint.post("/counts/<table_id>/<name>")
@needs(Permission.EXPORT_COUNTS)
def download(table_id: str, name: str) -> ResponseReturnValue:
    """Answer with one released period of a table."""
    return _file(table_id, name=name)


def _file(table_id: str, *, name: str | None) -> Response:
    found = services()
    with found.counts.read() as reading:
        released = released_periods(reading, table=table_id, now=now())
        periods = [period for period in released if name in {None, period.name}]
        if not periods:
            abort(404)
        content = csv_file(reading, periods=periods, language=language())
    with found.office.begin() as writing:
        append(writing, Deed(present().staff_id, Act.COUNTS_EXPORTED), now=now(), zone=found.programme.zone)
    title = f"counts-{table_id}-{name}.csv" if name else f"counts-{table_id}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{title}"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=disposition)
