"""The form with which staff book a talk for who is on the line: what a visitor's own form asks, and no more."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, ValidationError

from counsellors.services import now, services
from counsellors.talks import FURTHEST
from helpline.callbacks.desk import own_numbers
from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.envelope import OPENING_SENTENCES, Group, Wish
from helpline.callbacks.numbers import NumberFault, RefusedNumberError, read_number
from helpline.callbacks.rota import ATOM_MINUTES
from helpline.callbacks.rota_keeping import active_counsellors
from helpline.callbacks.tables import CounsellorId
from helpline.settings.programme import Way

HIDDEN, SHOWN = "hidden", "shown"
ANYBODY = ""
ATOM_SECONDS = 60 * ATOM_MINUTES

WAYS = ((Way.YOU_RING, lazy_gettext("They ring us")), (Way.WE_RING, lazy_gettext("We ring them")))
CALLERS = (
    (HIDDEN, lazy_gettext("Hidden; some phones refuse that")),
    (SHOWN, lazy_gettext("Shown; it stays in the call list of their phone")),
)
GROUPS = (
    (Group.ABOUT_ME, lazy_gettext("about themselves")),
    (Group.ABOUT_SOMEBODY, lazy_gettext("about somebody else")),
    (Group.PROFESSIONAL, lazy_gettext("works with people")),
    (Group.RATHER_NOT_SAY, lazy_gettext("rather not say")),
)


class BookForm(FlaskForm):
    """For whom, a time, who rings, and for "we ring them" a number and what we may do with it. No name, no words."""

    once = HiddenField()
    language = StringField(lazy_gettext("Language of the talk"))
    youth = BooleanField(lazy_gettext("They are under 18"))
    counsellor = StringField(lazy_gettext("With whom?"), default=ANYBODY)
    part = HiddenField()
    time = StringField(lazy_gettext("When?"))
    way = StringField(lazy_gettext("Who rings?"))
    number = StringField(lazy_gettext("Their telephone number"))
    caller = StringField(lazy_gettext("Our number"), default=HIDDEN)
    opening = StringField(lazy_gettext("How shall we begin?"), default="0")
    again = BooleanField(lazy_gettext("We may try again after ten minutes"))
    earlier = BooleanField(lazy_gettext("We may ring earlier if something changes"))
    about = StringField(lazy_gettext("What is it about?"), default=Group.RATHER_NOT_SAY)

    def validate_language(self, field: StringField) -> None:
        """Refuse a language that this helpline does not speak."""
        if field.data not in services().programme.languages:
            raise ValidationError(gettext("Choose a language."))

    def validate_counsellor(self, field: StringField) -> None:
        """Refuse who takes no talks."""
        if field.data not in dict(whom_to_choose()):
            raise ValidationError(gettext("Choose with whom."))

    def validate_time(self, field: StringField) -> None:
        """Refuse what is no time at all; whether it is still free, the booking decides."""
        del field
        if self.starts_at is None:
            raise ValidationError(gettext("Choose a time."))

    def validate_way(self, field: StringField) -> None:
        """Refuse a way that this helpline does not offer."""
        if field.data not in services().programme.ways:
            raise ValidationError(gettext("Choose who rings."))

    def validate_number(self, field: StringField) -> None:
        """Refuse a number that we do not ring, where one is needed; elsewhere it is not looked at."""
        if self.way.data != Way.WE_RING:
            return
        if not (field.data or "").strip():
            raise ValidationError(gettext("Fill in their number, or choose: they ring us."))
        try:
            self._number()
        except RefusedNumberError as refused:
            raise ValidationError(_number_words()[refused.fault]) from None

    def validate_about(self, field: StringField) -> None:
        """Refuse what is not on the list."""
        if field.data not in set(Group):
            raise ValidationError(gettext("Choose what it is about."))

    @property
    def starts_at(self) -> datetime | None:
        """The chosen time, or None when there is none."""
        return read_time(self.time.data or "")

    @property
    def spoken(self) -> str:
        """The language of the talk; the programme's first where none of its languages was sent."""
        known = services().programme.languages
        return self.language.data if self.language.data in known else known[0]

    def asked(self) -> Asked:
        """Return what the talk must fit."""
        whose = CounsellorId(self.counsellor.data) if self.counsellor.data else None
        return Asked(self.spoken, youth=bool(self.youth.data), door=Door.STAFF, counsellor=whose)

    def wish(self) -> Wish:
        """Return what was asked for, after the form was found good."""
        starts_at, rings = self.starts_at, self.way.data == Way.WE_RING
        if starts_at is None:
            raise ValidationError(gettext("Choose a time."))
        return Wish(
            starts_at=starts_at,
            way=Way(self.way.data or ""),
            group=Group(self.about.data or ""),
            language=self.spoken,
            youth=bool(self.youth.data),
            opening=self.opening_sentence if rings else 0,
            number=self._number() if rings else None,
            number_shown=rings and self.caller.data == SHOWN,
            try_again=rings and bool(self.again.data),
            ring_earlier=rings and bool(self.earlier.data),
        )

    @property
    def opening_sentence(self) -> int:
        """The number of the sentence that we begin with; the first, where another one than ours was sent."""
        choices = [str(sentence) for sentence in range(OPENING_SENTENCES)]
        return choices.index(self.opening.data) if self.opening.data in choices else 0

    def _number(self) -> str:
        programme = services().programme
        return read_number(self.number.data or "", countries=programme.countries, own=own_numbers(programme))


def time_value(moment: datetime) -> str:
    """Return how the form writes *moment*: the number of its five minutes, as the store counts them."""
    return str(int(moment.timestamp()) // ATOM_SECONDS)


def read_time(text: str) -> datetime | None:
    """Return the coming time that the form wrote as *text*, or None where it is none or lies beyond every horizon."""
    moment = now()
    if not (text.isascii() and text.isdecimal()) or len(text) > len(time_value(moment)):
        return None
    chosen = datetime.fromtimestamp(int(text) * ATOM_SECONDS, tz=UTC)
    return chosen if moment < chosen < moment + FURTHEST else None


def whom_to_choose() -> list[tuple[str, str]]:
    """Return with whom a talk can be, by id: anybody, or who takes talks."""
    with services().helpline.read() as reading:
        known = [(str(counsellor.id), counsellor.alias) for counsellor in active_counsellors(reading)]
    return [(ANYBODY, gettext("Anybody who is free")), *known]


def numbered_openings(language: str) -> list[tuple[str, str]]:
    """Return the sentences that a talk in *language* may begin with, by number."""
    return [(str(place), said) for place, said in enumerate(services().texts.openings(language))]


def _number_words() -> Mapping[NumberFault, str]:
    return {
        NumberFault.UNREADABLE: gettext("This number cannot be read. Perhaps a digit is missing."),
        NumberFault.OTHER_COUNTRY: gettext("We cannot ring numbers of this country. They can ring us."),
        NumberFault.NOT_RINGABLE: gettext("We cannot ring this kind of number, only mobile and ordinary ones."),
        NumberFault.OURS: gettext("This is our own number. Fill in theirs."),
    }
