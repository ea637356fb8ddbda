"""A day of all counsellors side by side, and time that somebody blocks in it."""

from datetime import date, timedelta

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.diaries import away_in, blocking_in, diary_between
from counsellors.forms.block import REASONS, BlockForm, ReasonForm
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.services import now, services, today
from counsellors.talks import day_in_sight, is_in_sight
from helpline.callbacks.blocking import block_time, open_again, whose_absence
from helpline.callbacks.diary import hours_of, parts_of
from helpline.callbacks.rota import local_day
from helpline.callbacks.rota_keeping import UnknownRotaRowError, active_counsellors
from helpline.callbacks.tables import CounsellorId
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission, may
from helpline.staff.tables import Act, StaffId
from helpline.web.office_guard import needs, present

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

blueprint = Blueprint("diary", __name__)


@blueprint.get("/day")
@needs(Permission.SEE_DAY)
def this_day() -> ResponseReturnValue:
    """Show today."""
    return _page(today(), status=FIELDS_TO_FILL)


@blueprint.get("/day/<day>")
@needs(Permission.SEE_DAY)
def see(day: str) -> ResponseReturnValue:
    """Show *day*, written as 2027-03-28."""
    found = day_in_sight(day)
    if found is None:
        abort(404)
    return _page(found, status=FIELDS_TO_FILL)


@blueprint.post("/block")
@needs(Permission.KEEP_OWN_HOURS)
def block() -> ResponseReturnValue:
    """Block an hour or the rest of a day of one's own; say which talks still stand in it."""
    me, form = CounsellorId(present().staff_id), BlockForm()
    with services().helpline.read() as reading:
        if me not in {counsellor.id for counsellor in active_counsellors(reading)}:
            abort(404)
    bounds = form.bounds()
    if bounds is None:
        day = day_in_sight(form.day.data or "") or today()
        return _page(max(day, today()), status=422, form=form)
    starts_at, ends_at = bounds
    with services().helpline.begin() as writing:
        met = len(block_time(writing, me, starts_at=starts_at, ends_at=ends_at))
    _note(Act.HOURS_CHANGED, me)
    said = gettext("Blocked. Nobody can book you then.")
    still = ngettext("One talk still stands in it.", "%(num)d talks still stand in it.", met)
    day = local_day(starts_at, zone=services().programme.zone)
    return see_other(url_for("diary.see", day=day.isoformat()), say=f"{said} {still}" if met else said)


@blueprint.post("/block/<absence_id>/open")
@needs(Permission.KEEP_OWN_HOURS)
def lift(absence_id: str) -> ResponseReturnValue:
    """Open blocked time again: one's own with a press, a colleague's only with a reason of the list."""
    form = ReasonForm()
    try:
        with services().helpline.read() as reading:
            whose = whose_absence(reading, absence_id)
    except UnknownRotaRowError:
        abort(404)
    is_mine = whose == CounsellorId(present().staff_id)
    if not (is_mine or may(present().role, Permission.KEEP_ALL_HOURS)):
        abort(404)
    act = Act.HOURS_CHANGED if is_mine else form.act()
    day = day_in_sight(form.day.data or "") or today()
    if act is None:
        return _page(day, status=422, fault=gettext("Choose why you open the time of a colleague."))
    # First the audit: time of a colleague that nobody answers for stays closed.
    _note(act, whose)
    try:
        with services().helpline.begin() as writing:
            open_again(writing, absence_id)
    except UnknownRotaRowError:
        abort(404)
    return see_other(url_for("diary.see", day=day.isoformat()), say=gettext("This time can be booked again."))


def _note(act: Act, whose: CounsellorId) -> None:
    found = services()
    with found.office.begin() as writing:
        append(writing, Deed(present().staff_id, act, about=StaffId(whose)), now=now(), zone=found.programme.zone)


def _page(day: date, *, status: int, form: BlockForm | None = None, fault: str | None = None) -> Response:
    diary = diary_between(day, day)
    hours = hours_of((it for found in diary.days.values() for it in found), day, zone=services().programme.zone)
    return show(
        "diary/day.html",
        status=status,
        day=day,
        hours=hours,
        rows=[
            (alias, [parts_of(diary.of(whose, day), first=hour, last=hour + HOUR) for hour in hours])
            for whose, alias in diary.counsellors
        ],
        away=away_in(diary),
        reasons=REASONS,
        blocking=blocking_in(diary, [day], form=form),
        block_form=form or BlockForm(formdata=None),
        fault=fault,
        is_in_sight=is_in_sight,
        before=day - DAY,
        after=day + DAY,
    )
