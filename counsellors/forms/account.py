"""The forms of somebody's own account."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class PassphraseForm(FlaskForm):
    """The passphrase, asked for again where something needs her keys."""

    passphrase = PasswordField(lazy_gettext("Passphrase"))


class LanguageForm(FlaskForm):
    """The language of every page."""

    language = StringField(lazy_gettext("Language"))
