"""The form that lets somebody in."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired


class SignInForm(FlaskForm):
    """A name, a passphrase, a one-time code, and what was asked for before."""

    name = StringField(lazy_gettext("Name"), [InputRequired(lazy_gettext("Fill in your name."))])
    passphrase = PasswordField(lazy_gettext("Passphrase"), [InputRequired(lazy_gettext("Fill in your passphrase."))])
    code = StringField(lazy_gettext("Code"), [InputRequired(lazy_gettext("Fill in the code of your telephone."))])
    kept = HiddenField()
