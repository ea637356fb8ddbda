"""A week of talks, all counsellors in one view."""

from datetime import date, timedelta

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from counsellors.rendering import show
from counsellors.services import services, today
from counsellors.talks import FURTHEST, talks_of
from helpline.callbacks.day_hours import closed_days
from helpline.callbacks.rota import days_between, local_day
from helpline.callbacks.rota_keeping import active_counsellors
from helpline.staff.permissions import Permission
from helpline.web.office_guard import needs

SUNDAY = timedelta(days=6)
WEEK = timedelta(days=7)

blueprint = Blueprint("week", __name__)


@blueprint.get("/week")
@needs(Permission.SEE_DAY)
def this_week() -> ResponseReturnValue:
    """Show the week of today."""
    return _page(today())


@blueprint.get("/week/<day>")
@needs(Permission.SEE_DAY)
def see(day: str) -> ResponseReturnValue:
    """Show the week of *day*, written as 2027-03-28."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        abort(404)
    if abs(found - today()) > FURTHEST:
        abort(404)
    return _page(found)


def _page(day: date) -> ResponseReturnValue:
    monday = day - timedelta(days=day.weekday())
    talks = talks_of(monday, last=monday + SUNDAY)
    with services().helpline.read() as reading:
        counsellors = {counsellor.id: counsellor.alias for counsellor in active_counsellors(reading)}
        closed = closed_days(reading, first=monday, last=monday + SUNDAY)
    counsellors |= {talk.counsellor_id: talk.alias for talk in talks}
    zone = services().programme.zone
    by_day = {each: [talk for talk in talks if local_day(talk.starts_at, zone=zone) == each] for each in _days(monday)}
    return show(
        "week/week.html",
        monday=monday,
        by_day=by_day,
        closed=closed,
        counsellors=sorted(counsellors.items(), key=lambda item: item[1]),
        before=monday - WEEK,
        after=monday + WEEK,
    )


def _days(monday: date) -> list[date]:
    return days_between(monday, monday + SUNDAY)
