"""The back office as the server calls it: refusals first, then Flask; the same headers on every answer."""

from collections.abc import Collection, Iterable
from html import escape
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.exceptions import default_exceptions
from werkzeug.wrappers import Response

from helpline.crypto.digest import subkey
from helpline.signs import UNTYPED
from helpline.web.frozen import content_length, status_line
from helpline.web.quiet import log_error
from helpline.web.shared import fixed_headers, rebuilt, refusal, transport_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SESSION_COOKIE = "__Host-office"
DEVICE_COOKIE = "__Host-device"

KNOWN_OF_STAFF = frozenset({"HTTP_COOKIE", "HTTP_REFERER"})
"""What a view here may know besides: who signed in, and the page a form stood on, which guards forms over HTTPS."""

FAULT = "helpline.fault"
"""In the environment of a request that no view may see: the status that it is answered with."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

PASSED_ON = frozenset(
    {"allow", "clear-site-data", "content-disposition", "content-type", "location", "retry-after", "set-cookie"}
)
"""What a view may say in headers."""

LAST_WORDS = """<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Out of order</title><main id="main">
<h1>Out of order</h1><p>Try again in a minute.</p>
<p lang="nl">Er ging iets stuk. Probeer het over een minuut opnieuw.</p><p>{crisis}</p></main></html>"""
"""For when not even an error page can be made."""


class OfficeSite:
    """A WSGI application that answers refusals with whole pages and says the same in every head."""

    def __init__(self, flask: Flask, *, hosts: Collection[str], crisis: str) -> None:
        """Serve the views of *flask* to those who ask for one of *hosts*; *crisis* is said even when all breaks."""
        self.flask = flask
        self._last_words = LAST_WORDS.format(crisis=escape(crisis)).encode()
        self._hosts = frozenset(hosts)
        self._fixed = fixed_headers(policy=POLICY, referrer="same-origin", passkeys=True)
        flask.before_request(_stop_here)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        status = refusal(environ, hosts=self._hosts)
        known = rebuilt(environ, also=() if status else KNOWN_OF_STAFF)
        response = self._asked(known | ({FAULT: status} if status else {}))
        body = response.get_data()
        said = [(name, value) for name, value in response.headers if name.lower() in PASSED_ON]
        headers = [*said, *self._fixed, ("X-Robots-Tag", "noindex"), *transport_headers(environ), content_length(body)]
        start_response(response.status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _asked(self, environ: "WSGIEnvironment") -> Response:
        try:
            return Response.from_app(self.flask, environ, buffered=True)
        except Exception as error:  # noqa: BLE001 - the last wall: an error page that failed must not show its trace
            log_error(error)
            return Response(self._last_words, status=status_line(500), content_type="text/html; charset=utf-8")


def configure(app: Flask, *, session_key: bytes) -> None:
    """Set how *app* signs its cookie and its forms. CSRF is on, in tests too."""
    app.secret_key = subkey(session_key, label="cookie")
    app.config.update(
        MAX_CONTENT_LENGTH=None,  # refused before Flask, by refusal()
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        # The guard asks for the token itself: a form sent after the session's end must be kept, not refused.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, which ends earlier
    )


def put_device_cookie(response: Response, token: str, *, seconds: int) -> None:
    """Let the browser keep *token* as the mark of a device that somebody signed in on."""
    response.set_cookie(DEVICE_COOKIE, token, max_age=seconds, secure=True, httponly=True, samesite="Strict")


def _stop_here() -> None:
    """Answer with the fault that was found before Flask was asked, or with that of signs which nobody can type."""
    status = request.environ.get(FAULT)
    if status is not None:
        raise default_exceptions[status]
    if UNTYPED.search(request.path):
        raise default_exceptions[404]
    if request.method == "POST" and any(
        UNTYPED.search(text) for item in request.form.items(multi=True) for text in item
    ):
        raise default_exceptions[400]
