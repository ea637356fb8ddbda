"""Wishes and swaps: one counsellor offers a half day, another takes it; both see it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.shifts import HALVES, KINDS, OfferForm, WishForm, read_half_day, written_half_day
from counsellors.rendering import FIELDS_TO_FILL, see_other, show
from counsellors.services import now, services, today
from counsellors.talks import standing_by_day
from helpline.callbacks.due import DueTalk
from helpline.callbacks.month_reading import Wishes, wishes
from helpline.callbacks.rota_keeping import UnknownRotaRowError, active_counsellors
from helpline.callbacks.shifts import (
    AwayThenError,
    HalfDay,
    NothingToOfferError,
    Offer,
    OfferGoneError,
    half_days,
    offer,
    offers,
    take,
    take_wish_back,
    wish,
    withdraw,
)
from helpline.callbacks.spans import hold
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act, StaffId
from helpline.web.office_guard import needs, present

OFFERED_AHEAD = timedelta(weeks=8)

blueprint = Blueprint("shifts", __name__)


@blueprint.get("/shifts")
@needs(Permission.KEEP_OWN_HOURS)
def see() -> ResponseReturnValue:
    """Show what is offered, one's own half days, and one's wishes."""
    return _page(status=FIELDS_TO_FILL)


@blueprint.post("/shifts/offers")
@needs(Permission.KEEP_OWN_HOURS)
def give() -> ResponseReturnValue:
    """Offer a half day of one's own."""
    whose, form = _me(), OfferForm()
    chosen = form.chosen()
    if chosen is None:
        return _page(status=422, offer_form=form)
    day, half = chosen
    try:
        with services().helpline.begin() as writing:
            offer(writing, whose, day=day, half=half, today=today())
    except NothingToOfferError:
        form.half_day.errors = [gettext("Choose one of your half days.")]
        return _page(status=422, offer_form=form)
    return see_other(_path(), say=gettext("It is offered. Until a colleague takes it, it stays yours."))


@blueprint.post("/shifts/offers/<offer_id>/take")
@needs(Permission.KEEP_OWN_HOURS)
def accept(offer_id: str) -> ResponseReturnValue:
    """Take a half day that a colleague offers; it holds at once."""
    whose, zone = _me(), services().programme.zone
    try:
        taken = services().helpline.transact(
            lambda writing: take(writing, offer_id, taker=whose, today=today(), zone=zone)
        )
    except OfferGoneError:
        return _page(status=409, fault=gettext("This half day is no longer offered."))
    except AwayThenError:
        return _page(status=409, fault=gettext("You are away then: take your absence back first."))
    _note(taken.counsellor_id, whose)
    return see_other(_path(), say=gettext("The half day is yours now. Talks that stand, stay with your colleague."))


@blueprint.post("/shifts/offers/<offer_id>/withdraw")
@needs(Permission.KEEP_OWN_HOURS)
def keep(offer_id: str) -> ResponseReturnValue:
    """Take an offer back, unless a colleague was faster."""
    whose = _me()
    try:
        with services().helpline.begin() as writing:
            withdraw(writing, offer_id, counsellor_id=whose)
    except OfferGoneError:
        return _page(status=409, fault=gettext("A colleague was faster, or it is no longer offered."))
    return see_other(_path(), say=gettext("It is no longer offered."))


@blueprint.post("/shifts/wishes")
@needs(Permission.KEEP_OWN_HOURS)
def ask() -> ResponseReturnValue:
    """Note a wish; the coordinator sees it beside the month."""
    whose, form = _me(), WishForm()
    wished = form.wish() if form.validate() else None
    if wished is None:
        return _page(status=422, wish_form=form)
    day, halves, kind = wished
    with services().helpline.begin() as writing:
        wish(writing, whose, day=day, halves=halves, kind=kind)
    return see_other(_path(), say=gettext("The wish is noted. The coordinator sees it when making the month."))


@blueprint.post("/shifts/wishes/<half_day>/remove")
@needs(Permission.KEEP_OWN_HOURS)
def ask_no_more(half_day: str) -> ResponseReturnValue:
    """Take a wish back."""
    whose, found = _me(), read_half_day(half_day)
    if found is None:
        abort(404)
    day, half = found
    try:
        with services().helpline.begin() as writing:
            take_wish_back(writing, whose, day=day, half=half)
    except UnknownRotaRowError:
        abort(404)
    return see_other(_path(), say=gettext("The wish is taken back."))


def _me() -> CounsellorId:
    """Return who is signed in, if she takes talks; for anybody else there is nothing to swap."""
    whose = CounsellorId(present().staff_id)
    with services().helpline.read() as reading:
        if whose not in {counsellor.id for counsellor in active_counsellors(reading)}:
            abort(404)
    return whose


def _note(*changed: CounsellorId) -> None:
    """Write down whose hours changed."""
    found = services()
    with found.office.begin() as writing:
        for whose in changed:
            deed = Deed(present().staff_id, Act.HOURS_CHANGED, about=StaffId(whose))
            append(writing, deed, now=now(), zone=found.programme.zone)


def _path() -> str:
    return url_for("shifts.see")


def _page(
    *, status: int, offer_form: OfferForm | None = None, wish_form: WishForm | None = None, fault: str | None = None
) -> Response:
    whose = CounsellorId(present().staff_id)
    with services().helpline.read() as reading:
        staff = {counsellor.id: counsellor for counsellor in active_counsellors(reading)}
        found = offers(reading, today=today())
        mine = half_days(reading, whose, first=today(), last=today() + OFFERED_AHEAD)
        wished = wishes(reading, first=today(), last=date.max)
    talks = standing_by_day()
    return show(
        "shifts/shifts.html",
        status=status,
        whose=whose,
        is_on_rota=whose in staff,
        offers=[(it, _names(it, staff=staff), _standing(it, talks=talks)) for it in found],
        half_days=[(written_half_day(it.day, half=it.half), it) for it in mine if not _is_offered(it, offers=found)],
        wishes=_hers(wished, whose=whose),
        halves=HALVES,
        kinds=KINDS,
        offer_form=offer_form or OfferForm(formdata=None),
        wish_form=wish_form or WishForm(formdata=None),
        fault=fault,
    )


def _names(found: Offer, *, staff: dict[CounsellorId, Counsellor]) -> tuple[str, str]:
    """Return the aliases of who offers and of who took it, "" for nobody."""
    giver, taker = staff.get(found.half_day.counsellor_id), staff.get(found.taken_by) if found.taken_by else None
    return giver.alias if giver else "", taker.alias if taker else ""


def _standing(found: Offer, *, talks: Mapping[date, list[DueTalk]]) -> list[DueTalk]:
    """Return the talks that stand with who offers it: in that half day, and once it is taken, outside her hours."""
    zone, is_taken = services().programme.zone, found.taken_by is not None
    spans = found.left if is_taken else found.half_day.spans
    return [
        talk
        for talk in talks.get(found.half_day.day, [])
        if talk.counsellor_id == found.half_day.counsellor_id
        and hold(spans, (talk.starts_at, talk.ends_at), zone=zone) is not is_taken
    ]


def _is_offered(half_day: HalfDay, *, offers: Iterable[Offer]) -> bool:
    return any(
        (it.half_day.counsellor_id, it.half_day.day, it.half_day.half, it.taken_by)
        == (half_day.counsellor_id, half_day.day, half_day.half, None)
        for it in offers
    )


def _hers(wished: Wishes, *, whose: CounsellorId) -> list[tuple[str, date, str, str]]:
    """Return her wishes in order: the name of the half day, its day, which half, what she wishes."""
    return [
        (written_half_day(day, half=half), day, half, kind)
        for (counsellor, day, half), kind in sorted(
            wished.items(), key=lambda item: (item[0][1], item[0][2] != "morning")
        )
        if counsellor == whose
    ]
