"""Running late: one press tells the visitor who looks at the code, one more takes it back."""

from flask import Blueprint, abort, flash, make_response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from counsellors.forms.talk import AttemptForm
from counsellors.rendering import see_other
from counsellors.services import now, services
from counsellors.talks import find_due_talk
from counsellors.views.day import home
from helpline.callbacks.queue import ChangedMeanwhileError, TalkGoneError
from helpline.callbacks.running_late import say_late
from helpline.staff.permissions import Permission
from helpline.web.office_guard import needs

CHANGED = 409

blueprint = Blueprint("late", __name__)


@blueprint.post("/talk/<booking_id>/late")
@needs(Permission.TAKE_TALKS)
def say(booking_id: str) -> ResponseReturnValue:
    """Let the code of a talk say that we are running late."""
    return _said(booking_id, late=True, done=gettext("The visitor's code now says that we are running late."))


@blueprint.post("/talk/<booking_id>/on-time")
@needs(Permission.TAKE_TALKS)
def take_back(booking_id: str) -> ResponseReturnValue:
    """Let the code of a talk say it no longer."""
    return _said(booking_id, late=False, done=gettext("The visitor's code no longer says that we are running late."))


def _said(booking_id: str, *, late: bool, done: str) -> ResponseReturnValue:
    talk, moment, version = find_due_talk(booking_id), now(), AttemptForm().known_version()
    if talk is None:
        abort(404)
    try:
        services().helpline.transact(
            lambda session: say_late(session, talk.booking_id, late=late, version=version, now=moment)
        )
    except TalkGoneError:
        abort(404)
    except ChangedMeanwhileError:
        flash(gettext("This talk has changed meanwhile, or it is not its time. This is how it stands now."))
        return make_response(home(), CHANGED)
    return see_other(url_for("day.home"), say=done)
