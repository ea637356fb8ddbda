"""Choose a time with a code that somebody has: another one for a talk, or the one of the talk that follows."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from helpline.callbacks.booking import Receipt
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.envelope import Wish
from helpline.callbacks.follow_up import Right, asked_by, asked_to_move, times_to_choose
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.moving import Sent, book_next, move_talk
from helpline.callbacks.talk import Talk
from helpline.codes import AccessCode
from selfhelp.forms.talk import TalkForm
from selfhelp.services import language, services
from selfhelp.views.rendering import READING, moment_words
from selfhelp.views.talk import CHANGES_THE_PAGE, NOTHING_SUITS, Held, answer, nothing_chosen, show_times

Times = tuple[datetime, ...] | None


def move(talk: Talk, *, code: AccessCode) -> Response:
    """Show the times and ways again for *talk*, or move it to what was chosen.

    Raises:
        TalkNotFoundError: it ended while the form was being filled in.
    """
    times = _times(asked_to_move(talk.talks_left, talk.counsellor_id, youth=talk.youth, language=language()))
    held = Held(code=code, do="move", times=times, youth=talk.youth, when=moment_words(talk.starts_at))
    return _go(held, act=move_talk)


def choose_next(right: Right | None, *, code: AccessCode) -> ResponseReturnValue:
    """Show the times and ways for the talk that *right* gives, or book it; None: the code has booked meanwhile.

    Whoever says that none suits keeps the code.

    Raises:
        TalkNotFoundError: the code gives none.
    """
    times = () if right is None else _times(asked_by(right, language=language()))
    youth = right is not None and right.youth
    if NOTHING_SUITS in request.form and right is not None:
        return nothing_chosen(TalkForm(request.form))
    return _go(Held(code=code, do="next", times=times, youth=youth, right=right), act=book_next)


def was_sent() -> bool:
    """Return whether the form itself was sent, and not the button that leads to it."""
    return "about" in request.form


def _go(held: Held, *, act: Callable[..., Receipt]) -> Response:
    form = TalkForm(request.form)
    form.is_for_young = held.youth and bool(form.young.data)
    if not was_sent():
        g.pop("token", None)  # a token is for one form, and the page of the code was another
        return show_times(form, status=READING, held=held)
    if not CHANGES_THE_PAGE.isdisjoint(request.form):
        return show_times(form, status=READING, held=held)
    if not form.validate():
        return show_times(form, status=422, held=held)
    found = services()
    desk, now = found.desk, found.clock()

    def ask(wish: Wish, token: FormToken) -> Receipt:
        sent = Sent(wish, held.code, token)
        return found.sessions.transact(lambda session: act(session, sent, desk=desk, now=now))

    return answer(form, ask, held=held)


def _times(asked: Asked) -> Times:
    """Return the times that can be chosen so: from the store only where they are not those of everybody."""
    found = services()
    if asked.door is Door.PUBLIC:
        return found.snapshot.times(language(), youth=asked.youth)
    desk, now = found.desk, found.clock()
    with found.sessions.read() as session:
        return times_to_choose(session, asked, desk=desk, now=now)
