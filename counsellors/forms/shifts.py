"""The forms for half days that change hands, and for wishes."""

from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from counsellors.forms.days import coming_day_in
from counsellors.forms.hours import NEEDED
from helpline.callbacks.rota_tables import WishKind
from helpline.callbacks.spans import Half

WHOLE_DAY = "day"
HALVES = (
    (WHOLE_DAY, lazy_gettext("the whole day")),
    (Half.MORNING, lazy_gettext("morning")),
    (Half.AFTERNOON, lazy_gettext("from noon")),
)
KINDS = ((WishKind.RATHER_NOT, lazy_gettext("rather not")), (WishKind.GLADLY, lazy_gettext("gladly")))


class OfferForm(FlaskForm):
    """A half day to offer, as "2027-04-05.morning"."""

    half_day = StringField(lazy_gettext("Half day"))

    def chosen(self) -> tuple[date, Half] | None:
        """Return the half day, or None with what is wrong at its field."""
        found = read_half_day(self.half_day.data or "")
        if found is None:
            self.half_day.errors = [lazy_gettext("Choose one of your half days.")]
        return found


class WishForm(FlaskForm):
    """What somebody wishes of a day or of half of it."""

    wish_day = StringField(lazy_gettext("Date"), [InputRequired(NEEDED)])
    half = StringField(lazy_gettext("Part of the day"))
    kind = StringField(lazy_gettext("Wish"))

    def wish(self) -> tuple[date, tuple[Half, ...], WishKind] | None:
        """Return day, halves and wish, or None with what is wrong at its field."""
        day = coming_day_in(self.wish_day)
        halves = tuple(half for half in Half if self.half.data in {half, WHOLE_DAY})
        kind = next((kind for kind in WishKind if kind == self.kind.data), None)
        if not halves:
            self.half.errors = [NEEDED]
        if kind is None:
            self.kind.errors = [NEEDED]
        return (day, halves, kind) if day is not None and halves and kind is not None else None


def read_half_day(text: str) -> tuple[date, Half] | None:
    """Return the half day that *text* names, as "2027-04-05.morning", or None."""
    day, _, half = text.partition(".")
    try:
        return date.fromisoformat(day), Half(half)
    except ValueError:
        return None


def written_half_day(day: date, *, half: Half) -> str:
    """Return the name of a half day, as `read_half_day` reads it."""
    return f"{day.isoformat()}.{half}"
