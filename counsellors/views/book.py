"""Book a talk for somebody who is on the line, and show its code, once, to be read aloud."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.book import CALLERS, GROUPS, WAYS, BookForm, numbered_openings, time_value, whom_to_choose
from counsellors.forms.once import OnceForm, draw_once, is_first
from counsellors.rendering import FIELDS_TO_FILL, clock_words, see_other, show, tongues
from counsellors.services import now, services, today
from helpline.callbacks.booking import (
    AlreadyBookedError,
    BookingPausedError,
    Receipt,
    SlotTakenError,
    TooFewReadersError,
)
from helpline.callbacks.by_staff import book_for_caller, draw_form, known_by, read_form
from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.envelope import Wish
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.keeping import RING_AGAIN_FOR, RING_WITHIN
from helpline.callbacks.rota import local_day
from helpline.callbacks.times import free_times
from helpline.codes import grouped
from helpline.staff.audit import Deed, append
from helpline.staff.permissions import Permission
from helpline.staff.roster_keeping import standing
from helpline.staff.tables import Act
from helpline.usage.lead_time import lead_cell
from helpline.web.office_guard import needs, present

DAYS_OF_A_PART = 7

LEAD = "lead"
UNMET = ("callback", "unmet")

ONLY_LOOKS = {"look", "turn"}
"""Buttons that show other times: nothing is checked, nothing is lost."""

blueprint = Blueprint("book", __name__)


@dataclass(frozen=True, slots=True)
class Times:
    """The free times of a week, by day; whether anything can be booked at all; which weeks lie beside it."""

    days: list[tuple[date, list[datetime]]]
    is_closed: bool
    part: int
    turns: list[int]


@blueprint.get("/book")
@needs(Permission.TAKE_TALKS)
def choose() -> ResponseReturnValue:
    """Show the free times and the form."""
    return _page(_fresh(), status=FIELDS_TO_FILL)


@blueprint.post("/book")
@needs(Permission.TAKE_TALKS)
def book() -> ResponseReturnValue:
    """Book the chosen time and show its code, or show other times."""
    form = BookForm()
    if not ONLY_LOOKS.isdisjoint(request.form):
        return _page(form, status=FIELDS_TO_FILL)
    token = read_form(form.once.data or "")
    is_good = form.validate()
    if token is None:
        return _page(form, status=422, fault=gettext("This page was not whole. Please press once more."))
    if not is_good:
        return _page(form, status=422)
    return _answer(form, token=token)


@blueprint.post("/book/none")
@needs(Permission.TAKE_TALKS)
def nothing_suits() -> ResponseReturnValue:
    """Count once that no time suited who is on the line, and go on to the record of that call."""
    token = OnceForm().token()
    if token is None:
        return _page(_fresh(), status=422, fault=gettext("This page was not whole. Please press once more."))
    if is_first(token):
        services().count(UNMET)
    return see_other(
        url_for("contact.choose"), say=gettext("Counted: no time suited. When the call is over, record it here.")
    )


def _answer(form: BookForm, *, token: FormToken) -> Response:
    wish = form.wish()
    try:
        return _slip(_booked(form, wish, token=token), wish)
    except SlotTakenError as taken:
        said = gettext("Somebody else has just taken this time, or it is not free. Everything is still filled in.")
        return _page(form, status=409, fault=said, instead=taken.nearest)
    except AlreadyBookedError:
        said = gettext("This form was sent before, and booked a talk. Its code cannot be shown again.")
        return _page(_fresh(), status=409, fault=said)
    except BookingPausedError:
        return _page(form, status=409, fault=gettext("No roster is in force, so nothing can be booked."))
    except TooFewReadersError:
        form.way.errors = [gettext("Too few people could read a number then. Choose another time, or: they ring us.")]
        return _page(form, status=422)


def _booked(form: BookForm, wish: Wish, *, token: FormToken) -> Receipt:
    """Note who books, then book; the audit does not say which talk, and not whether the time was still free."""
    found, moment, desk = services(), now(), _desk()
    deed = Deed(present().staff_id, Act.TALK_BOOKED, form_id=known_by(token))
    with found.office.begin() as writing:
        append(writing, deed, now=moment, zone=found.programme.zone)
    receipt: Receipt = found.helpline.transact(
        lambda session: book_for_caller(session, wish, asked=form.asked(), token=token, desk=desk, now=moment)
    )
    if not receipt.is_repeat:
        found.count((LEAD, lead_cell(receipt.starts_at - moment)))
    return receipt


def _desk() -> Desk:
    found = services()
    return Desk(
        programme=found.programme,
        keys=DeskKeys.of(found.settings.code_key),
        words=found.texts.call_words,
        roster=standing(found.registry, now=now()).in_force,
    )


def _fresh() -> BookForm:
    programme = services().programme
    return BookForm(formdata=None, data={"language": programme.languages[0], "way": programme.ways[0]})


def _page(
    form: BookForm, *, status: int, fault: str | None = None, instead: tuple[datetime, ...] | None = None
) -> Response:
    if read_form(form.once.data or "") is None:
        form.once.data = draw_form()
    times, chosen = _times(form), form.starts_at
    is_listed = any(chosen in of_day for _, of_day in times.days)
    return show(
        "book/book.html",
        status=status,
        form=form,
        fault=fault,
        times=times,
        own=chosen if instead is None and not is_listed else None,
        taken=chosen if instead is not None else None,
        instead=instead or (),
        value=time_value,
        unmet=draw_once(),
        tongues=tongues(),
        counsellors=whom_to_choose(),
        ways=[(way, words) for way, words in WAYS if way in services().programme.ways],
        callers=CALLERS,
        groups=GROUPS,
        openings=numbered_openings(form.spoken),
    )


def _times(form: BookForm) -> Times:
    """Return the free times of the week that the form asks for, by the function that books them."""
    roster, programme, moment = _desk().roster, services().programme, now()
    last = programme.slots.staff_horizon_days // DAYS_OF_A_PART
    asked_for = request.form.get("turn", form.part.data) or ""
    part = int(asked_for) if asked_for in {str(number) for number in range(last)} else 0
    form.part.data = str(part)
    turns = [number for number in (part - 1, part + 1) if 0 <= number < last]
    if roster is None:
        return Times([], is_closed=True, part=part, turns=turns)
    with services().helpline.read() as reading:
        free = free_times(reading, form.asked(), programme=programme, roster=roster, now=moment)
    first = today() + part * timedelta(days=DAYS_OF_A_PART)
    # The last moment that can be booked lies on the day after the last whole week.
    end = date.max if part == last - 1 else first + timedelta(days=DAYS_OF_A_PART)
    by_day = groupby((time.starts_at for time in free), key=lambda time: local_day(time, zone=programme.zone))
    days = [(day, list(of_day)) for day, of_day in by_day if first <= day < end]
    return Times(days, is_closed=False, part=part, turns=turns)


def _slip(receipt: Receipt, wish: Wish) -> Response:
    """Show code and words, and what to say, in the language that the talk will be in."""
    first, second = receipt.words
    texts, start = services().texts, receipt.starts_at
    moment = {
        "first": first,
        "second": second,
        "opening": texts.openings(wish.language)[wish.opening],
        "starts": clock_words(start),
        "ring_by": clock_words(start + RING_WITHIN),
        "again_until": clock_words(start + RING_AGAIN_FOR),
        "number": services().programme.booked_number,
    }
    keys = (f"slip_{wish.way}", f"words_{wish.way}", "look_again", f"code_lost_{wish.way}")
    return show(
        "book/booked.html",
        receipt=receipt,
        code=grouped(receipt.code),
        tongue=wish.language,
        said=[texts.slip(key, language=wish.language, moment=moment) for key in keys],
    )
