"""What somebody can do with a code: see the talk, move or cancel it, book the next one, destroy the number."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from helpline.callbacks.follow_up import find_right
from helpline.callbacks.tables import FAILED_BY_US, TalkState
from helpline.callbacks.talk import Talk, TalkNotFoundError, cancel_by_visitor, destroy_number, find_talk
from helpline.codes import AccessCode
from helpline.settings.programme import Way
from selfhelp.counting import CANCELLED
from selfhelp.forms.code import CodeForm
from selfhelp.services import language, services
from selfhelp.views.moving import choose_next, move, was_sent
from selfhelp.views.rendering import (
    FIELDS_TO_FILL,
    READING,
    Text,
    clock_words,
    moment_words,
    see_other,
    show,
    telephone_rules,
    text_of,
)

blueprint = Blueprint("code", __name__)

EARLIER_TIMES = 6
"""As many times before its own are offered beside a talk; the form to move it has them all."""

MESSAGES = {
    TalkState.CANCELLED_BY_US: "message_cancelled",
    TalkState.RELEASED: "message_cancelled",
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
    form, wanted = CodeForm(request.form), request.form.get("do", "see")
    if "lang" in request.form and not was_sent():
        return _ask(form, status=READING)
    if not form.validate():
        return _ask(form, status=400 if form.is_forged else 422)
    try:
        return _done(form.access_code(), wanted=wanted)
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
        found.count(CANCELLED)
        return see_other(url_for("code.cancelled"))
    if wanted == "destroy":
        found.sessions.transact(lambda session: destroy_number(session, code, desk=desk, now=now))
        found.count(CANCELLED)
        return see_other(url_for("code.destroyed"))
    with found.sessions.read() as session:
        right = find_right(session, code, desk=desk, now=now)
        talk = None if right and right.counsellor_id else find_talk(session, code, desk=desk, now=now)
    if talk is None or (wanted == "next" and (right or was_sent())):
        return choose_next(right, code=code)
    if wanted == "move" and "back" not in request.form and talk.is_ahead(now):
        return move(talk, code=code)
    return _talk(talk, code=code)


def _talk(talk: Talk, *, code: AccessCode) -> Response:
    found = services()
    text, now = text_of("talk"), found.clock()
    times = found.snapshot.times(language(), youth=talk.youth) or ()
    late_until = talk.ends_at if talk.running_late else None
    may_ring = Way.YOU_RING in found.settings.programme.ways
    return show(
        "code/talk.html",
        text=text,
        code=code,
        talk=talk,
        is_ahead=talk.is_ahead(now),
        earlier=[time for time in times if now < time < talk.starts_at][:EARLIER_TIMES],
        # Who rings is sealed, so everybody reads it.
        ring=telephone_rules(text, way=Way.YOU_RING, starts_at=talk.starts_at, late_until=late_until)
        if may_ring
        else (),
        late=_late(text, until=late_until) if late_until else (),
        when=moment_words(talk.starts_at),
        is_reserved=talk.state in FAILED_BY_US,
        message=MESSAGES.get(talk.state),
    )


def _late(text: Text, *, until: datetime) -> list[str]:
    """Return that we are running late, and what that means in each of the ways to talk: which it is, is sealed."""
    ways = services().settings.programme.ways
    said = [f"late_{way}" for way in (Way.YOU_RING, Way.WE_RING) if way in ways]
    return [line for name in ("message_late", *said) for line in text.lines(name, until=clock_words(until))]


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
