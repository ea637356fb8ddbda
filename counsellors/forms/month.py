"""The forms around a month's draft: each carries the version that it was made from."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from helpline.callbacks.month_keeping import Start
from helpline.callbacks.tables import Counsellor

STARTS = (
    (Start.WEEKLY, lazy_gettext("the weekly hours")),
    (Start.LAST_MONTH, lazy_gettext("last month, weekday by weekday")),
)
"""What a draft can begin with, in words."""

NO_VERSION, DIGITS = -1, 9


class DraftForm(FlaskForm):
    """A form about a draft; boxes and hours come beside it."""

    version = HiddenField()
    start = StringField(lazy_gettext("Begin with"))
    then = HiddenField()
    shown = HiddenField()

    def version_shown(self) -> int:
        """Return the version of the page that was sent, or one that never is."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else NO_VERSION

    def beginning(self) -> Start | None:
        """Return what the draft is to begin with, or None."""
        return next((start for start in Start if start == self.start.data), None)


def hours_form(staff: Sequence[Counsellor]) -> type[FlaskForm]:
    """Return a form with a field for the hours of each of *staff*."""
    fields = {hours_field(counsellor): StringField(counsellor.alias) for counsellor in staff}
    return type("HoursOfDayForm", (FlaskForm,), fields)


def hours_field(counsellor: Counsellor) -> str:
    """Return the name of *counsellor*'s field."""
    return f"times_{counsellor.id}"
