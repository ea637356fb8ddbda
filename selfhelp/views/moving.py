"""Choose another time for a talk, by its code."""

from flask import Response, g, request

from helpline.callbacks.booking import Receipt
from helpline.callbacks.envelope import Wish
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.moving import move_talk
from helpline.callbacks.talk import Talk
from helpline.codes import AccessCode
from selfhelp.forms.talk import TalkForm
from selfhelp.services import services
from selfhelp.views.rendering import READING, moment_words
from selfhelp.views.talk import CHANGES_THE_PAGE, Moving, answer, show_times


def move(talk: Talk, *, code: AccessCode) -> Response:
    """Show the times and ways again for *talk*, or move it to what was chosen.

    Raises:
        TalkNotFoundError: it ended while the form was being filled in.
    """
    moving = Moving(code, moment_words(talk.starts_at))
    form = TalkForm(request.form)
    if "about" not in request.form:  # pressed on the page of the code: a token is for one form, and this is another
        g.pop("token", None)
        return show_times(form, status=READING, moving=moving)
    if not CHANGES_THE_PAGE.isdisjoint(request.form):
        return show_times(form, status=READING, moving=moving)
    if not form.validate():
        return show_times(form, status=422, moving=moving)
    return answer(form, lambda wish, token: _move(wish, token, code=code), moving=moving)


def _move(wish: Wish, token: FormToken, *, code: AccessCode) -> Receipt:
    found = services()
    desk, now = found.desk, found.clock()
    return found.sessions.transact(lambda session: move_talk(session, wish, code=code, token=token, desk=desk, now=now))
