"""The guard at every route of the back office: what is not declared does not start, what is not allowed is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from flask import Flask, abort, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from helpline.staff.keys import StaffKeys
from helpline.staff.permissions import WITHOUT_SIGN_IN, Permission, may
from helpline.staff.sessions import (
    Present,
    SessionOverError,
    Token,
    find_session,
    is_touch_due,
    read_token,
    touch,
    written_token,
)
from helpline.store.engine import Sessions

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

TOKEN = "token"  # noqa: S105 - the name of a place in the cookie, not what lies there


class UndeclaredRouteError(Exception):
    """A route does not say who may use it, so nobody may start the back office with it."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Who may use a route, and whether asking for it counts as using the session."""

    permission: Permission
    is_use: bool


DECLARED: dict[object, Declared] = {}
"""What each view declares."""


def needs(permission: Permission, *, is_use: bool = True) -> Callable[[View], View]:
    """Declare what a route needs. A page that asks for itself again does not count as use: *is_use* is false."""

    def declare(view: View) -> View:
        DECLARED[view] = Declared(permission, is_use)
        return view

    return declare


def declared(app: Flask, endpoint: str) -> Declared:
    """Return what the route *endpoint* of *app* declares.

    Raises:
        UndeclaredRouteError: it declares nothing.
    """
    found = DECLARED.get(app.view_functions[endpoint])
    if found is None:
        raise UndeclaredRouteError(endpoint)
    return found


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides before any view runs.

    *sign_in_first* makes the page for those who are not signed in (any more), *ask_again* the one for a form of an
    older sign-in, which is sent when its person presses the button.
    """

    office: Sessions
    keys: StaffKeys
    clock: Callable[[], datetime]
    sign_in_first: Callable[[], ResponseReturnValue]
    ask_again: Callable[[], ResponseReturnValue]

    def post(self, app: Flask) -> None:
        """Stand at every route of *app*.

        Raises:
            UndeclaredRouteError: one does not say who may use it.
        """
        for endpoint in app.view_functions:
            declared(app, endpoint)
        csrf = CSRFProtect(app)

        @app.before_request
        def decide() -> ResponseReturnValue | None:
            return self._decide(app, csrf)

    def _decide(self, app: Flask, csrf: CSRFProtect) -> ResponseReturnValue | None:
        g.present = None
        if request.endpoint is None:
            g.present = self._find(is_use=False)  # no such page: Flask says so, in the language of who asked
            return None
        route = declared(app, request.endpoint)
        if route.permission not in WITHOUT_SIGN_IN:
            g.present = self._find(is_use=route.is_use)
            if g.present is None:
                return self.sign_in_first()
            if not may(g.present.role, route.permission):
                abort(403)
        try:
            csrf.protect()
        except CSRFError:
            return self.ask_again() if g.present else self.sign_in_first()
        return None

    def _find(self, *, is_use: bool) -> Present | None:
        """Return who is signed in. Writing the last use is the one write that a GET may cause."""
        now = self.clock()
        try:
            token = read_token(str(session.get(TOKEN, "")))
            with self.office.read() as reading:
                present = find_session(reading, token, keys=self.keys, now=now)
        except SessionOverError:
            session.pop(TOKEN, None)
            return None
        if is_use and is_touch_due(present, now=now):
            with self.office.begin() as writing:
                touch(writing, present, now=now)
        return present


def present() -> Present:
    """Return who is signed in, on a route that only they reach."""
    return cast("Present", g.present)


def token() -> Token:
    """Return the token of the session at hand."""
    return read_token(str(session[TOKEN]))


def remember_token(fresh: Token) -> None:
    """Begin a new cookie with the token of a new session: nothing of the one before it stays."""
    session.clear()
    # Flask-WTF remembers here the token that it made for the cookie before.
    g.pop("csrf_token", None)
    session[TOKEN] = written_token(fresh)
