"""The forms of who cannot go on: from now until when, and who takes each talk."""

from datetime import date, datetime, timedelta

from flask import request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from counsellors.services import services, today
from helpline.callbacks.rota import day_bounds
from helpline.callbacks.tables import BookingId

LEAVE, ANYBODY, CANCEL = "leave", "anybody", "cancel"
"""What can be chosen for a talk besides a colleague: nothing yet, whoever can take it, the last resort."""

CHOICE = "to-"
"""How the name of a field begins that says who takes a talk."""

CHOICES = {
    ANYBODY: lazy_gettext("Whoever fits"),
    LEAVE: lazy_gettext("Nobody yet"),
    CANCEL: lazy_gettext("Cancel it: the last resort"),
}

THE_DAY, THE_SHIFT, A_DATE = "day", "shift", "date"
"""Until when somebody is away."""

UNTIL = (
    (THE_DAY, lazy_gettext("The rest of today")),
    (THE_SHIFT, lazy_gettext("The rest of this shift")),
    (A_DATE, lazy_gettext("Until and including a day")),
)

FURTHEST = timedelta(days=366)
"""No absence is longer; what lies beyond is a slip of the hand."""

MOST_DIGITS = 9
"""Longer than any version; what is longer is none."""


class AwayForm(FlaskForm):
    """Until when somebody takes no talks, from now on."""

    until = StringField(lazy_gettext("Away from now on"))
    last_day = StringField(lazy_gettext("The last day"))

    def moment(self, *, shift_end: datetime | None) -> datetime | None:
        """Return until when, or None with what is wrong at its field; *shift_end* None: there is no shift any more."""
        zone = services().programme.zone
        if self.until.data == THE_SHIFT and shift_end is not None:
            return shift_end
        if self.until.data == A_DATE:
            day = self._last_day()
            return day_bounds(day, zone=zone)[1] if day else None
        if self.until.data == THE_DAY:
            return day_bounds(today(), zone=zone)[1]
        self.until.errors = [lazy_gettext("Choose until when.")]
        return None

    def _last_day(self) -> date | None:
        try:
            found = date.fromisoformat((self.last_day.data or "").strip())
        except ValueError:
            self.last_day.errors = [lazy_gettext("Write a date like this: 2027-03-28.")]
            return None
        if not timedelta() <= found - today() < FURTHEST:
            self.last_day.errors = [lazy_gettext("Write today or a day of the coming year.")]
            return None
        return found


class HandOverForm(FlaskForm):
    """Who takes each talk: a field for each, named by it, beside the version of it that was seen."""

    passphrase = PasswordField(lazy_gettext("Passphrase"))
    form_id = HiddenField()

    def choice(self, talk: BookingId) -> str | None:
        """Return what was chosen for *talk*, or None where the form did not have it."""
        return request.form.get(f"{CHOICE}{talk}")

    def version(self, talk: BookingId) -> int:
        """Return the version of *talk* that the page showed; what is no number is no version."""
        text = request.form.get(f"version-{talk}", "")
        # Python refuses to read thousands of digits.
        is_number = text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS
        return int(text) if is_number else 0

    def sent(self) -> set[str]:
        """Return the talks for which something was asked."""
        asked = (name for name, choice in request.form.items() if choice != LEAVE)
        return {name.removeprefix(CHOICE) for name in asked if name.startswith(CHOICE)}


def words_of_choice(value: str) -> str:
    """Return what was chosen for a talk in the words of the page; a colleague is not named where she is not known."""
    return str(CHOICES.get(value, lazy_gettext("A colleague by name")))
