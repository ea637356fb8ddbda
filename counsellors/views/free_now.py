"""Free now: one press tells visitors that somebody can talk at once, one more takes it back."""

from flask import Blueprint, flash, make_response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from counsellors.free_now import me
from counsellors.rendering import clock_words, see_other
from counsellors.services import now, services
from counsellors.views.day import home
from helpline.callbacks.free_now import NotFreeError, switch_off, switch_on
from helpline.staff.permissions import Permission
from helpline.web.office_guard import needs

CHANGED = 409

blueprint = Blueprint("free_now", __name__)


@blueprint.post("/free-now")
@needs(Permission.TAKE_TALKS)
def say() -> ResponseReturnValue:
    """Tell visitors that who is signed in is free, until her free time ends."""
    found, who, moment = services(), me(), now()
    try:
        until = found.helpline.transact(lambda session: switch_on(session, who, programme=found.programme, now=moment))
    except NotFreeError:
        flash(gettext("This cannot be switched on now: a talk, an absence or the end of your hours is too near."))
        return make_response(home(), CHANGED)
    words = gettext(
        "Within a minute visitors read that somebody is free to talk, until %(until)s.", until=clock_words(until)
    )
    return see_other(url_for("day.home"), say=words)


@blueprint.post("/free-now/taken")
@needs(Permission.TAKE_TALKS)
def take() -> ResponseReturnValue:
    """Tell visitors no more that who is signed in is free, for somebody has rung; the record of that talk waits."""
    who = me()
    services().helpline.transact(lambda session: switch_off(session, who))
    said = gettext("Switched off. Within a minute visitors no longer read it. When the talk is over, record it here.")
    return see_other(url_for("contact.of_free_now"), say=said)


@blueprint.post("/free-now/off")
@needs(Permission.TAKE_TALKS)
def stop() -> ResponseReturnValue:
    """Tell visitors no more that who is signed in is free."""
    who = me()
    services().helpline.transact(lambda session: switch_off(session, who))
    return see_other(url_for("day.home"), say=gettext("Switched off. Within a minute visitors no longer read it."))
