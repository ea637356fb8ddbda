"""A form that counts once and belongs to no booking: its token is signed, lives for half a day, and is spent."""

from datetime import timedelta

from flask_wtf import FlaskForm
from wtforms import HiddenField

from counsellors.services import now, services
from helpline.callbacks.contact import spend_form
from helpline.callbacks.desk import DeskKeys
from helpline.callbacks.form_token import FormToken, FormTokenError, issue_token, read_token
from helpline.crypto.digest import Subkey, subkey

AT_ONCE = timedelta()
"""Whoever is signed in and presses quickly is no machine."""


class OnceForm(FlaskForm):
    """A form that brings such a token."""

    once = HiddenField()

    def token(self) -> FormToken | None:
        """Return the token, or None where it is none of ours or too old to know whether it was spent."""
        try:
            return read_token(self.once.data or "", key=_key(), now=now(), least_age=AT_ONCE)
        except FormTokenError:
            return None


def draw_once() -> str:
    """Return a token for one form."""
    return issue_token(key=_key(), now=now())


def is_first(token: FormToken) -> bool:
    """Spend *token* and return whether nobody had: only then its form counts."""
    found, moment = services(), now()
    keys = DeskKeys.of(found.settings.code_key)
    return found.helpline.transact(lambda session: spend_form(session, token, keys=keys, now=moment))


def _key() -> Subkey:
    return subkey(services().settings.session_key, label="counted once")
