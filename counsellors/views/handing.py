"""Ill today, and every other reason to hand talks over: one screen, for one talk, a time, or all of somebody's."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from counsellors.forms.handing import CHOICES, THE_DAY, THE_SHIFT, UNTIL, AwayForm, HandOverForm
from counsellors.handing import Report, carry_out, rows_of
from counsellors.rendering import FIELDS_TO_FILL, clock_words, moment_words, see_other, show
from counsellors.services import now, services, today
from counsellors.talks import talks_in_sight, talks_of
from counsellors.unlocking import PassphraseNeededError, keys_in_hand
from helpline.callbacks.being_away import go_away, rest_of_shift, talks_of_the_absent
from helpline.callbacks.due import DueTalk
from helpline.callbacks.queue import Opener
from helpline.callbacks.rota_keeping import AbsenceTooLongError, absences, active_counsellors
from helpline.callbacks.tables import CounsellorId, TalkState
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission, may
from helpline.staff.sessions import end_call
from helpline.staff.tables import Act, StaffId
from helpline.store.types import random_id
from helpline.web.office_guard import needs, present

blueprint = Blueprint("handing", __name__)


@dataclass(frozen=True, slots=True)
class Screen:
    """Which talks, of whom; *among* says to whom they may go (None: anybody), *whose* is set where she may go away."""

    heading: str
    action: str
    talks: Sequence[DueTalk]
    back: str
    among: Collection[str] | None = None
    whose: CounsellorId | None = None


@blueprint.get("/away")
@needs(Permission.KEEP_OWN_HOURS)
def own() -> ResponseReturnValue:
    """Lead to one's own screen; whoever takes no talks herself gets that of the first who does."""
    found, mine = _counsellors(), CounsellorId(present().staff_id)
    if mine not in found and not (found and _keeps_all()):
        abort(404)
    return see_other(_away_path(mine if mine in found else next(iter(found))))


@blueprint.get("/away/<counsellor_id>")
@needs(Permission.KEEP_OWN_HOURS)
def see(counsellor_id: str) -> ResponseReturnValue:
    """Show until when somebody can be away, and the talks that stand in her absences."""
    return _show(_absent(counsellor_id), status=FIELDS_TO_FILL)


@blueprint.post("/away/<counsellor_id>")
@needs(Permission.KEEP_OWN_HOURS)
def begin(counsellor_id: str) -> ResponseReturnValue:
    """Make the absence at once, whatever stands in it; then show what stands."""
    screen, form = _absent(counsellor_id), AwayForm()
    whose, found = CounsellorId(counsellor_id), services()
    with found.helpline.read() as reading:
        shift_end = rest_of_shift(reading, whose, zone=found.programme.zone, now=now())
    until = form.moment(shift_end=shift_end)
    if until is None:
        return _show(screen, status=422, away_form=form)
    try:
        found.helpline.transact(lambda writing: go_away(writing, whose, until=until, now=now()))
    except AbsenceTooLongError:
        form.last_day.errors = [gettext("At most a year.")]
        return _show(screen, status=422, away_form=form)
    with found.office.begin() as writing:
        deed = Deed(present().staff_id, Act.HOURS_CHANGED, about=StaffId(whose))
        append(writing, deed, now=now(), zone=found.programme.zone)
    return see_other(_away_path(whose), say=gettext("The absence has begun: no new talk can be booked in it."))


@blueprint.post("/away/<counsellor_id>/hand-over")
@needs(Permission.KEEP_OWN_HOURS)
def hand_over_absent(counsellor_id: str) -> ResponseReturnValue:
    """Hand over the talks that stand in somebody's absences."""
    return _carried_out(lambda: _absent(counsellor_id))


@blueprint.get("/hand-over/<counsellor_id>")
@needs(Permission.KEEP_ALL_HOURS)
def see_all(counsellor_id: str) -> ResponseReturnValue:
    """Show every talk of somebody that is still to come: she leaves, or has left."""
    return _show(_everything(counsellor_id), status=FIELDS_TO_FILL)


@blueprint.post("/hand-over/<counsellor_id>")
@needs(Permission.KEEP_ALL_HOURS)
def hand_over_all(counsellor_id: str) -> ResponseReturnValue:
    """Hand over every talk of somebody."""
    return _carried_out(lambda: _everything(counsellor_id))


@blueprint.get("/talk/<booking_id>/hand-over")
@needs(Permission.TAKE_TALKS)
def see_one(booking_id: str) -> ResponseReturnValue:
    """Show who could take one talk; whoever stands in may take one that is adrift."""
    return _show(_one(booking_id) or abort(404), status=FIELDS_TO_FILL)


@blueprint.post("/talk/<booking_id>/hand-over")
@needs(Permission.TAKE_TALKS)
def hand_over_one(booking_id: str) -> ResponseReturnValue:
    """Hand one talk over, or take it."""
    return _carried_out(lambda: _one(booking_id) or _none_left(booking_id))


def _carried_out(find: Callable[[], Screen]) -> Response:
    screen, form = find(), HandOverForm()
    if not screen.talks:
        return _show(screen, status=409, report=Report(gone=max(1, len(form.sent()))))
    try:
        private = keys_in_hand(form.passphrase.data)
    except PassphraseNeededError as needed:
        return _show(screen, status=needed.status, form=form, fault=needed.why)
    opener = Opener(present().staff_id, private.opening or b"")
    report = carry_out(screen.talks, form, opener=opener, among=screen.among)
    if present().open_call in {talk.booking_id for talk, _ in report.done}:
        with services().office.begin() as writing:
            end_call(writing, present(), now=now())
    if report.faults or report.gone:
        screen = find()
        report.miss(screen.talks)
        return _show(screen, status=report.status, form=form, report=report)
    return see_other(screen.back, say=_said(report))


def _said(report: Report) -> str:
    """Return what came of a press, by colleague: who has which talks now."""
    names = dict.fromkeys(alias for _, alias in report.done)
    times = {name: [moment_words(talk.starts_at) for talk, alias in report.done if alias == name] for name in names}
    said = [gettext("Now with %(who)s: %(when)s.", who=name, when="; ".join(times[name])) for name in names]
    if report.cancelled:
        count = len(report.cancelled)
        said.append(
            ngettext(
                "%(num)d talk is cancelled: its code says so.",
                "%(num)d talks are cancelled: their codes say so.",
                count,
            )
        )
    return " ".join(said) or gettext("Nothing was changed.")


def _absent(counsellor_id: str) -> Screen:
    whose, found = CounsellorId(counsellor_id), _counsellors()
    if whose not in found or not (counsellor_id == present().staff_id or _keeps_all()):
        abort(404)
    with services().helpline.read() as reading:
        away = talks_of_the_absent(reading, now=now())
    return Screen(
        heading=gettext("Ill today: %(name)s", name=found[whose]),
        action=url_for("handing.hand_over_absent", counsellor_id=whose),
        talks=[talk for talk in _standing() if talk.counsellor_id == whose and talk.booking_id in away],
        back=_away_path(whose),
        whose=whose,
    )


def _everything(counsellor_id: str) -> Screen:
    talks = [talk for talk in _standing() if talk.counsellor_id == counsellor_id]
    names = _counsellors() | {talk.counsellor_id: talk.alias for talk in talks}
    whose = CounsellorId(counsellor_id)
    if whose not in names:
        abort(404)
    path = url_for("handing.see_all", counsellor_id=whose)
    heading = gettext("All coming talks of %(name)s", name=names[whose])
    return Screen(heading=heading, action=path, talks=talks, back=path)


def _one(booking_id: str) -> Screen | None:
    """Return the screen of a talk that who is signed in may hand over, or take because it is adrift, or None."""
    talk = next((it for it in _standing() if it.booking_id == booking_id), None)
    if talk is None:
        return None
    with services().helpline.read() as reading:
        is_adrift = talk.has_left or talk.booking_id in talks_of_the_absent(reading, now=now())
    may_give = talk.is_mine or _keeps_all()
    if not (may_give or (is_adrift and talk.has_envelope)):
        return None
    time = clock_words(talk.starts_at)
    give, take = gettext("Hand over the talk at %(time)s", time=time), gettext("Take the talk at %(time)s", time=time)
    return Screen(
        heading=give if may_give else take,
        action=url_for("handing.see_one", booking_id=booking_id),
        talks=[talk],
        back=url_for("day.home"),
        among=None if may_give else [present().staff_id],
    )


def _none_left(booking_id: str) -> Screen:
    """Return the screen of a talk that cannot be handed over any more."""
    path = url_for("handing.see_one", booking_id=booking_id)
    return Screen(heading=gettext("Hand over"), action=path, talks=(), back=url_for("day.home"))


def _standing() -> list[DueTalk]:
    """Return the talks of everybody that can be handed over: booked, and not over."""
    return [talk for talk in talks_in_sight() if talk.state is TalkState.BOOKED and talk.ends_at > now()]


def _counsellors() -> dict[CounsellorId, str]:
    with services().helpline.read() as reading:
        return {it.id: it.alias for it in active_counsellors(reading)}


def _keeps_all() -> bool:
    return may(present().role, Permission.KEEP_ALL_HOURS)


def _away_path(whose: CounsellorId) -> str:
    return url_for("handing.see", counsellor_id=whose)


def _show(
    screen: Screen,
    *,
    status: int,
    form: HandOverForm | None = None,
    report: Report | None = None,
    away_form: AwayForm | None = None,
    fault: str | None = None,
) -> Response:
    found, report = services(), report or Report()
    with found.helpline.read() as reading:
        away = absences(reading, screen.whose, now=now()) if screen.whose else []
        shift_end = rest_of_shift(reading, screen.whose, zone=found.programme.zone, now=now()) if screen.whose else None
    others = _counsellors() if screen.whose and _keeps_all() else {}
    return show(
        "handing/handing.html",
        status=status,
        screen=screen,
        rows=rows_of(screen.talks, among=screen.among, form=form, faults=report.faults),
        report=report,
        form=HandOverForm(formdata=None, data={"form_id": random_id()}),
        fault=fault,
        choices=CHOICES,
        away=[it for it in away if it.starts_at <= now()],
        away_form=away_form or AwayForm(formdata=None, data={"until": THE_DAY}),
        until=[(value, words) for value, words in UNTIL if value != THE_SHIFT or shift_end],
        shift_end=shift_end,
        today_stand=sum(it.counsellor_id == screen.whose and it.stands for it in talks_of(today(), last=today())),
        others=[(it, alias) for it, alias in others.items() if it != screen.whose],
    )
