"""The last step of a month: what changes for whom, then publish exactly that."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.forms.month import DraftForm
from counsellors.month_table import lines, read_month
from counsellors.months import draft_at, month_at, month_path, written_month
from counsellors.rendering import see_other, show
from counsellors.services import now, services, today
from counsellors.talks import standing_by_day
from helpline.callbacks.due import DueTalk
from helpline.callbacks.month_keeping import Change, DraftChangedError, changes, fingerprint, publish
from helpline.callbacks.spans import hold
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act, StaffId
from helpline.web.office_guard import needs, present

blueprint = Blueprint("publishing", __name__)


@blueprint.get("/month/<month>/preview")
@needs(Permission.KEEP_ALL_HOURS)
def see(month: str) -> ResponseReturnValue:
    """Show what the draft changes, for whom, and which talks stand outside the new hours."""
    return _page(month_at(month), status=200)


@blueprint.post("/month/<month>/publish")
@needs(Permission.KEEP_ALL_HOURS)
def put_out(month: str) -> ResponseReturnValue:
    """Let the draft hold, if it changes what was shown and nothing else."""
    found, form = month_at(month), DraftForm()
    version, shown = form.version_shown(), form.shown.data or ""
    try:
        changed = services().helpline.transact(
            lambda writing: publish(writing, found, version=version, shown=shown, today=today())
        )
    except DraftChangedError:
        return _page(found, status=409, fault=gettext("Something changed meanwhile: look again, then publish."))
    _note(changed)
    count = len(changed)
    said = ngettext("The month is published: one day changed.", "The month is published: %(num)d days changed.", count)
    return see_other(month_path(found), say=said)


def _note(changed: Iterable[Change]) -> None:
    """Write down who changed whose hours."""
    found = services()
    with found.office.begin() as writing:
        for whose in sorted({StaffId(change.counsellor_id) for change in changed}):
            deed = Deed(present().staff_id, Act.HOURS_CHANGED, about=whose)
            append(writing, deed, now=now(), zone=found.programme.zone)


def _page(month: date, *, status: int, fault: str | None = None) -> Response:
    draft, found = draft_at(month), read_month(month)
    with services().helpline.read() as reading:
        changed = changes(reading, month, days=draft.days, today=today())
    talks = standing_by_day()
    by_whom = defaultdict[str, list[tuple[Change, list[DueTalk]]]](list)
    for change in changed:
        by_whom[change.counsellor_id].append((change, _outside(change, talks=talks.get(change.day, []))))
    return show(
        "month/preview.html",
        status=status,
        month=month,
        path=written_month(month),
        draft=draft,
        changed=[(it, by_whom[it.id]) for it in found.staff if it.id in by_whom],
        shown=fingerprint(changed),
        lines=lines(found, days=draft.days),
        fault=fault,
    )


def _outside(change: Change, *, talks: Iterable[DueTalk]) -> list[DueTalk]:
    """Return those of *talks* that are hers and lie outside her new hours."""
    zone = services().programme.zone
    return [
        talk
        for talk in talks
        if talk.counsellor_id == change.counsellor_id
        and not hold(change.after, (talk.starts_at, talk.ends_at), zone=zone)
    ]
