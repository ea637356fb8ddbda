"""What somebody can do with a code: see the talk, cancel it, destroy the number."""

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from helpline.callbacks.tables import TalkState
from helpline.callbacks.talk import TalkNotFoundError, cancel_by_visitor, destroy_number, find_talk
from helpline.codes import AccessCode
from helpline.settings.programme import Way
from selfhelp.counting import CANCELLED
from selfhelp.forms.code import CodeForm
from selfhelp.services import services
from selfhelp.views.rendering import FIELDS_TO_FILL, READING, moment_words, see_other, show, telephone_rules, text_of

blueprint = Blueprint("code", __name__)

MESSAGES = {
    TalkState.CANCELLED_BY_US: "message_cancelled",
    TalkState.NOT_THERE: "message_not_there",
    TalkState.NOT_REACHED: "message_no_answer",
    TalkState.WRONG_NUMBER: "message_wrong_number",
    TalkState.NUMBER_DESTROYED: "number_destroyed",
}
"""Which text of the page "talk" a state is told with."""


@blueprint.get("/<lang:lang>/talk/code")
def ask() -> Response:
    """Ask for the code."""
    return _ask(CodeForm(), status=FIELDS_TO_FILL)


@blueprint.post("/<lang:lang>/talk/code")
def use() -> ResponseReturnValue:
    """Do with the talk of a code what the pressed button says.

    A code that never was, is over or was destroyed gets one answer, found by the same one query.
    """
    form = CodeForm(request.form)
    if "lang" in request.form:
        return _ask(form, status=READING)
    if not form.validate():
        return _ask(form, status=400 if form.is_forged else 422)
    try:
        return _done(form.access_code(), wanted=request.form.get("do", "see"))
    except TalkNotFoundError:
        return _ask(form, status=422, is_unknown=True)


@blueprint.get("/<lang:lang>/talk/done")
def cancelled() -> Response:
    """Say that the talk is cancelled."""
    return show("code/gone.html", text=text_of("talk"), what="cancelled")


@blueprint.get("/<lang:lang>/talk/gone")
def destroyed() -> Response:
    """Say that the number is destroyed."""
    return show("code/gone.html", text=text_of("talk"), what="number_destroyed")


def _done(code: AccessCode, *, wanted: str) -> ResponseReturnValue:
    found = services()
    desk, now = found.desk, found.clock()
    if wanted == "cancel":
        found.sessions.transact(lambda session: cancel_by_visitor(session, code, desk=desk, now=now))
        found.count(*CANCELLED)
        return see_other(url_for("code.cancelled"))
    if wanted == "destroy":
        found.sessions.transact(lambda session: destroy_number(session, code, desk=desk, now=now))
        found.count(*CANCELLED)
        return see_other(url_for("code.destroyed"))
    return _talk(code)


def _talk(code: AccessCode) -> Response:
    found = services()
    text, now = text_of("talk"), found.clock()
    with found.sessions.read() as session:
        talk = find_talk(session, code, desk=found.desk, now=now)
    may_ring = Way.YOU_RING in found.settings.programme.ways
    return show(
        "code/talk.html",
        text=text,
        code=code,
        talk=talk,
        is_ahead=talk.is_ahead(now),
        # Who rings is sealed, so everybody reads it.
        ring=telephone_rules(text, way=Way.YOU_RING, starts_at=talk.starts_at) if may_ring else (),
        when=moment_words(talk.starts_at),
        message=MESSAGES.get(talk.state),
    )


def _ask(form: CodeForm, *, status: int, is_unknown: bool = False) -> Response:
    return show(
        "code/ask.html",
        status=status,
        text=text_of("talk"),
        form=form,
        faults={"code": form.code.errors[0]} if form.code.errors else {},
        is_unknown=is_unknown,
        was_typed=request.method == "POST",
    )
