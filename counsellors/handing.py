"""Hand talks over as a form asks: each by itself, whole or not at all, and what is said of those that stay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext, lazy_gettext

from counsellors.forms.handing import ANYBODY, CANCEL, LEAVE, HandOverForm
from counsellors.services import now, services
from helpline.callbacks.due import DueTalk
from helpline.callbacks.envelope import EnvelopeError
from helpline.callbacks.handing_over import (
    CannotTakeError,
    Errand,
    Hindrance,
    Taker,
    Terms,
    hand_over,
    openers_of,
    who_could_take,
)
from helpline.callbacks.queue import (
    ChangedMeanwhileError,
    Closing,
    Opener,
    Outcome,
    TalkGoneError,
    close_talk,
)
from helpline.callbacks.rota_keeping import active_counsellors
from helpline.callbacks.tables import BookingId, CounsellorId
from helpline.crypto.opening import CannotOpenError
from helpline.day_keys import DayKeyGoneError
from helpline.staff.accounts import members
from helpline.staff.roster_keeping import standing
from helpline.store.types import random_id
from helpline.web.office_guard import present

WHY: Mapping[Hindrance, str] = {
    Hindrance.NOBODY_FREE: lazy_gettext("Nobody who works then is free."),
    Hindrance.NOBODY_SPEAKS_IT: lazy_gettext("Nobody who is free then speaks the language of this talk."),
    Hindrance.TAKER_BUSY: lazy_gettext("Whom you chose is no longer free then."),
    Hindrance.TAKER_CANNOT_OPEN: lazy_gettext("Whom you chose is not on the roster of that day."),
    Hindrance.TAKER_SPEAKS_OTHERWISE: lazy_gettext("Whom you chose does not speak the language of this talk."),
    Hindrance.NOBODY_TRAINED: lazy_gettext("Nobody who is free then is trained to talk with under-18s."),
    Hindrance.TAKER_NOT_TRAINED: lazy_gettext("Whom you chose is not trained to talk with under-18s."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A talk of the screen: who could take it, or who can hand it over where who is signed in cannot open it."""

    talk: DueTalk
    takers: Sequence[Taker]
    openers: Sequence[str]
    chosen: str
    fault: str | None


@dataclass(slots=True)
class Report:
    """What came of a press: who has which talk now, how many were cancelled, and why the others stay."""

    done: list[tuple[DueTalk, str]] = field(default_factory=list)
    cancelled: list[DueTalk] = field(default_factory=list)
    faults: dict[BookingId, str] = field(default_factory=dict)
    gone: int = 0
    status: int = 200

    def miss(self, left: Sequence[DueTalk]) -> None:
        """Count as gone what was asked for and is not among those that are *left*."""
        missing = self.faults.keys() - {talk.booking_id for talk in left}
        self.gone += len(missing)
        self.status = 409 if missing else self.status

    def stays(self, talk: DueTalk, why: str, *, status: int) -> None:
        """Note *why* a talk stays; what changed meanwhile weighs more than a choice that was not possible."""
        self.faults[talk.booking_id] = why
        self.status = max(self.status, status, key=(200, 422, 409).index)


def terms_now() -> Terms | None:
    """Return what decides who can take a talk, or None while no roster is in force."""
    found = services()
    roster = standing(found.registry, now=now()).in_force
    return Terms(found.programme, roster) if roster else None


def rows_of(
    talks: Sequence[DueTalk],
    *,
    among: Collection[str] | None,
    form: HandOverForm | None,
    faults: Mapping[BookingId, str],
) -> list[Row]:
    """Return the lines of the screen; *among* says who may be chosen, None for everybody."""
    terms, found = terms_now(), services()
    with found.helpline.read() as reading:
        openers = openers_of(reading, [talk.booking_id for talk in talks], now=now())
        takers = {
            talk.booking_id: who_could_take(reading, talk.starts_at, terms=terms, now=now())
            for talk in talks
            if terms and talk.has_envelope
        }
    with found.office.read() as reading:
        names = {CounsellorId(member.id): member.shown_name for member in members(reading)}
    rows = []
    for talk in talks:
        could = [it for it in takers.get(talk.booking_id, ()) if among is None or it.counsellor_id in among]
        known = [names[it] for it in openers[talk.booking_id] if it in names]
        chosen = (form and form.choice(talk.booking_id)) or _proposed(could, among=among)
        rows.append(Row(talk, could, known, chosen, faults.get(talk.booking_id)))
    return rows


def _proposed(takers: Sequence[Taker], *, among: Collection[str] | None) -> str:
    """Return what stands chosen at first: whoever works then; whoever takes a talk herself, herself."""
    if among is not None and takers:
        return takers[0].counsellor_id
    return ANYBODY if any(taker.on_shift for taker in takers) else LEAVE


def carry_out(talks: Sequence[DueTalk], form: HandOverForm, *, opener: Opener, among: Collection[str] | None) -> Report:
    """Do for each of *talks* what *form* asks; one that fails leaves the others as they are."""
    report, terms = Report(), terms_now()
    report.gone = len(form.sent() - {talk.booking_id for talk in talks})
    report.status = 409 if report.gone else 200
    for talk in talks:
        choice = form.choice(talk.booking_id)
        if choice is None or choice == LEAVE:
            continue
        if among is not None and choice not in among:
            report.stays(talk, gettext("Choose from the list."), status=422)
        elif choice == CANCEL:
            _cancel(talk, form, report=report)
        elif terms is None:
            report.stays(talk, gettext("No roster is in force, so nothing can be sealed."), status=422)
        else:
            to = None if choice == ANYBODY else CounsellorId(choice)
            errand = Errand(talk.booking_id, form.version(talk.booking_id), opener, to)
            _hand_over(talk, errand, terms=terms, report=report)
    return report


def _hand_over(talk: DueTalk, errand: Errand, *, terms: Terms, report: Report) -> None:
    try:
        taker = hand_over(services().files, errand, terms=terms, now=now())
    except ChangedMeanwhileError:
        report.stays(talk, gettext("Somebody else has changed this talk meanwhile."), status=409)
    except TalkGoneError:
        report.stays(talk, gettext("You cannot open this talk, so you cannot hand it over."), status=422)
    except (CannotOpenError, DayKeyGoneError, EnvelopeError):
        report.stays(talk, gettext("This envelope cannot be opened. The talk can only be cancelled."), status=422)
    except CannotTakeError as cannot:
        is_news = cannot.hindrance is Hindrance.TAKER_BUSY
        is_choice = errand.to is not None
        report.stays(talk, str(WHY[cannot.hindrance]), status=409 if is_news else 422 if is_choice else 200)
    else:
        report.done.append((talk, _alias(taker)))


def _cancel(talk: DueTalk, form: HandOverForm, *, report: Report) -> None:
    """Cancel a talk; its code says so for seven days."""
    name = f"{form.form_id.data or random_id()}-{talk.booking_id}"
    closing = Closing(present().staff_id, Outcome.CANCELLED_BY_US, form.version(talk.booking_id), name)
    try:
        was_first = close_talk(services().files, talk.booking_id, closing=closing, now=now())
    except (ChangedMeanwhileError, TalkGoneError):
        report.stays(talk, gettext("Somebody else has changed this talk meanwhile."), status=409)
        return
    if was_first:
        services().count(("callback", Outcome.CANCELLED_BY_US.value))
    report.cancelled.append(talk)


def _alias(counsellor: CounsellorId) -> str:
    with services().helpline.read() as reading:
        return next((it.alias for it in active_counsellors(reading) if it.id == counsellor), "")
