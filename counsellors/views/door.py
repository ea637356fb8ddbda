"""The public door: what is held of the days to come, and what staff can do about a flood."""

from datetime import datetime, timedelta

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.forms.door import HourForm, WordForm, hour_value
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.services import now, services, today
from helpline.callbacks.day_rooms import rooms_of_days
from helpline.callbacks.flood import BookedHour, booked_hours, passed_talks, release_hour
from helpline.callbacks.public_door import FarDoor, pause, read_door, set_far, set_word
from helpline.callbacks.room import DayRoom
from helpline.callbacks.rota import days_between
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.roster_keeping import standing
from helpline.staff.tables import Act
from helpline.web.office_guard import needs, present

DAY = timedelta(days=1)

blueprint = Blueprint("door", __name__)


@blueprint.get("/door")
@needs(Permission.KEEP_DOOR)
def see() -> ResponseReturnValue:
    """Show how the door stands, how full the days are, and when talks were booked."""
    return _page(status=FIELDS_TO_FILL)


@blueprint.post("/door/pause")
@needs(Permission.KEEP_DOOR)
def hold() -> ResponseReturnValue:
    """Pause booking by visitors; they see the number to ring."""
    _note(Act.BOOKING_PAUSED)
    with services().helpline.begin() as writing:
        pause(writing, paused=True)
    return see_other(url_for("door.see"), say=gettext("Booking is paused. Visitors see it within a minute."))


@blueprint.post("/door/resume")
@needs(Permission.KEEP_DOOR)
def resume() -> ResponseReturnValue:
    """Let visitors book again."""
    _note(Act.BOOKING_RESUMED)
    with services().helpline.begin() as writing:
        pause(writing, paused=False)
    return see_other(url_for("door.see"), say=gettext("Visitors can book again within a minute."))


@blueprint.post("/door/word")
@needs(Permission.KEEP_DOOR)
def ask_word() -> ResponseReturnValue:
    """Ask visitors for the word that the greeting says."""
    form = WordForm()
    word = form.chosen()
    if word is None:
        return _page(status=422, form=form)
    _note(Act.DOOR_WORD_SET)
    with services().helpline.begin() as writing:
        set_word(writing, word)
    return see_other(url_for("door.see"), say=gettext("From now on booking asks for this word."))


@blueprint.post("/door/word/drop")
@needs(Permission.KEEP_DOOR)
def drop_word() -> ResponseReturnValue:
    """Ask for no word any more."""
    _note(Act.DOOR_WORD_DROPPED)
    with services().helpline.begin() as writing:
        set_word(writing, None)
    return see_other(url_for("door.see"), say=gettext("Booking asks for no word any more."))


@blueprint.post("/door/far/shut")
@needs(Permission.KEEP_DOOR)
def shut_far() -> ResponseReturnValue:
    """Let visitors book a day ahead only."""
    _note(Act.FAR_DOOR_SHUT)
    with services().helpline.begin() as writing:
        set_far(writing, FarDoor.SHUT_BY_STAFF, now=now())
    return see_other(url_for("door.see"), say=gettext("From the next list on visitors can book a day ahead only."))


@blueprint.post("/door/far/open")
@needs(Permission.KEEP_DOOR)
def open_far() -> ResponseReturnValue:
    """Say that real people booked; what passes from now on counts anew."""
    _note(Act.FAR_DOOR_OPENED)
    with services().helpline.begin() as writing:
        set_far(writing, FarDoor.OPEN, now=now())
    return see_other(url_for("door.see"), say=gettext("From the next list on visitors can book further ahead again."))


@blueprint.post("/door/hour")
@needs(Permission.KEEP_DOOR)
def ask_release() -> ResponseReturnValue:
    """Say how many talks a release would cancel, before anybody does it."""
    found = _hour(HourForm())
    return _gone() if found is None else _confirm(found, status=FIELDS_TO_FILL)


@blueprint.post("/door/hour/release")
@needs(Permission.KEEP_DOOR)
def release() -> ResponseReturnValue:
    """Cancel every talk to come that was booked in an hour; never more than the page before said."""
    form = HourForm()
    found = _hour(form)
    if found is None:
        return _gone()
    if found.talks > form.known_talks():
        return _confirm(found, status=409, fault=gettext("Meanwhile there are more. This is how many there are now."))
    _note(Act.TALKS_RELEASED)
    moment = now()
    released = services().helpline.transact(lambda writing: release_hour(writing, found.starts_at, now=moment))
    for _ in range(released):
        services().count(("callback", "cancelled_by_us"))
    said = ngettext(
        "One talk is cancelled and its time free. Its code says so.",
        "%(num)d talks are cancelled and their times free. Their codes say so.",
        released,
    )
    return see_other(url_for("door.see"), say=said)


def _note(act: Act) -> None:
    """Write down who did what, before it is done."""
    found = services()
    with found.office.begin() as writing:
        append(writing, Deed(present().staff_id, act), now=now(), zone=found.programme.zone)


def _hour(form: HourForm) -> BookedHour | None:
    """Return the hour that was sent with its talks to come, or None where there are none any more."""
    wanted = form.chosen()
    with services().helpline.read() as reading:
        return next((it for it in booked_hours(reading, now=now()) if it.starts_at == wanted), None)


def _gone() -> Response:
    return _page(status=409, fault=gettext("No talk to come that was booked in that hour is left."))


def _confirm(found: BookedHour, *, status: int, fault: str | None = None) -> Response:
    fields = {"hour": hour_value(found.starts_at), "talks": str(found.talks)}
    form = HourForm(formdata=None, data=fields)
    return show("door/release.html", status=status, found=found, form=form, fault=fault)


def _page(*, status: int, form: WordForm | None = None, fault: str | None = None) -> Response:
    with services().helpline.read() as reading:
        state = read_door(reading)
        passed = passed_talks(reading, now=now())
        hours = booked_hours(reading, now=now())
    return show(
        "door/door.html",
        status=status,
        state=state,
        passed=passed,
        hours=[(hour, hour_value(hour.starts_at)) for hour in hours],
        rooms=_rooms(now()),
        form=form or WordForm(formdata=None, data={"word": state.word or ""}),
        fault=fault,
    )


def _rooms(moment: datetime) -> list[DayRoom]:
    """Return each day to come that visitors may book; none while nobody may open what they would seal."""
    found = services()
    roster = standing(found.registry, now=moment).in_force
    if roster is None:
        return []
    days = days_between(today() + DAY, today() + found.programme.slots.horizon_days * DAY)
    with found.helpline.read() as reading:
        return list(rooms_of_days(reading, days, programme=found.programme, roster=roster).values())
