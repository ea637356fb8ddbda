"""The forms of the public door: its word, and the hour whose bookings are released."""

from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from helpline.callbacks.public_door import LONGEST_WORD, cleaned_word

HOUR = timedelta(hours=1)
EPOCH = datetime.fromtimestamp(0, tz=UTC)
MOST_DIGITS = 9
"""More hours than the calendar has; what is longer is none."""


class WordForm(FlaskForm):
    """The word that the greeting of the public line says."""

    word = StringField(lazy_gettext("Word that the greeting says"))

    def chosen(self) -> str | None:
        """Return the word as it was typed, without spaces around it, or None with what is wrong at its field."""
        typed = " ".join((self.word.data or "").split())
        if not cleaned_word(typed):
            self.word.errors = [lazy_gettext("Fill in a word that can be said aloud.")]
        elif len(typed) > LONGEST_WORD:
            self.word.errors = [lazy_gettext("At most 30 letters.")]
        else:
            return typed
        return None


class HourForm(FlaskForm):
    """An hour in which talks were booked, and how many the page before said that there are."""

    hour = HiddenField()
    talks = HiddenField()

    def chosen(self) -> datetime | None:
        """Return when that hour begins, or None where none was sent."""
        number = _number(self.hour.data)
        try:
            return None if number is None else EPOCH + number * HOUR
        except OverflowError:
            return None

    def known_talks(self) -> int:
        """Return how many talks the page said would go."""
        return _number(self.talks.data) or 0


def hour_value(hour: datetime) -> str:
    """Return how a form writes *hour*: counted from 1970 UTC."""
    return str((hour - EPOCH) // HOUR)


def _number(text: str | None) -> int | None:
    found = text or ""
    return int(found) if found.isdecimal() and found.isascii() and len(found) <= MOST_DIGITS else None
