"""The form that takes a code."""

from flask_babel import gettext
from wtforms import StringField, ValidationError

from helpline.codes import AccessCode, UnreadableCodeError, read_code
from selfhelp.forms.tokens import TokenForm


class CodeForm(TokenForm):
    """A code, in any case and grouping."""

    patient = True
    code = StringField()

    def validate_code(self, field: StringField) -> None:
        """Tell at once about a letter that must be wrong, before anybody searches."""
        if not (field.data or "").strip():
            raise ValidationError(gettext("Fill in your code."))
        try:
            self.access_code()
        except UnreadableCodeError:
            raise ValidationError(gettext("A letter of this code is wrong or missing. Please compare.")) from None

    def access_code(self) -> AccessCode:
        """Return the code.

        Raises:
            UnreadableCodeError: it cannot be one.
        """
        return read_code(self.code.data or "")
