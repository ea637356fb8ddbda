"""What somebody sent too late, in the words of the page that it was sent from."""

from collections.abc import Callable, Mapping

from flask import current_app
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, Field, HiddenField

from counsellors.forms.account import LanguageForm, PassphraseForm
from counsellors.forms.block import LENGTHS, REASONS, BlockForm, ReasonForm
from counsellors.forms.book import CALLERS, GROUPS, WAYS, BookForm, numbered_openings, read_time, whom_to_choose
from counsellors.forms.days import ClosureForm, ExceptionForm, HolidaysForm
from counsellors.forms.door import HourForm, WordForm
from counsellors.forms.follow_up import CodeForm
from counsellors.forms.handing import CHOICE, UNTIL, AwayForm, HandOverForm, words_of_choice
from counsellors.forms.hours import WEEKDAYS, AbsenceForm, EmptyForm, HoursForm
from counsellors.forms.month import STARTS, DraftForm
from counsellors.forms.shifts import HALVES, KINDS, OfferForm, WishForm
from counsellors.forms.staff import ROLES, MemberForm
from counsellors.forms.talk import AttemptForm, OpenForm, OutcomeForm, words_of_outcome
from counsellors.rendering import language, moment_words, tongues, weekday_words
from helpline.web.office_kept import KeptForm

DEEDS: Mapping[str, tuple[str, type[FlaskForm]]] = {
    "account.choose_language": (lazy_gettext("Language of these pages"), LanguageForm),
    "account.draw": (lazy_gettext("Draw a new passphrase"), PassphraseForm),
    "book.book": (lazy_gettext("Book a talk"), BookForm),
    "follow_up.give": (lazy_gettext("Show a new code"), CodeForm),
    "door.hold": (lazy_gettext("Pause booking"), EmptyForm),
    "door.resume": (lazy_gettext("Let visitors book again"), EmptyForm),
    "door.ask_word": (lazy_gettext("Ask for the door word"), WordForm),
    "door.drop_word": (lazy_gettext("Ask for no word any more"), EmptyForm),
    "door.shut_far": (lazy_gettext("Shut the far door"), EmptyForm),
    "door.open_far": (lazy_gettext("Open the far door"), EmptyForm),
    "door.ask_release": (lazy_gettext("See what a release would cancel"), HourForm),
    "door.release": (lazy_gettext("Release the talks of an hour"), HourForm),
    "handing.begin": (lazy_gettext("Take no talks from now on"), AwayForm),
    "handing.hand_over_absent": (lazy_gettext("Hand over"), HandOverForm),
    "handing.hand_over_all": (lazy_gettext("Hand over"), HandOverForm),
    "handing.hand_over_one": (lazy_gettext("Hand over"), HandOverForm),
    "feed.switch_on": (lazy_gettext("Address of a calendar"), EmptyForm),
    "feed.switch_off": (lazy_gettext("Switch off a calendar"), EmptyForm),
    "free_now.say": (lazy_gettext("I am free to talk now"), EmptyForm),
    "free_now.stop": (lazy_gettext("Switch it off"), EmptyForm),
    "late.say": (lazy_gettext("We are running late"), AttemptForm),
    "late.take_back": (lazy_gettext("We are on time after all"), AttemptForm),
    "hours.add": (lazy_gettext("Add hours"), HoursForm),
    "hours.end": (lazy_gettext("End weekly hours"), EmptyForm),
    "hours.go_away": (lazy_gettext("Add an absence"), AbsenceForm),
    "diary.block": (lazy_gettext("Block time of mine"), BlockForm),
    "diary.lift": (lazy_gettext("Open blocked time again"), ReasonForm),
    "hours.come_back": (lazy_gettext("Take an absence back"), EmptyForm),
    "hours.differ": (lazy_gettext("Change one day"), ExceptionForm),
    "hours.restore": (lazy_gettext("Back to the weekly hours"), EmptyForm),
    "closures.close": (lazy_gettext("Close on these days"), ClosureForm),
    "closures.close_on_holidays": (lazy_gettext("Close on these"), HolidaysForm),
    "closures.reopen": (lazy_gettext("Take a closure back"), EmptyForm),
    "month.begin": (lazy_gettext("Begin a month"), DraftForm),
    "month.save": (lazy_gettext("Save the draft of a month"), EmptyForm),
    "month.drop": (lazy_gettext("Throw the draft away"), EmptyForm),
    "month_day.save": (lazy_gettext("Save the hours of a day"), EmptyForm),
    "publishing.put_out": (lazy_gettext("Publish the month"), EmptyForm),
    "roster.sign": (lazy_gettext("Sign the roster"), PassphraseForm),
    "shifts.give": (lazy_gettext("Offer a half day"), OfferForm),
    "shifts.accept": (lazy_gettext("Take a half day"), EmptyForm),
    "shifts.keep": (lazy_gettext("Keep a half day"), EmptyForm),
    "shifts.ask": (lazy_gettext("Note a wish"), WishForm),
    "shifts.ask_no_more": (lazy_gettext("Take a wish back"), EmptyForm),
    "staff.add": (lazy_gettext("Add somebody"), MemberForm),
    "staff.leave": (lazy_gettext("End an account"), PassphraseForm),
    "talk.open_it": (lazy_gettext("Open a talk"), OpenForm),
    "talk.close": (lazy_gettext("Call over"), OutcomeForm),
    "talk.try_again": (lazy_gettext("Nobody answered: we try once more"), AttemptForm),
    "talk.hold": (lazy_gettext("Emergency running"), OutcomeForm),
}
"""What each form does, by its route."""

VALUES: Mapping[str, Callable[[str], str | None]] = {
    "weekday": lambda value: weekday_words(int(value)) if value in WEEKDAYS else None,
    "start": lambda value: next((str(words) for start, words in STARTS if start == value), None),
    "half": lambda value: next((str(words) for half, words in HALVES if half == value), None),
    "kind": lambda value: next((str(words) for kind, words in KINDS if kind == value), None),
    "role": lambda value: next((str(words) for role, words in ROLES if role == value), None),
    "language": lambda value: dict(tongues()).get(value),
    "spoken": lambda value: dict(tongues()).get(value),
    "outcome": words_of_outcome,
    "until": lambda value: dict(UNTIL).get(value),
    "length": lambda value: next((str(words) for length, words in LENGTHS if length == value), None),
    "way": lambda value: next((str(words) for way, words in WAYS if way == value), None),
    "caller": lambda value: next((str(words) for caller, words in CALLERS if caller == value), None),
    "about": lambda value: next((str(words) for group, words in GROUPS if group == value), None),
    "opening": lambda value: dict(numbered_openings(language())).get(value),
    "counsellor": lambda value: dict(whom_to_choose()).get(value),
    "time": lambda value: moment_words(found) if (found := read_time(value)) else None,
    "reason": lambda value: next((str(words) for act, words in REASONS if act == value), None),
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
    said += [(gettext("A talk"), words_of_choice(value)) for name, value in kept.fields if name.startswith(CHOICE)]
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
