"""Pages for what went wrong: in the reader's language, with the words that were sent."""

from flask import Flask, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from counsellors.rendering import show
from helpline.web.office_kept import NEVER_KEPT
from helpline.web.quiet import log_error
from helpline.web.shared import DATABASE_GONE, RETRY_SECONDS

COUNTS = "/counts/"
"""Below this path nothing can be over or destroyed, so nobody need worry."""

OURS = 500
"""From this status on it is our fault, and sending the same again may well succeed."""


def answer_faults(app: Flask) -> None:
    """Let every fault of *app* be a whole page."""
    app.register_error_handler(HTTPException, _say)
    for error in DATABASE_GONE:
        app.register_error_handler(error, _say_later)


def _say(error: HTTPException) -> Response:
    response = _page(error.code or OURS)
    allowed = dict(error.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response


def _say_later(error: Exception) -> Response:
    """Answer while the database is gone; what was sent can be sent again."""
    log_error(error)
    response = _page(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _page(status: int) -> Response:
    heading, text = _words(status)
    return show("fault.html", status=status, heading=heading, text=text, fields=_sent(status))


def _sent(status: int) -> list[tuple[str, str]]:
    """Return what was sent, to send it again with one press; nothing where it cannot help."""
    if status < OURS or request.method != "POST":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]


def _nothing_there() -> str:
    if request.path.startswith(COUNTS):
        return gettext("Nothing is released of that period, or there is no such table. Choose one from the counts.")
    return gettext("It is over, it was destroyed, or it is a colleague's.")


def _words(status: int) -> tuple[str, str]:
    """Return heading and text for *status*; no status blames anybody."""
    known = {
        403: (gettext("This is not yours to open"), gettext("Another role does this. Ask the coordinator.")),
        404: (gettext("This is not here"), _nothing_there()),
        405: (gettext("This does not work here"), gettext("Go on from the first page.")),
        413: (gettext("This is too large"), gettext("Go back, make it shorter and send it again.")),
        421: (gettext("This is another address"), gettext("Use the address that you were given.")),
        500: (gettext("Something broke on our side"), gettext("Nothing is lost. Try again, or tell the coordinator.")),
        503: (gettext("Not for a moment"), gettext("The database is having a rest. Try again in a minute.")),
    }
    return known.get(status, (gettext("We could not take this"), gettext("Go on from the first page.")))
