"""Weekly hours and absences: one's own; the coordinator keeps everybody's."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.forms.block import REASONS
from counsellors.forms.days import ExceptionForm
from counsellors.forms.hours import AbsenceForm, HoursForm
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.services import now, services, today
from counsellors.talks import talks_in_sight
from helpline.callbacks.due import DueTalk
from helpline.callbacks.exceptions import ReplacedDay, closures, replace_day, replaced_days, restore_day
from helpline.callbacks.rota import local_day
from helpline.callbacks.rota_keeping import (
    AbsenceTooLongError,
    NewHours,
    OverlappingHoursError,
    UnknownRotaRowError,
    absences,
    active_counsellors,
    add_absence,
    add_hours,
    end_hours,
    remove_absence,
    weekly_hours,
)
from helpline.callbacks.spans import hold
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission, may
from helpline.staff.tables import Act, StaffId
from helpline.web.office_guard import needs, present

blueprint = Blueprint("hours", __name__)


@blueprint.get("/hours")
@needs(Permission.KEEP_OWN_HOURS)
def own() -> ResponseReturnValue:
    """Show one's own hours; whoever takes no talks herself sees those of the first who does."""
    found = _counsellors()
    mine = CounsellorId(present().staff_id)
    if mine not in found and may(present().role, Permission.KEEP_ALL_HOURS) and found:
        return see_other(url_for("hours.see", counsellor_id=next(iter(found))))
    return _page(mine, status=FIELDS_TO_FILL)


@blueprint.get("/hours/<counsellor_id>")
@needs(Permission.KEEP_OWN_HOURS)
def see(counsellor_id: str) -> ResponseReturnValue:
    """Show the hours of a counsellor."""
    return _page(_allowed(counsellor_id), status=FIELDS_TO_FILL)


@blueprint.post("/hours/<counsellor_id>/weekly")
@needs(Permission.KEEP_OWN_HOURS)
def add(counsellor_id: str) -> ResponseReturnValue:
    """Add weekly hours."""
    whose, form = _allowed(counsellor_id), HoursForm()
    hours = form.hours() if form.validate() else None
    if hours is None:
        return _page(whose, status=422, hours_form=form)
    try:
        _add(whose, hours)
    except OverlappingHoursError:
        form.starts.errors = [gettext("These hours overlap others of that day.")]
        return _page(whose, status=422, hours_form=form)
    return see_other(
        _path(whose), say=gettext("The hours are added. New times are offered within a quarter of an hour.")
    )


@blueprint.post("/hours/<counsellor_id>/weekly/<hours_id>/end")
@needs(Permission.KEEP_OWN_HOURS)
def end(counsellor_id: str, hours_id: str) -> ResponseReturnValue:
    """Let weekly hours end yesterday; talks that stand, stay."""
    whose = _allowed(counsellor_id)
    try:
        with services().helpline.begin() as writing:
            end_hours(writing, hours_id, counsellor_id=whose, last_day=today() - timedelta(days=1))
    except UnknownRotaRowError:
        abort(404)
    _note(whose)
    return see_other(_path(whose), say=gettext("These hours have ended. Talks that stand, stay."))


@blueprint.post("/hours/<counsellor_id>/absences")
@needs(Permission.KEEP_OWN_HOURS)
def go_away(counsellor_id: str) -> ResponseReturnValue:
    """Make an absence; say which talks it meets."""
    whose, form = _allowed(counsellor_id), AbsenceForm()
    bounds = form.bounds() if form.validate() else None
    if bounds is None:
        return _page(whose, status=422, absence_form=form)
    starts_at, ends_at = bounds
    try:
        with services().helpline.begin() as writing:
            met = len(add_absence(writing, whose, starts_at=starts_at, ends_at=ends_at))
    except AbsenceTooLongError:
        form.last_day.errors = [gettext("At most a year.")]
        return _page(whose, status=422, absence_form=form)
    _note(whose)
    said = gettext("The absence is noted.")
    still = ngettext(
        "One talk still stands in it: see the week.", "%(num)d talks still stand in it: see the week.", met
    )
    return see_other(_path(whose), say=f"{said} {still}" if met else said)


@blueprint.post("/hours/<counsellor_id>/absences/<absence_id>/remove")
@needs(Permission.KEEP_OWN_HOURS)
def come_back(counsellor_id: str, absence_id: str) -> ResponseReturnValue:
    """Take an absence of one's own back; a colleague's is opened with a reason (counsellors/views/diary.py)."""
    whose = _allowed(counsellor_id)
    if whose != CounsellorId(present().staff_id):
        abort(404)
    try:
        with services().helpline.begin() as writing:
            remove_absence(writing, absence_id, counsellor_id=whose)
    except UnknownRotaRowError:
        abort(404)
    _note(whose)
    return see_other(_path(whose), say=gettext("The absence is taken back."))


@blueprint.post("/hours/<counsellor_id>/days")
@needs(Permission.KEEP_OWN_HOURS)
def differ(counsellor_id: str) -> ResponseReturnValue:
    """Let other hours hold on one day; the page lists which talks stand outside them."""
    whose, form = _allowed(counsellor_id), ExceptionForm()
    replaced = form.replaced() if form.validate() else None
    if replaced is None:
        return _page(whose, status=422, exception_form=form)
    with services().helpline.begin() as writing:
        replace_day(writing, whose, day=replaced.day, spans=replaced.spans)
    _note(whose)
    return see_other(_path(whose), say=gettext("On that day these hours hold. Talks that stand, stay."))


@blueprint.post("/hours/<counsellor_id>/days/<day>/restore")
@needs(Permission.KEEP_OWN_HOURS)
def restore(counsellor_id: str, day: str) -> ResponseReturnValue:
    """Let the weekly hours hold on that day again."""
    whose = _allowed(counsellor_id)
    try:
        with services().helpline.begin() as writing:
            restore_day(writing, whose, day=date.fromisoformat(day))
    except (ValueError, UnknownRotaRowError):
        abort(404)
    _note(whose)
    return see_other(_path(whose), say=gettext("The weekly hours hold on that day again."))


def _add(whose: CounsellorId, hours: NewHours) -> None:
    with services().helpline.begin() as writing:
        add_hours(writing, whose, hours=hours)
    _note(whose)


def _note(whose: CounsellorId) -> None:
    """Write down who changed whose hours."""
    found = services()
    deed = Deed(present().staff_id, Act.HOURS_CHANGED, about=StaffId(whose))
    with found.office.begin() as writing:
        append(writing, deed, now=now(), zone=found.programme.zone)


def _counsellors() -> dict[CounsellorId, Counsellor]:
    with services().helpline.read() as reading:
        return {counsellor.id: counsellor for counsellor in active_counsellors(reading)}


def _allowed(counsellor_id: str) -> CounsellorId:
    """Return the id if it is her own or she keeps everybody's hours; else there is no such page."""
    whose = CounsellorId(counsellor_id)
    is_hers = counsellor_id == present().staff_id or may(present().role, Permission.KEEP_ALL_HOURS)
    if not is_hers or whose not in _counsellors():
        abort(404)
    return whose


def _path(whose: CounsellorId) -> str:
    return url_for("hours.see", counsellor_id=whose)


def _page(
    whose: CounsellorId,
    *,
    status: int,
    hours_form: HoursForm | None = None,
    absence_form: AbsenceForm | None = None,
    exception_form: ExceptionForm | None = None,
) -> Response:
    with services().helpline.read() as reading:
        counsellors = active_counsellors(reading)
        rows = weekly_hours(reading, whose, today=today())
        away = absences(reading, whose, now=now())
        closed = closures(reading, today=today())
        differing = replaced_days(reading, whose, first=today(), last=date.max)
    keeps_all = may(present().role, Permission.KEEP_ALL_HOURS)
    talks = [talk for talk in talks_in_sight() if talk.stands and talk.counsellor_id == whose]
    return show(
        "hours/hours.html",
        status=status,
        whose=whose,
        alias=next((it.alias for it in counsellors if it.id == whose), None),
        others=[it for it in counsellors if it.id != whose] if keeps_all else [],
        rows=rows,
        away=away,
        reasons=REASONS,
        closed=closed,
        differing=[(replaced, _outside(replaced, talks=talks)) for replaced in differing],
        hours_form=hours_form or HoursForm(formdata=None, data={"valid_from": today().isoformat()}),
        absence_form=absence_form or AbsenceForm(formdata=None),
        exception_form=exception_form or ExceptionForm(formdata=None),
    )


def _outside(replaced: ReplacedDay, *, talks: Iterable[DueTalk]) -> list[DueTalk]:
    """Return those of *talks* that stand on that day outside its hours."""
    zone = services().programme.zone
    return [
        talk
        for talk in talks
        if local_day(talk.starts_at, zone=zone) == replaced.day
        and not hold(replaced.spans, (talk.starts_at, talk.ends_at), zone=zone)
    ]
