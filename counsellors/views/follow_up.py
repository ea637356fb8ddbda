"""Hand the code over with which a visitor books the next talk with the same counsellor."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.follow_up import CodeForm
from counsellors.rendering import show, tongues
from counsellors.services import now, services
from counsellors.talks import find_talk
from helpline.callbacks.desk import DeskKeys
from helpline.callbacks.due import DueTalk
from helpline.callbacks.follow_up import NothingToHandOverError, Right, hand_over, talks_to_follow
from helpline.callbacks.tables import CounsellorId
from helpline.codes import draw_code, grouped
from helpline.staff.permissions import Permission
from helpline.web.office_guard import needs, present

blueprint = Blueprint("follow_up", __name__)


@blueprint.get("/talk/<booking_id>/next")
@needs(Permission.TAKE_TALKS)
def offer(booking_id: str) -> ResponseReturnValue:
    """Say how many talks may follow this one, and offer to show a new code."""
    return _offer(_talk(booking_id), status=200)


@blueprint.post("/talk/<booking_id>/next")
@needs(Permission.TAKE_TALKS)
def give(booking_id: str) -> ResponseReturnValue:
    """Make the code that came with the form a code for the next talk, and show it, to be read aloud.

    The form brings the code, so that the same form sent again shows the same one.
    """
    talk, form = _talk(booking_id), CodeForm()
    code = form.access_code()
    if code is None:
        return _offer(talk, status=422, fault=gettext("This page was not whole. Please press once more."))
    whose, keys, moment = CounsellorId(present().staff_id), DeskKeys.of(services().settings.code_key), now()
    try:
        right: Right = services().helpline.transact(
            lambda session: hand_over(session, talk.booking_id, code=code, whose=whose, keys=keys, now=moment)
        )
    except NothingToHandOverError:
        return _offer(talk, status=409, fault=gettext("For this talk a code was shown before, or none can be."))
    return show("follow_up/code.html", talk=talk, code=grouped(code), right=right)


def may_follow(talk: DueTalk) -> int:
    """Return how many talks may follow *talk*, if it is of who is signed in."""
    if not talk.is_mine:
        return 0
    with services().helpline.read() as reading:
        return talks_to_follow(reading, talk.booking_id, whose=talk.counsellor_id, now=now())


def _talk(booking_id: str) -> DueTalk:
    talk = find_talk(booking_id)
    if talk is None or not talk.is_mine:
        abort(404)
    return talk


def _offer(talk: DueTalk, *, status: int, fault: str | None = None) -> Response:
    codes = [(draw_code(language=tongue), name) for tongue, name in tongues()]
    return show("follow_up/offer.html", status=status, talk=talk, left=may_follow(talk), codes=codes, fault=fault)
