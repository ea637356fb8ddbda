"""What somebody sent too late, in the words of the page that it was sent from."""

from collections.abc import Callable, Mapping

from flask import current_app
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, Field, HiddenField

from counsellors.forms.account import LanguageForm, PassphraseForm
from counsellors.forms.hours import WEEKDAYS, AbsenceForm, EmptyForm, HoursForm
from counsellors.forms.staff import ROLES, MemberForm
from counsellors.forms.talk import OpenForm, OutcomeForm, words_of_outcome
from counsellors.rendering import tongues, weekday_words
from helpline.web.office_kept import KeptForm

DEEDS: Mapping[str, tuple[str, type[FlaskForm]]] = {
    "account.choose_language": (lazy_gettext("Language of these pages"), LanguageForm),
    "account.draw": (lazy_gettext("Draw a new passphrase"), PassphraseForm),
    "free_now.say": (lazy_gettext("I am free to talk now"), EmptyForm),
    "free_now.stop": (lazy_gettext("Switch it off"), EmptyForm),
    "hours.add": (lazy_gettext("Add hours"), HoursForm),
    "hours.end": (lazy_gettext("End weekly hours"), EmptyForm),
    "hours.go_away": (lazy_gettext("Add an absence"), AbsenceForm),
    "hours.come_back": (lazy_gettext("Take an absence back"), EmptyForm),
    "roster.sign": (lazy_gettext("Sign the roster"), PassphraseForm),
    "staff.add": (lazy_gettext("Add somebody"), MemberForm),
    "staff.leave": (lazy_gettext("End an account"), PassphraseForm),
    "talk.open_it": (lazy_gettext("Open a talk"), OpenForm),
    "talk.close": (lazy_gettext("Call over"), OutcomeForm),
    "talk.hold": (lazy_gettext("Emergency running"), OutcomeForm),
}
"""What each form does, by its route."""

VALUES: Mapping[str, Callable[[str], str | None]] = {
    "weekday": lambda value: weekday_words(int(value)) if value in WEEKDAYS else None,
    "role": lambda value: next((str(words) for role, words in ROLES if role == value), None),
    "language": lambda value: dict(tongues()).get(value),
    "spoken": lambda value: dict(tongues()).get(value),
    "outcome": words_of_outcome,
}
"""How the value of a field is said, where the page says it in other words than the form sends."""


def kept_in_words(kept: KeptForm) -> list[tuple[str, str]]:
    """Return what *kept* does and what was filled in, as pairs of words; the path where the form is none of these."""
    found = DEEDS.get(_endpoint(kept.path))
    if found is None:
        return [(gettext("Page"), kept.path)]
    deed, form = found[0], found[1](formdata=None)
    said = [
        (str(field.label.text), _value(field, value))
        for field in form
        for name, value in kept.fields
        if name == field.name and value and not isinstance(field, HiddenField)
    ]
    return [(gettext("What"), str(deed)), *said]


def _value(field: Field, value: str) -> str:
    if isinstance(field, BooleanField):
        return gettext("yes")
    return (VALUES[field.name](value) if field.name in VALUES else None) or value


def _endpoint(path: str) -> str:
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return ""
    return str(endpoint)
