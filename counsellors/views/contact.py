"""The record of a talk that is over: what kind of talk it was, counted once and kept nowhere."""

from collections.abc import Iterable

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.contact import BOOKED, FREE_NOW, ContactForm, contact_form, words_of_channel
from counsellors.forms.once import draw_once, is_first
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.services import now, services
from counsellors.talks import find_held_talk
from counsellors.views.follow_up import may_follow
from helpline.callbacks.contact import mark_recorded
from helpline.callbacks.due import DueTalk
from helpline.staff.permissions import Permission
from helpline.usage.codebook import CountedCell
from helpline.web.office_guard import needs

blueprint = Blueprint("contact", __name__)


@blueprint.get("/contact")
@needs(Permission.TAKE_TALKS)
def choose() -> ResponseReturnValue:
    """Ask what kind of talk it was that nobody had booked."""
    return _page(contact_form(is_sent=False), status=FIELDS_TO_FILL)


@blueprint.get("/contact/free-now")
@needs(Permission.TAKE_TALKS)
def of_free_now() -> ResponseReturnValue:
    """Ask the same of who rang because we said that we were free."""
    return _page(contact_form(is_sent=False, channel=FREE_NOW), status=FIELDS_TO_FILL)


@blueprint.post("/contact")
@needs(Permission.TAKE_TALKS)
def count() -> ResponseReturnValue:
    """Count a talk that nobody had booked; the same form again counts nothing."""
    form = contact_form(is_sent=True)
    token, cells = form.token(), form.cells()
    if token is None:
        form.once.data = draw_once()
        return _page(form, status=422, fault=gettext("This page had been open for too long. Please press once more."))
    if cells is None:
        return _page(form, status=422)
    return _counted(cells, is_new=is_first(token))


@blueprint.get("/talk/<booking_id>/contact")
@needs(Permission.TAKE_TALKS)
def of_talk(booking_id: str) -> ResponseReturnValue:
    """Ask what kind of talk it was that had been booked and was held."""
    return _page(contact_form(is_sent=False), talk=_talk(booking_id), status=FIELDS_TO_FILL)


@blueprint.post("/talk/<booking_id>/contact")
@needs(Permission.TAKE_TALKS)
def count_talk(booking_id: str) -> ResponseReturnValue:
    """Count a talk that had been booked: once, however many forms of it are sent, and by whom."""
    talk, form, moment = _talk(booking_id), contact_form(is_sent=True), now()
    if talk.recorded:
        return _counted((), is_new=False)
    cells = form.cells(known=BOOKED)
    if cells is None:
        return _page(form, talk=talk, status=422)
    is_new = services().helpline.transact(lambda session: mark_recorded(session, talk.booking_id, now=moment))
    return _counted(cells, is_new=is_new)


def _counted(cells: Iterable[CountedCell], *, is_new: bool) -> Response:
    """Count, now that what forbids to count again is on disk: a crash between the two loses a record, doubles none."""
    if not is_new:
        return see_other(url_for("day.home"), say=gettext("This talk was counted before. Nothing was counted twice."))
    services().count(*cells)
    return see_other(url_for("day.home"), say=gettext("Counted, and kept nowhere else. Thank you."))


def _talk(booking_id: str) -> DueTalk:
    talk = find_held_talk(booking_id)
    if talk is None:
        abort(404)
    return talk


def _page(form: ContactForm, *, status: int, talk: DueTalk | None = None, fault: str | None = None) -> Response:
    if talk is not None and talk.recorded:
        return show("contact/counted.html", talk=talk)
    known = None if talk is None else BOOKED
    form.once.data = form.once.data or draw_once()
    return show(
        "contact/record.html",
        status=status,
        form=form,
        fields_to_fill=list(form.fields(known=known)),
        talk=talk,
        channel=known and words_of_channel(known),
        left=may_follow(talk) if talk is not None else 0,
        fault=fault,
    )
