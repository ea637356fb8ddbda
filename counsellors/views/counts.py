"""What is released, for programme staff, by question and by table. They see no talk."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from counsellors.counted import Line, period_lines, ranges, read_span, steps_of, years_of
from counsellors.rendering import show
from counsellors.reporting import QUESTIONS as ANSWERS
from counsellors.services import services, today
from helpline.staff.permissions import Permission
from helpline.usage.codebook import Table
from helpline.usage.figures import Step, span_in
from helpline.usage.periods import TO_THURSDAY
from helpline.web.office_guard import needs

ANSWERED = ("channels", "under-26", "sources")
"""Questions that people ask most, and that a sentence of the page of questions answers."""

QUESTIONS = (
    ("arrival", lazy_gettext("How often did somebody come to the site, and by which way in?")),
    ("hours", lazy_gettext("At what time of the week do people come?")),
    ("path", lazy_gettext("Which paths do people follow, and how far do they get?")),
    ("page", lazy_gettext("Which pages are read?")),
    ("callback", lazy_gettext("How many talks were asked for, and what became of them?")),
    ("lead", lazy_gettext("How long do people wait for a talk?")),
)
"""Questions that a table answers."""


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
        return asked_year(self.years)


def asked_year(years: list[int]) -> int | None:
    """Return of *years*, the newest first, the one that people will ask about."""
    return next((year for year in years if year < today().year), next(iter(years), None))


blueprint = Blueprint("counts", __name__)


@blueprint.get("/counts")
@needs(Permission.EXPORT_COUNTS)
def see() -> ResponseReturnValue:
    """Show what there is: questions in plain words, then every table with its newest period."""
    released = ranges()
    shelves = {table.id: _shelf(table, released.get(table.id)) for table in services().texts.codebook.tables}
    questions = [(words, shelves[name]) for name, words in QUESTIONS if name in shelves and shelves[name].years]
    years = sorted({year for shelf in shelves.values() for year in shelf.years}, reverse=True)
    return show(
        "counts/counts.html",
        shelves=shelves.values(),
        answered=[question for question in ANSWERS if question.id in ANSWERED],
        questions=questions,
        years=years,
        asked_year=asked_year(years),
    )


def _shelf(table: Table, released: tuple[date, date] | None) -> Shelf:
    if released is None:
        return Shelf(table, newest=None, years=[], steps=steps_of(table))
    last = span_in(Step(table.period.value), released[1] - TO_THURSDAY)
    lines = period_lines(read_span(table, last), step=Step(table.period.value))
    return Shelf(table, newest=lines[-1] if lines else None, years=years_of(released), steps=steps_of(table))
