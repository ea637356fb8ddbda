"""Totals that others counted: missed calls, published series, the organisation's register."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.counted import year_at
from counsellors.forms.outside import CAUSE_WORDS, ENTRY_WORDS, MissedForm, RegisterForm, SeriesForm
from counsellors.rendering import FIELDS_TO_FILL, language, see_other, show
from counsellors.services import now, services, today
from helpline.outside.missed import (
    Totals,
    calls_between,
    missed_by_cause,
    missed_by_day,
    missed_by_month,
    missed_of,
    replace_causes,
    replace_days,
    years_with_totals,
)
from helpline.outside.missed_file import BadFileError, Fault, Line, read_file, written
from helpline.outside.yearly import (
    drop_series_year,
    keep_register,
    keep_series_year,
    register_of,
    register_years,
    series_years,
)
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act
from helpline.usage.periods import year_called
from helpline.web.office_guard import needs, present

MOST_FAULTS = 10
"""Lines of a file that a page names; the others are counted."""

FAULT_WORDS = {
    Fault.NO_TEXT: lazy_gettext("this is no text: save the sheet as CSV first"),
    Fault.NO_HEAD: lazy_gettext("the first line must name the columns: day, cause, calls"),
    Fault.MORE_COLUMNS: lazy_gettext(
        "the file has more columns than day, cause, calls. Take them out first: they may name who rang"
    ),
    Fault.NO_ROWS: lazy_gettext("there is nothing below the names of the columns"),
    Fault.CELLS: lazy_gettext("it has more or fewer cells than the first line"),
    Fault.DAY: lazy_gettext("the day is no date, as 2026-11-25 or 25-11-2026"),
    Fault.AHEAD: lazy_gettext("the day is still to come"),
    Fault.CAUSE: lazy_gettext("the cause is none of: closed, engaged, gave up, unknown"),
    Fault.CALLS: lazy_gettext("calls is no whole number"),
    Fault.TWICE: lazy_gettext("this day and cause stand in an earlier line too"),
}

blueprint = Blueprint("outside", __name__)


@blueprint.get("/counts/missed")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def missed() -> ResponseReturnValue:
    """Show the missed calls of the newest year, and how to bring more."""
    with services().office.read() as reading:
        years = years_with_totals(reading)
    return _missed(years[0] if years else today().year, status=FIELDS_TO_FILL)


@blueprint.get("/counts/missed/<year>")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def missed_in(year: str) -> ResponseReturnValue:
    """Show the missed calls of a year by month."""
    return _missed(year_at(year), status=FIELDS_TO_FILL)


@blueprint.get("/counts/missed/<year>/<month>")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def missed_in_month(year: str, month: str) -> ResponseReturnValue:
    """Show the missed calls of a month by day."""
    first = _day_at(f"{year}-{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    with services().office.read() as reading:
        days = missed_by_day(reading, first=first, last=last)
    return show("outside/month.html", first=first, days=days, causes=CAUSE_WORDS.items())


@blueprint.get("/counts/missed/day/<day>")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def missed_on(day: str) -> ResponseReturnValue:
    """Show the form with what is known of a day, to be corrected."""
    found = _day_at(day)
    with services().office.read() as reading:
        totals = missed_of(reading, found)
    known = {cause.value: str(calls) for cause, calls in totals.items()}
    form = MissedForm(formdata=None, data={"day": found.isoformat(), **known})
    return _missed(found.year, status=FIELDS_TO_FILL, form=form)


@blueprint.post("/counts/missed")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def type_missed() -> ResponseReturnValue:
    """Keep the missed calls of the day that was typed, in place of what was known of it."""
    form = MissedForm()
    typed = form.totals()
    if typed is None:
        return _missed(today().year, status=422, form=form)
    day, totals = typed
    _write_missed({day: totals}, whole_days=True)
    said = gettext("Kept.") if totals else gettext("Nothing is known of that day any more.")
    return see_other(url_for("outside.missed_in", year=day.year), say=said)


@blueprint.post("/counts/missed/file")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def bring_missed() -> ResponseReturnValue:
    """Keep the missed calls of every day and cause in the file, or nothing of it."""
    brought = request.files.get("file")
    content = brought.read() if brought else b""
    if not content.strip():
        return _missed(today().year, status=422, file_faults=[gettext("Choose a file first.")])
    try:
        totals = read_file(content, today=today())
    except BadFileError as error:
        return _missed(today().year, status=422, file_faults=_said(error.lines))
    _write_missed(totals, whole_days=False)
    said = ngettext("%(num)d day is kept.", "%(num)d days are kept.", len(totals))
    return see_other(url_for("outside.missed_in", year=max(totals).year), say=said)


@blueprint.post("/counts/missed/<year>")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def missed_file(year: str) -> ResponseReturnValue:
    """Answer with the days of a year as a file that can be corrected and brought again."""
    number = year_at(year)
    with services().office.read() as reading:
        days = missed_by_day(reading, first=date(number, 1, 1), last=date(number, 12, 31))
    if not days:
        abort(404)
    disposition = {"Content-Disposition": f'attachment; filename="missed-{number}.csv"'}
    content = written(days, language=language())
    return Response(content, content_type="text/csv; charset=utf-8", headers=disposition)


@blueprint.get("/counts/outside")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def see() -> ResponseReturnValue:
    """Show published series and what the register says."""
    return _yearly(status=FIELDS_TO_FILL)


@blueprint.get("/counts/outside/register/<year>")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def registered(year: str) -> ResponseReturnValue:
    """Show the form with what the register says of a year, to be corrected."""
    number = year_at(year)
    with services().office.read() as reading:
        known = {entry.value: str(count) for entry, count in register_of(reading, year=number).items()}
    form = RegisterForm(formdata=None, data={"of_year": year, **known})
    return _yearly(status=FIELDS_TO_FILL, register_form=form)


@blueprint.post("/counts/outside/series")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def add_year() -> ResponseReturnValue:
    """Keep a year of a series."""
    form = SeriesForm()
    row = form.row()
    if row is None:
        return _yearly(status=422, series_form=form)
    with services().office.begin() as writing:
        keep_series_year(writing, row)
        append(writing, _deed(), now=now(), zone=services().programme.zone)
    return see_other(url_for("outside.see"), say=gettext("Kept."))


@blueprint.post("/counts/outside/series/drop")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def drop_year() -> ResponseReturnValue:
    """Forget a year of a series."""
    year = year_at(request.form.get("year", ""))
    with services().office.begin() as writing:
        if not drop_series_year(writing, series=request.form.get("series", ""), year=year):
            abort(404)
        append(writing, _deed(), now=now(), zone=services().programme.zone)
    return see_other(url_for("outside.see"), say=gettext("Taken out."))


@blueprint.post("/counts/outside/register")
@needs(Permission.ENTER_OUTSIDE_FIGURES)
def keep_year() -> ResponseReturnValue:
    """Keep what the register says of a year."""
    form = RegisterForm()
    typed = form.numbers()
    if typed is None:
        return _yearly(status=422, register_form=form)
    year, numbers = typed
    with services().office.begin() as writing:
        keep_register(writing, year=year, numbers=numbers)
        append(writing, _deed(), now=now(), zone=services().programme.zone)
    return see_other(url_for("outside.see"), say=gettext("Kept."))


def _day_at(text: str) -> date:
    """Return the day that a path names; 404 for none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return found if found.isoformat() == text and year_at(text[:4]) else abort(404)


def _write_missed(totals: Mapping[date, Totals], *, whole_days: bool) -> None:
    keep = replace_days if whole_days else replace_causes
    with services().office.begin() as writing:
        keep(writing, totals)
        append(writing, _deed(), now=now(), zone=services().programme.zone)


def _deed() -> Deed:
    """Return that somebody changed such figures; not which."""
    return Deed(present().staff_id, Act.OUTSIDE_CHANGED)


def _said(lines: Sequence[Line]) -> list[str]:
    """Return what is wrong with a file in words; nothing that stands in it is repeated."""
    said = [
        gettext("Line %(number)d: %(fault)s.", number=line.number, fault=FAULT_WORDS[line.fault])
        for line in lines[:MOST_FAULTS]
    ]
    more = len(lines) - MOST_FAULTS
    return said if more <= 0 else [*said, ngettext("And %(num)d line more.", "And %(num)d lines more.", more)]


def _missed(year: int, *, status: int, form: MissedForm | None = None, file_faults: Sequence[str] = ()) -> Response:
    weeks = year_called(year)
    with services().office.read() as reading:
        months, years = missed_by_month(reading, year=year), years_with_totals(reading)
        sums = missed_by_cause(reading, first=date(year, 1, 1), last=date(year, 12, 31))
        of_weeks = calls_between(reading, first=weeks.starts, last=weeks.last)
    return show(
        "outside/missed.html",
        status=status,
        year=year,
        years=years,
        months=months,
        sums=sums,
        weeks=weeks,
        of_weeks=of_weeks,
        causes=CAUSE_WORDS.items(),
        form=form or MissedForm(formdata=None),
        file_faults=file_faults,
    )


def _yearly(
    *, status: int, series_form: SeriesForm | None = None, register_form: RegisterForm | None = None
) -> Response:
    with services().office.read() as reading:
        rows = series_years(reading)
        registers = [(year, register_of(reading, year=year)) for year in register_years(reading)]
    return show(
        "outside/yearly.html",
        status=status,
        rows=rows,
        registers=registers,
        entries=ENTRY_WORDS.items(),
        series_form=series_form or SeriesForm(formdata=None),
        register_form=register_form or RegisterForm(formdata=None),
    )
