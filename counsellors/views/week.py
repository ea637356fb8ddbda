"""A week of all counsellors in one view: talks, free time, absences."""

from datetime import date, timedelta

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from counsellors.diaries import blocking_in, diary_between
from counsellors.rendering import FIELDS_TO_FILL, show
from counsellors.services import services, today
from counsellors.talks import day_in_sight, is_in_sight
from helpline.callbacks.day_hours import closed_days
from helpline.callbacks.rota import days_between
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
    found = day_in_sight(day)
    if found is None:
        abort(404)
    return _page(found)


def _page(day: date) -> ResponseReturnValue:
    monday = day - timedelta(days=day.weekday())
    diary, days = diary_between(monday, monday + SUNDAY), days_between(monday, monday + SUNDAY)
    with services().helpline.read() as reading:
        closed = closed_days(reading, first=monday, last=monday + SUNDAY)
    return show(
        "week/week.html",
        status=FIELDS_TO_FILL,
        monday=monday,
        days=days,
        closed=closed,
        diary=diary,
        blocking=blocking_in(diary, days),
        is_in_sight=is_in_sight,
        before=monday - WEEK,
        after=monday + WEEK,
    )
