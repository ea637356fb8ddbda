"""The forms for totals that others counted."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import InputRequired, Length

from counsellors.forms.hours import NEEDED, date_in
from counsellors.forms.numbers import number_in
from counsellors.services import today
from helpline.outside.tables import Cause, Entry, SeriesYear

FIRST_YEAR = 1980
LONGEST = 200

CAUSE_WORDS = {
    Cause.CLOSED: lazy_gettext("We were closed"),
    Cause.ENGAGED: lazy_gettext("All lines were engaged"),
    Cause.GAVE_UP: lazy_gettext("Caller gave up waiting"),
    Cause.UNKNOWN: lazy_gettext("Not known why"),
}
ENTRY_WORDS = {
    Entry.BREACHES: lazy_gettext("Confidentiality was lifted"),
    Entry.HANDED_ON: lazy_gettext("Handed on to another service, in person"),
    Entry.COMPLAINTS: lazy_gettext("Complaints"),
}
A_YEAR = lazy_gettext("Write a year as 2026, no later than this one.")
SHORT = Length(max=LONGEST, message=lazy_gettext("At most 200 letters."))
WORDS = [InputRequired(NEEDED), SHORT]


class MissedForm(FlaskForm):
    """The missed calls of one day, by cause; all empty: nothing is known of that day."""

    day = StringField(lazy_gettext("Day"), [InputRequired(NEEDED)])
    closed = StringField(CAUSE_WORDS[Cause.CLOSED])
    engaged = StringField(CAUSE_WORDS[Cause.ENGAGED])
    gave_up = StringField(CAUSE_WORDS[Cause.GAVE_UP])
    unknown = StringField(CAUSE_WORDS[Cause.UNKNOWN])

    @property
    def causes(self) -> list[Field]:
        """The fields of numbers."""
        return [self[cause.value] for cause in Cause]

    def totals(self) -> tuple[date, Mapping[Cause, int]] | None:
        """Return the day and its calls, or None with what is wrong at its field."""
        self.validate()
        day = date_in(self.day) if not self.day.errors else None
        if day is not None and day > today():
            self.day.errors = [lazy_gettext("This day is still to come.")]
        numbers = {cause: number_in(self[cause.value]) for cause in Cause if self[cause.value].data}
        known = {cause: number for cause, number in numbers.items() if number is not None}
        return None if day is None or self.errors else (day, known)


class SeriesForm(FlaskForm):
    """A year of a series that was published elsewhere."""

    series = StringField(lazy_gettext("What was counted"), WORDS)
    year = StringField(lazy_gettext("Year"), [InputRequired(NEEDED)])
    value = StringField(lazy_gettext("The published total"), [InputRequired(NEEDED)])
    source = StringField(lazy_gettext("Where it was published"), WORDS)
    note = StringField(lazy_gettext("How it was counted (may be empty)"), [SHORT])

    def row(self) -> SeriesYear | None:
        """Return the year of the series, or None with what is wrong at its field."""
        self.validate()
        year, value = year_in(self.year), number_in(self.value)
        if year is None or value is None or self.errors:
            return None
        fields = (self.series, self.source, self.note)
        series, source, note = (" ".join((field.data or "").split()) for field in fields)
        return SeriesYear(series=series, year=year, value=value, source=source, note=note or None)


class RegisterForm(FlaskForm):
    """What the organisation's register says of a year; empty: nobody looked."""

    of_year = StringField(lazy_gettext("Year"), [InputRequired(NEEDED)])
    breaches = StringField(ENTRY_WORDS[Entry.BREACHES])
    handed_on = StringField(ENTRY_WORDS[Entry.HANDED_ON])
    complaints = StringField(ENTRY_WORDS[Entry.COMPLAINTS])

    @property
    def entries(self) -> list[Field]:
        """The fields of numbers."""
        return [self[entry.value] for entry in Entry]

    def numbers(self) -> tuple[int, Mapping[Entry, int]] | None:
        """Return the year and its numbers, or None with what is wrong at its field."""
        self.validate()
        year = year_in(self.of_year)
        numbers = {entry: number_in(self[entry.value]) for entry in Entry if self[entry.value].data}
        known = {entry: number for entry, number in numbers.items() if number is not None}
        return None if year is None or self.errors else (year, known)


def year_in(field: Field) -> int | None:
    """Return the year typed, which is not to come; what is none gets a fault."""
    text = (field.data or "").strip()
    is_year = text.isascii() and text.isdecimal() and len(text) == len(str(FIRST_YEAR))
    if is_year and FIRST_YEAR <= int(text) <= today().year:
        return int(text)
    field.errors = field.errors or [A_YEAR]
    return None
