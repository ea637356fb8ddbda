"""The first page: today's talks, who is here, what changed, and what needs attention."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from counsellors.free_now import free_now
from counsellors.rendering import see_other, show
from counsellors.rota_end import rota_ends_soon
from counsellors.services import now, services, today
from counsellors.talks import talks_in_sight, talks_of
from helpline.callbacks.being_away import taken_over, talks_of_the_absent
from helpline.callbacks.breaks import breaks
from helpline.callbacks.draw import read_draw
from helpline.callbacks.public_door import read_door
from helpline.callbacks.tables import CounsellorId
from helpline.clock.lease import read_state
from helpline.staff.accounts import members
from helpline.staff.permissions import Permission, Role, may
from helpline.staff.roster_keeping import Standing, standing
from helpline.staff.signing import recent_changes
from helpline.web.office_guard import needs, present

DAYS_TO_COME = timedelta(days=3)
FEW_TIMES = 3
"""Fewer times than this on the list of the next days: a flood, or too few hours. Staff are told while they can act."""

blueprint = Blueprint("day", __name__)


@blueprint.get("/")
@needs(Permission.OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """Show the day to those who talk; programme staff see their counts."""
    if not may(present().role, Permission.SEE_DAY):
        return see_other(url_for("counts.see"))
    return _page()


@blueprint.get("/today/by-itself")
@needs(Permission.SEE_DAY, is_use=False)
def by_itself() -> ResponseReturnValue:
    """Show the day again, as the page asks for itself each minute; that is no use of the session."""
    return _page()


def _page() -> Response:
    found, moment = services(), now()
    everything, talks = talks_in_sight(), talks_of(today(), last=today())
    with found.office.read() as reading:
        everybody = [member for member in members(reading) if member.active]
        changes = recent_changes(reading, today=today())
    with found.helpline.read() as reading:
        away = talks_of_the_absent(reading, now=moment)
        from_colleagues = taken_over(reading, CounsellorId(present().staff_id), now=moment)
        resting = breaks(reading, now=moment)
    me, keeps_all = CounsellorId(present().staff_id), may(present().role, Permission.KEEP_ALL_HOURS)
    stands = standing(found.registry, now=moment)
    mine = [talk for talk in everything if talk.is_mine and talk.stands]
    return show(
        "day/day.html",
        talks=talks,
        coming=sum(talk.is_mine and talk.stands and talk.ends_at > moment for talk in talks),
        resting=[it for it in resting if it.counsellor_id != me] if keeps_all else [],
        my_break=next((it.until for it in resting if it.counsellor_id == me), None),
        running=[talk for talk in everything if talk.is_running],
        adrift=[it for it in everything if (it.is_adrift or it.booking_id in away) and it.ends_at > moment],
        taken_over=from_colleagues,
        late=[talk for talk in mine if talk.ends_at <= moment],
        without_record=[talk for talk in everything if talk.is_mine and talk.needs_record],
        upcoming=next((talk for talk in mine if talk.ends_at > moment), None),
        coordinators=[member for member in everybody if member.role is Role.COORDINATOR],
        stand_ins=[member for member in everybody if member.stands_in],
        changes=changes,
        free_now=free_now(),
        stands=stands,
        warnings=_warnings(stands, moment=moment),
        ends=rota_ends_soon(),
    )


def _warnings(stands: Standing, *, moment: datetime) -> list[str]:
    """Return the names of what needs attention; the template has the words."""
    found = services()
    with found.helpline.read() as reading:
        is_late = read_state(reading).is_late(moment)
        listed = read_draw(reading, language=found.programme.languages[0], now=moment)
        door = read_door(reading)
    wrong = {
        "clock_late": is_late,
        "no_draw": listed is None,
        "no_roster": stands.in_force is None,
        "roster_pending": bool(stands.pending),
        "booking_paused": door.paused,
        "far_door_shut": door.is_far_shut,
        "door_word_on": door.word is not None,
        "few_times": listed is not None and not door.paused and _are_few(listed, moment=moment),
        "crisis_due": not found.settings.is_demo and found.texts.crisis_is_due(now=moment),
    }
    return [name for name, is_so in wrong.items() if is_so]


def _are_few(listed: Sequence[datetime], *, moment: datetime) -> bool:
    """Return whether hardly a time of the public list lies in the days to come."""
    return sum(time < moment + DAYS_TO_COME for time in listed) < FEW_TIMES
