"""The form that books a talk."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask_babel import gettext
from wtforms import BooleanField, StringField, ValidationError

from helpline.callbacks.desk import own_numbers
from helpline.callbacks.envelope import MOST_MODULES, OPENING_SENTENCES, Group, Wish
from helpline.callbacks.numbers import NumberFault, RefusedNumberError, read_number
from helpline.callbacks.rota import ATOM_MINUTES
from helpline.programme.paths import Path
from helpline.settings.programme import Way
from selfhelp.forms.tokens import TokenForm
from selfhelp.services import language, services

FIELDS = ("time", "way", "about", "number", "word")
"""The fields that can be wrong, in the order of the page."""

HIDDEN, SHOWN = "hidden", "shown"
MOST_DIGITS = 2
"""Of the number of a part of the list: six weeks of one counsellor's times have more than nine."""

FURTHEST = timedelta(days=60)
"""Beyond every horizon: a time that far away is no time of ours and not worth a query."""


class TalkForm(TokenForm):
    """A time, who rings, and for "we ring you" a number and what we may do with it. No free text.

    *is_for_young* is whether it asks for a counsellor trained for under-18s: the page says so, *young* is a tick on it.
    """

    part = StringField()
    days = StringField()
    time = StringField()
    way = StringField()
    about = StringField(default=Group.RATHER_NOT_SAY)
    number = StringField()
    caller = StringField(default=HIDDEN)
    opening = StringField(default="0")
    again = BooleanField()
    earlier = BooleanField()
    page = StringField()
    tell = BooleanField()
    word = StringField()
    young = BooleanField()
    is_for_young = False

    def validate_time(self, field: StringField) -> None:
        """Refuse what is no time at all; whether it is still free, the booking decides."""
        del field
        if self.starts_at is None:
            raise ValidationError(gettext("Choose a time."))

    def validate_way(self, field: StringField) -> None:
        """Refuse a way that this helpline does not offer."""
        if field.data not in services().settings.programme.ways:
            raise ValidationError(gettext("Choose who rings."))

    def validate_about(self, field: StringField) -> None:
        """Refuse what is not on the list."""
        if field.data not in set(Group):
            raise ValidationError(gettext("Choose what it is about. You can also choose: rather not say."))

    def validate_number(self, field: StringField) -> None:
        """Refuse a number that we do not ring, where one is needed; elsewhere it is not looked at."""
        if self.way.data != Way.WE_RING:
            return
        if not (field.data or "").strip():
            raise ValidationError(gettext("Fill in your telephone number, or choose: you ring us."))
        try:
            self._number()
        except RefusedNumberError as refused:
            raise ValidationError(number_words()[refused.fault]) from None

    @property
    def part_number(self) -> int:
        """The part of the list that the visitor asks for, or else was looking at: 1 is the first, 0 is today."""
        text = self.days.data or self.part.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 1

    @property
    def starts_at(self) -> datetime | None:
        """The chosen time, or None when there is none."""
        text = self.time.data or ""
        now = services().clock()
        if not (text.isascii() and text.isdecimal()) or len(text) > len(time_value(now)):
            return None
        chosen = datetime.fromtimestamp(int(text) * 60 * ATOM_MINUTES, tz=UTC)
        return chosen if now < chosen < now + FURTHEST else None

    @property
    def module(self) -> Path | None:
        """The self-help module that the visitor comes from, or None: the counsellor is told of it only where ticked."""
        said = self.page.data or ""
        number = int(said) if said.isascii() and said.isdecimal() and len(said) <= len(str(MOST_MODULES)) else -1
        found = services().library.paths.get((language(), number))
        return found if found is not None and found.is_module else None

    @property
    def opening_sentence(self) -> int:
        """The number of the sentence that we begin with; the first, where another one than ours was sent."""
        choices = [str(sentence) for sentence in range(OPENING_SENTENCES)]
        return choices.index(self.opening.data) if self.opening.data in choices else 0

    def wish(self) -> Wish:
        """Return what was asked for, after the form was found good."""
        starts_at = self.starts_at
        if starts_at is None:
            raise ValidationError(gettext("Choose a time."))
        rings = self.way.data == Way.WE_RING
        return Wish(
            starts_at=starts_at,
            way=Way(self.way.data or ""),
            group=Group(self.about.data or ""),
            language=language(),
            opening=self.opening_sentence if rings else 0,
            module=self.module.number if self.module is not None and self.tell.data else None,
            number=self._number() if rings else None,
            number_shown=rings and self.caller.data == SHOWN,
            try_again=rings and bool(self.again.data),
            ring_earlier=rings and bool(self.earlier.data),
            youth=self.is_for_young,
        )

    def _number(self) -> str:
        programme = services().settings.programme
        return read_number(self.number.data or "", countries=programme.countries, own=own_numbers(programme))


def time_value(moment: datetime) -> str:
    """Return how the form writes *moment*: the number of its five minutes, as the store counts them."""
    return str(int(moment.timestamp()) // (60 * ATOM_MINUTES))


def number_words() -> Mapping[NumberFault, str]:
    """Return what a person is told of a number that we do not ring."""
    return {
        NumberFault.UNREADABLE: gettext("We cannot read this number. Perhaps a digit is missing."),
        NumberFault.OTHER_COUNTRY: gettext("We cannot ring numbers of this country. You can ring us."),
        NumberFault.NOT_RINGABLE: gettext("We cannot ring this kind of number. Give a mobile or an ordinary number."),
        NumberFault.OURS: gettext("This is our own number. Fill in yours."),
    }
