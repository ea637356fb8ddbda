"""Pages for what went wrong: in the visitor's language, with the crisis numbers, and with the words that were sent."""

from flask import Flask, Response, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, default_exceptions

from helpline.web.quiet import log_error
from helpline.web.shared import DATABASE_GONE
from helpline.web.visitors import FAULT
from selfhelp.views.rendering import PAUSED, show

FORM_MACRO = ("k", "token")
"""Fields that every form of ours has anyway."""

OURS = 500
"""From this status on it is our fault, and sending the same again may well succeed."""


def answer_faults(app: Flask) -> None:
    """Let every fault of *app* be a whole page."""
    app.register_error_handler(HTTPException, _say)
    for error in DATABASE_GONE:
        app.register_error_handler(error, _say_later)

    @app.before_request
    def stop_here() -> None:
        """Answer with the fault that a page is being frozen for."""
        status = request.environ.get(FAULT)
        if status is not None:
            raise default_exceptions[status]


def _say(error: HTTPException) -> Response:
    return _page(error.code or OURS, headers=dict(error.get_headers()))


def _say_later(error: Exception) -> Response:
    """Answer while the database is gone. What was sent may have been done: the same token finds out."""
    log_error(error)
    return _page(PAUSED, headers={})


def _page(status: int, *, headers: dict[str, str]) -> Response:
    response = show("fault.html", status=status, words=_words(status), resend=_resend(status))
    if "Allow" in headers:
        response.headers["Allow"] = headers["Allow"]
    return response


def _resend(status: int) -> list[tuple[str, str]]:
    """Return what was sent, to send it again with one press; nothing where it cannot help."""
    if status < OURS or request.method != "POST":
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in FORM_MACRO]


def _words(status: int) -> tuple[str, str]:
    """Return heading and text for *status*; no status blames the visitor."""
    known = {
        404: (gettext("This page is not here"), gettext("Perhaps the address was cut off, or the page has moved.")),
        405: (gettext("This does not work here"), gettext("You can go on from the start.")),
        413: (gettext("This is too large"), gettext("Go back, make it shorter and send it again.")),
        500: (gettext("Something broke on our side"), gettext("It is not your fault. You can try again.")),
        503: (gettext("Not just now"), gettext("A part of this site does not work just now. Try again in a minute.")),
    }
    usual = gettext("We could not take this"), gettext("Nothing was kept. You can go on from the start.")
    return known.get(status, usual)
