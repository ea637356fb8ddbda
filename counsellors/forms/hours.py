"""The forms for weekly hours and absences, in the wall time of the helpline's zone."""

from datetime import date, datetime

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from counsellors.services import services, today
from helpline.callbacks.rota import instant
from helpline.callbacks.rota_keeping import NewHours
from helpline.settings.programme import minute_of_day

WEEKDAYS = ("0", "1", "2", "3", "4", "5", "6")
"""As a form sends them, 0 for Monday."""

YEARS_AROUND = 10
"""What lies further away is a slip of the hand, and at the ends of the calendar a day has no moment in UTC."""

NEEDED = lazy_gettext("Fill this in.")
NO_DATE = lazy_gettext("Write a date like this: 2027-03-28.")
TOO_FAR = lazy_gettext("Write a day of the last or of the next ten years.")
NO_TIME = lazy_gettext("Write a time like this: 09:30.")


class HoursForm(FlaskForm):
    """An interval of a weekday, from a first day on."""

    weekday = StringField(lazy_gettext("Day"))
    starts = StringField(lazy_gettext("From (09:30)"), [InputRequired(NEEDED)])
    ends = StringField(lazy_gettext("Until (24:00 at most)"), [InputRequired(NEEDED)])
    valid_from = StringField(lazy_gettext("First day"), [InputRequired(NEEDED)])
    valid_until = StringField(lazy_gettext("Last day (empty: for good)"))

    def hours(self) -> NewHours | None:
        """Return the hours that were sent, or None with what is wrong at its field."""
        starts, ends = _minute(self.starts), _minute(self.ends)
        first = date_in(self.valid_from)
        last = date_in(self.valid_until) if (self.valid_until.data or "").strip() else None
        weekday = self.weekday.data or ""
        if weekday not in WEEKDAYS:
            self.weekday.errors = [NEEDED]
        if starts is not None and ends is not None and starts >= ends:
            self.ends.errors = [lazy_gettext("The end must lie after the beginning.")]
        if first is not None and last is not None and last < first:
            self.valid_until.errors = [lazy_gettext("The last day must not lie before the first one.")]
        if any(field.errors for field in self) or starts is None or ends is None or first is None:
            return None
        return NewHours(WEEKDAYS.index(weekday), starts, ends, valid_from=first, valid_until=last)


class AbsenceForm(FlaskForm):
    """A time in which somebody takes no talk."""

    first_day = StringField(lazy_gettext("First day"), [InputRequired(NEEDED)])
    from_time = StringField(lazy_gettext("From (empty: the whole day)"))
    last_day = StringField(lazy_gettext("Last day"), [InputRequired(NEEDED)])
    until_time = StringField(lazy_gettext("Until (empty: the whole day)"))

    def bounds(self) -> tuple[datetime, datetime] | None:
        """Return the moments from which until which she is away, or None with what is wrong at its field."""
        first, last = date_in(self.first_day), date_in(self.last_day)
        starts = _minute(self.from_time) if (self.from_time.data or "").strip() else 0
        ends = _minute(self.until_time) if (self.until_time.data or "").strip() else minute_of_day("24:00")
        if first is None or last is None or starts is None or ends is None:
            return None
        zone = services().programme.zone
        starts_at, ends_at = instant(first, starts, zone=zone), instant(last, ends, zone=zone)
        if starts_at >= ends_at:
            self.last_day.errors = [lazy_gettext("The end must lie after the beginning.")]
            return None
        return starts_at, ends_at


class EmptyForm(FlaskForm):
    """A button."""


def _minute(field: StringField) -> int | None:
    """Return the minute of the day in *field*; what is no time gets a fault."""
    minute = minute_of_day((field.data or "").strip())
    if minute is None and not field.errors:
        field.errors = [NO_TIME]
    return minute


def date_in(field: StringField) -> date | None:
    """Return the date in *field*; what is no date, or one of another age, gets a fault."""
    try:
        found = date.fromisoformat((field.data or "").strip())
    except ValueError:
        field.errors = field.errors or [NO_DATE]
        return None
    if abs(found.year - today().year) > YEARS_AROUND:
        field.errors = [TOO_FAR]
        return None
    return found
