"""The forms of the call screen: closed lists only."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from helpline.callbacks.queue import Outcome
from helpline.settings.programme import Way

OUTCOMES = (
    (Outcome.HELD, lazy_gettext("We talked")),
    (Outcome.HEAVY, lazy_gettext("We talked, it was heavy: I need half an hour")),
    (Outcome.MISSED, lazy_gettext("Nobody rang us")),
    (Outcome.NOT_REACHED, lazy_gettext("We rang, nobody answered")),
    (Outcome.WRONG_NUMBER, lazy_gettext("We did not hear the word and said: wrong number")),
    (Outcome.MISUSE, lazy_gettext("Misuse: nobody who needed us")),
    (Outcome.NOT_THERE, lazy_gettext("We were not there")),
    (Outcome.CANCELLED_BY_US, lazy_gettext("We had to cancel")),
)

CANCELLING = OUTCOMES[-1:]
"""How a talk ends that nobody can open."""

MOST_DIGITS = 9
"""Longer than any version; what is longer is none."""

NEVER = {Way.WE_RING: Outcome.MISSED, Way.YOU_RING: Outcome.NOT_REACHED}
"""How a talk held in this way cannot end."""


def outcomes(way: Way | None) -> list[tuple[str, str]]:
    """Return how a talk held in this *way* can end, with words; every end where the way is not known."""
    return [(value, words) for value, words in OUTCOMES if way is None or value != NEVER[way]]


def words_of_outcome(value: str | None) -> str | None:
    """Return the words of an outcome that was chosen, or None where none was."""
    return next((str(words) for known, words in OUTCOMES if known == value), None)


class OpenForm(FlaskForm):
    """The button that opens an envelope, and the passphrase where the session has dropped the keys."""

    passphrase = PasswordField(lazy_gettext("Passphrase"))


class AttemptForm(FlaskForm):
    """The button that says that we rang in vain, with the version of the talk that the page showed."""

    version = HiddenField()
    form_id = HiddenField()

    def known_version(self) -> int:
        """Return the version of the talk that the page showed; what is no number is no version."""
        text = self.version.data or ""
        # Python refuses to read thousands of digits.
        is_number = text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS
        return int(text) if is_number else 0


class OutcomeForm(AttemptForm):
    """How a talk ended."""

    outcome = StringField(lazy_gettext("How did it end?"))
    way = HiddenField()

    def chosen(self) -> Outcome | None:
        """Return the outcome that was chosen, or None with a fault at its field."""
        if self.outcome.data in set(Outcome):
            return Outcome(self.outcome.data)
        self.outcome.errors = [lazy_gettext("Choose how it ended.")]
        return None
