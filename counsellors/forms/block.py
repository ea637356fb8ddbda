"""The forms that block time in the calendar, and open it again."""

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from counsellors.forms.hours import NEEDED, NO_TIME
from counsellors.services import now, services
from counsellors.talks import day_in_sight
from helpline.callbacks.rota import day_bounds, instant
from helpline.settings.programme import minute_of_day
from helpline.staff.tables import Act

HOUR, REST = "hour", "rest"

LENGTHS = ((HOUR, lazy_gettext("An hour")), (REST, lazy_gettext("The rest of the day")))

REASONS = (
    (Act.LIFTED_BY_ACCORD, lazy_gettext("She agreed")),
    (Act.LIFTED_BY_MISTAKE, lazy_gettext("It was entered by mistake")),
    (Act.LIFTED_IN_NEED, lazy_gettext("Nobody else can take the talks")),
)
"""Why somebody opens the blocked time of a colleague: the audit keeps which."""


class BlockForm(FlaskForm):
    """An hour, or the rest of a day, in which somebody takes no talk."""

    day = StringField(lazy_gettext("Day"))
    from_time = StringField(lazy_gettext("From (09:30)"))
    length = StringField(lazy_gettext("How long?"), default=HOUR)

    def bounds(self) -> tuple[datetime, datetime] | None:
        """Return the moments from which until which to block, or None with what is wrong at its field."""
        day, minute = day_in_sight(self.day.data or ""), minute_of_day((self.from_time.data or "").strip())
        if day is None:
            self.day.errors = [NEEDED]
        if minute is None:
            self.from_time.errors = [NO_TIME]
        if self.length.data not in dict(LENGTHS):
            self.length.errors = [NEEDED]
        if day is None or minute is None or any(field.errors for field in self):
            return None
        return self._from(day, minute)

    def _from(self, day: date, minute: int) -> tuple[datetime, datetime] | None:
        zone = services().programme.zone
        starts_at, (_, midnight) = instant(day, minute, zone=zone), day_bounds(day, zone=zone)
        ends_at = starts_at + timedelta(hours=1) if self.length.data == HOUR else midnight
        if ends_at <= max(now(), starts_at):
            self.from_time.errors = [lazy_gettext("That time is over.")]
            return None
        return starts_at, ends_at


class ReasonForm(FlaskForm):
    """Why the blocked time of a colleague is opened."""

    reason = StringField(lazy_gettext("Why do you open it?"))
    day = HiddenField()

    def act(self) -> Act | None:
        """Return what the audit keeps, or None where no reason of the list was chosen."""
        return next((act for act, _ in REASONS if act == self.reason.data), None)
