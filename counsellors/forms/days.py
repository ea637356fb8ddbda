"""The forms for days that differ: a counsellor's own, and those on which the programme is closed."""

import re
from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from counsellors.forms.hours import NEEDED, date_in
from counsellors.services import today
from helpline.callbacks.exceptions import ReplacedDay
from helpline.callbacks.spans import Spans, do_overlap
from helpline.settings.programme import minute_of_day

LONGEST_LABEL = 60

NO_SPANS = lazy_gettext("Write times like this: 09:00-12:30, 13:00-17:00. Each ends after it begins, and none overlap.")
OVER = lazy_gettext("This day is over.")

ONE_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?[\s,;]*", re.ASCII)


class ExceptionForm(FlaskForm):
    """A day on which other hours hold than the weekly ones."""

    day = StringField(lazy_gettext("Date"), [InputRequired(NEEDED)])
    times = StringField(lazy_gettext("Times (empty: not there)"))

    def replaced(self) -> ReplacedDay | None:
        """Return the day and its hours, or None with what is wrong at its field."""
        day, spans = coming_day_in(self.day), spans_in(self.times)
        return None if day is None or spans is None else ReplacedDay(day, spans)


class ClosureForm(FlaskForm):
    """Days on which nobody takes talks."""

    from_day = StringField(lazy_gettext("First day"), [InputRequired(NEEDED)])
    to_day = StringField(lazy_gettext("Last day (empty: one day)"))
    label = StringField(
        lazy_gettext("What the staff call it"),
        [DataRequired(NEEDED), Length(max=LONGEST_LABEL, message=lazy_gettext("At most 60 letters."))],
    )

    def bounds(self) -> tuple[date, date] | None:
        """Return the first and the last day, or None with what is wrong at its field."""
        first = coming_day_in(self.from_day)
        last = date_in(self.to_day) if (self.to_day.data or "").strip() else first
        if first is None or last is None:
            return None
        if last < first:
            self.to_day.errors = [lazy_gettext("The last day must not lie before the first one.")]
            return None
        return first, last


class HolidaysForm(FlaskForm):
    """Public holidays that are ticked."""

    holidays = SelectMultipleField(lazy_gettext("Public holidays"), validate_choice=False)


def coming_day_in(field: StringField) -> date | None:
    """Return the date in *field*; what is no date, or a day that is over, gets a fault."""
    day = date_in(field)
    if day is not None and day < today():
        field.errors = [OVER]
        return None
    return day


def spans_in(field: Field) -> Spans | None:
    """Return the hours in *field*, none if it is empty; what says something else gets a fault."""
    spans = read_spans(field.data or "")
    if spans is None:
        field.errors = [NO_SPANS]
    return spans


def read_spans(text: str) -> Spans | None:
    """Return the hours that *text* says, as "09:00-12:30, 13-17", in order, or None if it says something else."""
    found, rest = [], text.strip()
    while rest:
        said = ONE_SPAN.match(rest)
        span = _span(*said.groups(default="00")) if said else None
        if said is None or span is None:
            return None
        found.append(span)
        rest = rest[said.end() :]
    return None if do_overlap(found) else tuple(sorted(found))


def _span(*said: str) -> tuple[int, int] | None:
    first_hour, first_minute, last_hour, last_minute = said
    starts = minute_of_day(f"{first_hour:0>2}:{first_minute}")
    ends = minute_of_day(f"{last_hour:0>2}:{last_minute}")
    return None if starts is None or ends is None or starts >= ends else (starts, ends)
