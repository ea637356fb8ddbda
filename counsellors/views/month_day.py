"""The exact hours of one day in a month's draft."""

from datetime import date

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from counsellors.forms.days import spans_in
from counsellors.forms.month import DraftForm, hours_field, hours_form
from counsellors.month_table import Month, lines, read_month
from counsellors.months import draft_at, draft_or_none_yet, month_at, month_path, words_of_a_change, written_month
from counsellors.rendering import FIELDS_TO_FILL, minute_words, see_other, show
from counsellors.services import services
from helpline.callbacks.month import Days, Shift, days_of
from helpline.callbacks.month_keeping import Draft, DraftChangedError, save_draft
from helpline.callbacks.spans import Spans, joined
from helpline.staff.permissions import Permission
from helpline.web.office_guard import needs

blueprint = Blueprint("month_day", __name__)


@blueprint.get("/month/<month>/day/<day>")
@needs(Permission.KEEP_ALL_HOURS)
def see(month: str, day: str) -> ResponseReturnValue:
    """Show everybody's hours of a day in the draft."""
    found, which = _day(month, day)
    draft = draft_at(found.month)
    said = {hours_field(it): _said(found.spans((it.id, which), days=draft.days)) for it in found.staff}
    form = hours_form(found.staff)(formdata=None, data=said)
    return _page(found, which, draft=draft, form=form, status=FIELDS_TO_FILL)


@blueprint.post("/month/<month>/day/<day>")
@needs(Permission.KEEP_ALL_HOURS)
def save(month: str, day: str) -> ResponseReturnValue:
    """Save the hours of a day, unless somebody else saved first: then keep what was typed, beside what is saved."""
    found, which = _day(month, day)
    form, draft = hours_form(found.staff)(), draft_or_none_yet(found.month)
    typed = _typed(found, which, form=form, days=draft.days)
    if typed is None:
        return _page(found, which, draft=draft, form=form, status=422)
    try:
        with services().helpline.begin() as writing:
            save_draft(writing, found.month, version=DraftForm().version_shown(), days=typed)
    except DraftChangedError:
        return _page(found, which, draft=draft, form=form, status=409, fault=words_of_a_change())
    return see_other(month_path(found.month), say=gettext("The draft is saved."))


def _day(month: str, day: str) -> tuple[Month, date]:
    """Return the month and the day of an address; a day that a draft cannot change is not here."""
    found = read_month(month_at(month))
    which = next((it for it in days_of(found.month) if it.isoformat() == day), None)
    if which is None or not found.may_change(which):
        abort(404)
    return found, which


def _said(spans: Spans) -> str:
    """Return *spans* as the form takes them."""
    return ", ".join(f"{minute_words(starts)}-{minute_words(ends)}" for starts, ends in spans)


def _typed(found: Month, day: date, *, form: FlaskForm, days: Days) -> dict[Shift, Spans] | None:
    """Return the draft with the hours that were typed, or None with what is wrong at its field."""
    result, is_whole = dict(days), True
    for counsellor in found.staff:
        field = form[hours_field(counsellor)]
        # Somebody who joined since the page was shown has no field in it.
        spans = spans_in(field) if field.raw_data else found.spans((counsellor.id, day), days=days)
        if spans is None:
            is_whole = False
        else:
            result[counsellor.id, day] = joined(spans)
    return {shift: it for shift, it in result.items() if it != found.hours.planned(*shift)} if is_whole else None


def _page(found: Month, day: date, *, draft: Draft, form: FlaskForm, status: int, fault: str | None = None) -> Response:
    return show(
        "month/day.html",
        status=status,
        path=written_month(found.month),
        day=day,
        draft=draft,
        form=form,
        filled=[(form[hours_field(it)], _said(found.spans((it.id, day), days=draft.days))) for it in found.staff],
        lines=[line for line in lines(found, days=draft.days) if line.day == day],
        fault=fault,
    )
