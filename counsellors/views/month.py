"""A month in ten minutes: begin a draft, tick who is there, see how each half day is covered."""

from datetime import date, timedelta

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.month import DraftForm
from counsellors.month_table import lines, read_month, ticked
from counsellors.months import draft_or_none_yet, is_in_reach, month_at, month_path, words_of_a_change, written_month
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.rota_end import rota_ends_soon
from counsellors.services import services, today
from helpline.callbacks.month import Days, days_of, month_after, month_of
from helpline.callbacks.month_keeping import (
    Draft,
    DraftChangedError,
    begin_draft,
    drop_draft,
    read_draft,
    save_draft,
)
from helpline.staff.permissions import Permission
from helpline.web.office_guard import needs

blueprint = Blueprint("month", __name__)


@blueprint.get("/month")
@needs(Permission.KEEP_ALL_HOURS)
def coming() -> ResponseReturnValue:
    """Show next month."""
    return _page(month_after(today()), status=FIELDS_TO_FILL)


@blueprint.get("/month/<month>")
@needs(Permission.KEEP_ALL_HOURS)
def see(month: str) -> ResponseReturnValue:
    """Show a month, written as 2027-04: its draft, or the hours in force."""
    return _page(month_at(month), status=FIELDS_TO_FILL)


@blueprint.post("/month/<month>/begin")
@needs(Permission.KEEP_ALL_HOURS)
def begin(month: str) -> ResponseReturnValue:
    """Begin the draft; where a colleague has begun it, go on with hers."""
    found, start = month_at(month), DraftForm().beginning()
    if start is None:
        abort(404)
    with services().helpline.begin() as writing:
        is_new = begin_draft(writing, found, start=start, today=today())
    said = gettext("The draft is made. Nothing of it holds before you publish it.")
    taken = gettext("A colleague has begun this draft: go on with it.")
    return see_other(month_path(found), say=said if is_new else taken)


@blueprint.post("/month/<month>/save")
@needs(Permission.KEEP_ALL_HOURS)
def save(month: str) -> ResponseReturnValue:
    """Save what was ticked, unless somebody else saved first: then show where the two differ."""
    found, form = read_month(month_at(month)), DraftForm()
    draft = draft_or_none_yet(found.month)
    typed = ticked(found, names=request.form, days=draft.days)
    try:
        with services().helpline.begin() as writing:
            save_draft(writing, found.month, version=form.version_shown(), days=typed)
    except DraftChangedError:
        return _page(found.month, status=409, draft=draft, typed=typed, fault=words_of_a_change())
    if form.then.data == "preview":
        return see_other(url_for("publishing.see", month=month))
    return see_other(month_path(found.month), say=gettext("The draft is saved."))


@blueprint.post("/month/<month>/drop")
@needs(Permission.KEEP_ALL_HOURS)
def drop(month: str) -> ResponseReturnValue:
    """Throw the draft away, if it is the one that was shown."""
    found = month_at(month)
    try:
        with services().helpline.begin() as writing:
            drop_draft(writing, found, version=DraftForm().version_shown())
    except DraftChangedError:
        return _page(found, status=409, fault=gettext("A colleague changed the draft meanwhile: look at it first."))
    return see_other(month_path(found), say=gettext("The draft is thrown away. The hours in force stay."))


def _page(
    month: date, *, status: int, draft: Draft | None = None, typed: Days | None = None, fault: str | None = None
) -> Response:
    found = read_month(month)
    if draft is None:
        with services().helpline.read() as reading:
            draft = read_draft(reading, month)
    saved: Days = draft.days if draft else {}
    table = lines(found, days=saved if typed is None else typed, saved=saved)
    return show(
        "month/month.html",
        status=status,
        month=month,
        path=written_month(month),
        before=_link(month_of(month - timedelta(days=1))),
        after=_link(month_after(month)),
        draft=draft,
        staff=found.staff,
        lines=table,
        days=[day.isoformat() for day in days_of(month) if found.may_change(day)],
        ends=rota_ends_soon(),
        form=DraftForm(formdata=None),
        fault=fault,
    )


def _link(month: date) -> str | None:
    """Return how an address writes *month*, if it has a page."""
    return written_month(month) if is_in_reach(month) else None
