"""Days on which the whole programme is closed: public holidays are proposed, other days are typed."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.forms.days import ClosureForm, HolidaysForm
from counsellors.rendering import FIELDS_TO_FILL, language, see_other, show
from counsellors.services import now, services, today
from counsellors.talks import standing_by_day
from helpline.callbacks.due import DueTalk
from helpline.callbacks.exceptions import ClosureTooLongError, close_days, closures, reopen_days
from helpline.callbacks.rota import days_between
from helpline.callbacks.rota_keeping import UnknownRotaRowError
from helpline.callbacks.rota_tables import Closure
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act
from helpline.web.office_guard import needs, present

PROPOSED_AHEAD = timedelta(days=365)

blueprint = Blueprint("closures", __name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A public holiday on which the programme is open as yet, with the talks that stand on it."""

    day: date
    name: str
    talks: list[DueTalk]


@blueprint.get("/closures")
@needs(Permission.KEEP_ALL_HOURS)
def see() -> ResponseReturnValue:
    """Show the days on which the programme is closed, and the public holidays on which it is not yet."""
    return _page(status=FIELDS_TO_FILL)


@blueprint.post("/closures")
@needs(Permission.KEEP_ALL_HOURS)
def close() -> ResponseReturnValue:
    """Close the programme on the days that were typed."""
    form = ClosureForm()
    bounds = form.bounds() if form.validate() else None
    if bounds is None:
        return _page(status=422, form=form)
    first, last = bounds
    try:
        with services().helpline.begin() as writing:
            is_new = close_days(writing, first=first, last=last, label=(form.label.data or "").strip())
    except ClosureTooLongError:
        form.to_day.errors = [gettext("At most three months.")]
        return _page(status=422, form=form)
    if not is_new:
        form.from_day.errors = [gettext("The programme is closed then already.")]
        return _page(status=422, form=form)
    _note()
    return see_other(url_for("closures.see"), say=gettext("The programme is closed then. Talks that stand, stay."))


@blueprint.post("/closures/holidays")
@needs(Permission.KEEP_ALL_HOURS)
def close_on_holidays() -> ResponseReturnValue:
    """Close the programme on the public holidays that were ticked; what is no holiday is left alone."""
    ticked = set(HolidaysForm().holidays.data or [])
    with services().helpline.begin() as writing:
        closed = sum(
            close_days(writing, first=day, last=day, label=name)
            for day, name in _holidays()
            if day.isoformat() in ticked
        )
    if closed == 0:
        return _page(status=422, fault=gettext("Tick the holidays on which nobody takes talks."))
    _note()
    said = ngettext(
        "Closed on one more day. Talks that stand, stay.",
        "Closed on %(num)d more days. Talks that stand, stay.",
        closed,
    )
    return see_other(url_for("closures.see"), say=said)


@blueprint.post("/closures/<closure_id>/remove")
@needs(Permission.KEEP_ALL_HOURS)
def reopen(closure_id: str) -> ResponseReturnValue:
    """Take a closure back."""
    try:
        with services().helpline.begin() as writing:
            reopen_days(writing, closure_id)
    except UnknownRotaRowError:
        abort(404)
    _note()
    return see_other(url_for("closures.see"), say=gettext("The closure is taken back: everybody's hours hold again."))


def _note() -> None:
    """Write down who changed the hours of everybody."""
    found = services()
    with found.office.begin() as writing:
        append(writing, Deed(present().staff_id, Act.HOURS_CHANGED), now=now(), zone=found.programme.zone)


def _holidays() -> list[tuple[date, str]]:
    """Return the public holidays of the coming twelve months, under their names in the language of the page."""
    calendar = services().texts.pack.calendar
    return calendar.named(first=today(), last=today() + PROPOSED_AHEAD, language=language())


def _page(*, status: int, form: ClosureForm | None = None, fault: str | None = None) -> Response:
    with services().helpline.read() as reading:
        found = closures(reading, today=today())
    talks = standing_by_day()
    closed = {day for closure in found for day in days_between(closure.first_day, closure.last_day)}
    return show(
        "closures/closures.html",
        status=status,
        closures=[(closure, _met(closure, talks=talks)) for closure in found],
        proposals=[Proposal(day, name, talks.get(day, [])) for day, name in _holidays() if day not in closed],
        form=form or ClosureForm(formdata=None),
        fault=fault,
    )


def _met(closure: Closure, *, talks: dict[date, list[DueTalk]]) -> list[DueTalk]:
    """Return the talks that stand on the days of *closure*, in order."""
    days = days_between(closure.first_day, closure.last_day)
    return [talk for day in days for talk in talks.get(day, [])]
