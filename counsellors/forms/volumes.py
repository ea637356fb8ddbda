"""The form for a programme's own yearly volumes. What is typed is reckoned with and forgotten."""

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from counsellors.forms.numbers import number_in

NEEDED = lazy_gettext("Fill in a number; 0 if there are none.")


class VolumesForm(FlaskForm):
    """How many there are in a year."""

    visit = StringField(lazy_gettext("Visits to the site in a year"), [InputRequired(NEEDED)])
    read = StringField(lazy_gettext("Pages read in a year"), [InputRequired(NEEDED)])
    request = StringField(lazy_gettext("Requests for a talk in a year"), [InputRequired(NEEDED)])
    talk = StringField(lazy_gettext("Talks held in a year"), [InputRequired(NEEDED)])

    def volumes(self) -> Mapping[str, int] | None:
        """Return the yearly number by unit, or None with what is wrong at its field."""
        self.validate()
        found = {field.short_name: number_in(field) for field in (self.visit, self.read, self.request, self.talk)}
        whole = {unit: number for unit, number in found.items() if number is not None}
        return whole if len(whole) == len(found) and not self.errors else None
