"""What is released, for programme staff, by question and by table; and as files. They see no talk."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from counsellors.counted import Line, period_lines, ranges, read_span, steps_of, years_of
from counsellors.rendering import language, show
from counsellors.services import now, services, today
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act
from helpline.usage.codebook import Table
from helpline.usage.export import csv_file
from helpline.usage.figures import Step, span_in
from helpline.usage.periods import TO_THURSDAY
from helpline.usage.released import released_periods
from helpline.web.office_guard import needs, present

QUESTIONS = (
    ("contact_channel", lazy_gettext("How many talks were there, and by which channel?")),
    ("contact_age", lazy_gettext("How many talks were with people under 26?")),
    ("contact_source", lazy_gettext("How did people find us: a leaflet of the police, a search, somebody they know?")),
    ("arrival", lazy_gettext("How many people came to the site, and by which way in?")),
    ("path", lazy_gettext("Which paths do people follow, and how far do they get?")),
    ("page", lazy_gettext("Which pages are read?")),
    ("callback", lazy_gettext("How many talks were asked for, and what became of them?")),
    ("lead", lazy_gettext("How long do people wait for a talk?")),
)
"""Questions that a table answers, the likely ones first."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table of the codebook, its newest released period, and the years that have some, the newest first."""

    table: Table
    newest: Line | None
    years: list[int]
    steps: tuple[Step, ...]

    @property
    def asked_year(self) -> int | None:
        """The newest year that is over, or the newest of all: people ask about last year."""
        return next((year for year in self.years if year < today().year), next(iter(self.years), None))


blueprint = Blueprint("counts", __name__)


@blueprint.get("/counts")
@needs(Permission.EXPORT_COUNTS)
def see() -> ResponseReturnValue:
    """Show what there is: questions in plain words, then every table with its newest period."""
    released = ranges()
    shelves = {table.id: _shelf(table, released.get(table.id)) for table in services().texts.codebook.tables}
    questions = [(words, shelves[name]) for name, words in QUESTIONS if name in shelves and shelves[name].years]
    return show("counts/counts.html", shelves=shelves.values(), questions=questions)


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


def _shelf(table: Table, released: tuple[date, date] | None) -> Shelf:
    if released is None:
        return Shelf(table, newest=None, years=[], steps=steps_of(table))
    last = span_in(Step(table.period.value), released[1] - TO_THURSDAY)
    lines = period_lines(read_span(table, last), step=Step(table.period.value))
    return Shelf(table, newest=lines[-1] if lines else None, years=years_of(released), steps=steps_of(table))
