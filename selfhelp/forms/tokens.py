"""The base of every form: one token, single-use where it books, and no cookie, session or key of Flask's."""

from flask import g
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm

from helpline.callbacks.form_token import (
    ForgedTokenError,
    FormToken,
    FormTokenError,
    TokenTooOldError,
    TokenTooYoungError,
    read_token,
)
from selfhelp.services import form_token, services


class SignedToken(CSRF):
    """A token that we signed. The site knows nobody, so there is no session that it could belong to."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        """Return the token of this page."""
        del csrf_token_field
        return form_token()

    def validate_csrf_token(self, form: BaseForm, field: CSRFTokenField) -> None:
        """Read the token that was sent; a good one stays in the page if other fields need mending.

        Raises:
            ValidationError: it cannot be taken; ``form.token_fault`` says why.
            TypeError: the form is none of this site's.
        """
        if not isinstance(form, TokenForm):
            raise TypeError
        sent = str(field.data or "")
        try:
            form.sent_token = read_token(sent, key=services().settings.form_key, now=services().clock())
        except FormTokenError as error:
            form.token_fault = error
            if form.is_refused:
                raise ValidationError(type(error).__name__) from None
        if form.token_fault is None or form.lasting:
            g.token = sent


class TokenForm(FlaskForm):
    """A form of the visitors' site.

    A *patient* one takes a token of any age: what it does can be done again. A *lasting* one keeps it,
    whatever its age: in another language, or with one more row, it is the same form.
    """

    patient = False
    lasting = False
    sent_token: FormToken | None = None
    token_fault: FormTokenError | None = None

    class Meta(FlaskForm.Meta):
        """Every form has a token; it asks for no session."""

        csrf = True
        csrf_class = SignedToken
        csrf_field_name = "token"

    @property
    def is_forged(self) -> bool:
        """Whether the form did not come from a page of ours."""
        return isinstance(self.token_fault, ForgedTokenError)

    @property
    def is_refused(self) -> bool:
        """Whether its token keeps the form from being taken."""
        untimely = isinstance(self.token_fault, TokenTooOldError | TokenTooYoungError)
        return self.is_forged or (untimely and not self.patient)
