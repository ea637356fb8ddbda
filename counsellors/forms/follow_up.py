"""The form that hands a code over."""

from flask_wtf import FlaskForm
from wtforms import HiddenField

from helpline.codes import AccessCode, UnreadableCodeError, read_code


class CodeForm(FlaskForm):
    """A code that was drawn for this page; nobody can use it before the form is sent."""

    code = HiddenField()

    def access_code(self) -> AccessCode | None:
        """Return the code, or None where the field holds none."""
        try:
            return read_code(self.code.data or "")
        except UnreadableCodeError:
            return None
