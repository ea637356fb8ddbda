"""Choose a time to talk, and the slip that is shown once."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpline.calendar_file import MIME_TYPE, Entry, calendar_file
from helpline.callbacks.booking import (
    AlreadyBookedError,
    BookingPausedError,
    Receipt,
    SlotTakenError,
    TooFewReadersError,
    request_callback,
)
from helpline.callbacks.doors import BY_CODE_AS_THE_PUBLIC
from helpline.callbacks.envelope import Wish
from helpline.callbacks.follow_up import Right
from helpline.callbacks.form_token import ForgedTokenError, FormToken, TokenTooOldError
from helpline.callbacks.public_door import WrongDoorWordError
from helpline.codes import AccessCode, grouped
from helpline.usage.lead_time import lead_cell
from selfhelp.counting import LEAD, UNMET
from selfhelp.forms.talk import FIELDS, TalkForm, time_value
from selfhelp.services import language, services
from selfhelp.views.rendering import (
    FIELDS_TO_FILL,
    PAUSED,
    READING,
    by_day,
    moment_words,
    see_other,
    show,
    telephone_rules,
    text_of,
)

blueprint = Blueprint("talk", __name__)

TIMES_ON_A_PAGE = 18
TIMES_BESIDE_THE_WORD = 12
"""While the form asks for the door word as well, it holds fewer times: the last days of a full list then wait."""

MOST_PARTS = 5
"""Two weeks of six times a day (the most that the draw holds) in whole days; a test counts them."""

MOST_YOUNG_PARTS = 6
"""Of the list for under-18s: one more, for the times of today are on it."""

NOTHING_SUITS = "none"
"""The button of who finds no time."""

TODAY = 0
"""Stands where the part of the list stands, for the times of this very day."""

Days = list[tuple[date, list[datetime]]]

Ask = Callable[[Wish, FormToken], Receipt]
"""What is done with a good form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What somebody has who comes with a code: the form carries the code and what it does (*do*).

    That is either a talk with its time in words (*when*), or a right to a talk (None: it was used meanwhile).
    *youth* is whether all *times* are with counsellors trained for under-18s.
    """

    code: AccessCode
    do: str
    times: tuple[datetime, ...] | None
    youth: bool
    when: str = ""
    right: Right | None = None


CHANGES_THE_PAGE = {"lang", "days"}
"""Buttons that show the form in another language or with other days: nothing is looked at, nothing is lost."""


@blueprint.get("/<lang:lang>/talk/")
@blueprint.get(f"/<lang:lang>/talk/<int(min=2, max={MOST_PARTS}):part>")
def choose(part: int = 1) -> Response:
    """Show times and the ways to talk, a few days on each page: the form must fit into the first answer of the line."""
    times = services().snapshot.times(language())
    return show_times(TalkForm(part=str(part)), status=FIELDS_TO_FILL if times else READING)


@blueprint.get("/<lang:lang>/talk/today")
def today() -> Response:
    """Show the times of this very day for who needs somebody today, and the ways to talk."""
    times = services().snapshot.times_today(language())
    return show_times(TalkForm(part=str(TODAY)), status=FIELDS_TO_FILL if times else READING)


@blueprint.get("/<lang:lang>/talk/40")
@blueprint.get(f"/<lang:lang>/talk/40/<int(min=2, max={MOST_YOUNG_PARTS}):part>")
def young(part: int = 1) -> Response:
    """Show the times with counsellors trained for under-18s, of today and later, and the ways to talk."""
    times = services().snapshot.times(language(), youth=True)
    form = TalkForm(part=str(part))
    form.is_for_young = True
    return show_times(form, status=FIELDS_TO_FILL if times else READING)


@blueprint.post("/<lang:lang>/talk/40")
def book_young() -> ResponseReturnValue:
    """Book the chosen time with a counsellor trained for under-18s, and show its code, once."""
    return _book(is_for_young=True)


@blueprint.post("/<lang:lang>/talk/")
def book() -> ResponseReturnValue:
    """Book the chosen time and show its code, once."""
    return _book(is_for_young=False)


def _book(*, is_for_young: bool) -> ResponseReturnValue:
    form = TalkForm(request.form)
    form.is_for_young = is_for_young
    if NOTHING_SUITS in request.form:
        return nothing_chosen(form)
    if not CHANGES_THE_PAGE.isdisjoint(request.form):
        return show_times(form, status=READING)
    if not form.validate():
        return show_times(form, status=400 if form.is_forged else 422)
    return answer(form, _request)


def nothing_chosen(form: TalkForm) -> ResponseReturnValue:
    """Count once that no time suits who sent *form*, and lead to what there is besides."""
    # Without looking at the token, each press and each reload would count; a form is remembered as long as it lives.
    form.validate()
    if not isinstance(form.token_fault, ForgedTokenError | TokenTooOldError):
        services().trail.count_once(UNMET, form=str(form[form.meta.csrf_field_name].data))
    # What is shown to adults then leads to their times and their modules.
    return see_other(url_for("about.now" if form.is_for_young else "talk.nothing_suits"))


@blueprint.get("/<lang:lang>/talk/other")
def nothing_suits() -> Response:
    """Show what there is for somebody whom no time suits."""
    snapshot = services().snapshot
    times = snapshot.times(language())
    return show(
        "talk/nothing_suits.html",
        text=text_of("talk"),
        open_now=[place for place in snapshot.others(language()) if place.is_open],
        today=snapshot.times_today(language()),
        next_time=times[0] if times else None,
    )


def answer(form: TalkForm, ask: Ask, *, held: Held | None = None) -> Response:
    """Return the slip of what *ask* makes of a good *form*, or the form with what is in its way."""
    try:
        return _slip(_asked(form, ask), opening=form.opening_sentence, held=held)
    except SlotTakenError as taken:
        return show_times(form, status=409, instead=taken.nearest, held=held)
    except AlreadyBookedError:
        return show("talk/booked_before.html", status=409)
    except BookingPausedError:
        return show_times(form, status=PAUSED, is_paused=True, held=held)
    except TooFewReadersError:
        form.way.errors = [gettext("We cannot ring you at this time. Choose another time, or ring us.")]
    except WrongDoorWordError:
        form.word.errors = [gettext("This is not the word that we say now. Ring us, listen to it, and fill it in.")]
    return show_times(form, status=422, held=held)


def _asked(form: TalkForm, ask: Ask) -> Receipt:
    if form.sent_token is None:
        raise AlreadyBookedError
    return ask(form.wish(), replace(form.sent_token, said=form.word.data or ""))


def _request(wish: Wish, token: FormToken) -> Receipt:
    found = services()
    desk, now = found.desk, found.clock()
    receipt = found.sessions.transact(lambda session: request_callback(session, wish, token=token, desk=desk, now=now))
    if not receipt.is_repeat:
        found.count((LEAD, lead_cell(receipt.starts_at - now)))
    return receipt


def show_times(
    form: TalkForm,
    *,
    status: int,
    instead: tuple[datetime, ...] | None = None,
    is_paused: bool = False,
    held: Held | None = None,
) -> Response:
    """Show the form, filled in as it was sent, with what there is to mend and, for a taken time, others *instead*.

    A chosen time stays chosen where the list does not hold it (another language, other days, a newer draw): whether it
    is free, the booking decides.
    """
    chosen, is_young = form.starts_at, form.is_for_young and not held
    asks_word = _is_at_public_door(held) and (services().snapshot.offer.asks_word or bool(form.word.errors))
    times, of_today = _listed(is_young=is_young, held=held)
    shown = [by_day(it for it in found if instead is None or it != chosen) for found in (of_today, times or ())]
    listed = in_parts(shown[1], most=TIMES_BESIDE_THE_WORD if asks_word else TIMES_ON_A_PAGE)
    most = len(listed) if held else MOST_YOUNG_PARTS if is_young else MOST_PARTS
    parts = [shown[0], *listed[:most]]
    part = min(max(form.part_number, 1 if held or is_young else TODAY), len(parts) - 1)
    days = parts[part]
    return show(
        "talk/choose.html",
        status=status,
        text=text_of("talk"),
        about=text_of("young" if is_young else "talk"),
        is_young=is_young,
        form=form,
        held=held,
        faults={name: form[name].errors[0] for name in FIELDS if form[name].errors},
        days=days,
        part=part,
        turns=[
            (to, _address(to, is_young=is_young)) for to in (part - 1, part + 1) if 0 <= to < len(parts) and parts[to]
        ],
        own=None if instead is not None or any(chosen in of_day for _, of_day in days) else chosen,
        instead=None if instead is None else [(time_value(time), moment_words(time)) for time in instead],
        is_paused=is_paused or times is None,
        is_untimely=form.is_refused,
        ways=services().settings.programme.ways,
        asks_word=asks_word,
        was_typed=request.method == "POST",
        is_first_look=request.method == "GET" or "lang" in request.form or "about" not in request.form,
    )


def _is_at_public_door(held: Held | None) -> bool:
    """Return whether the door word is asked for, while it is on: of everybody but who has met a counsellor."""
    return held is None or (held.right is not None and held.right.door in BY_CODE_AS_THE_PUBLIC)


def _listed(*, is_young: bool, held: Held | None) -> tuple[tuple[datetime, ...] | None, tuple[datetime, ...]]:
    """Return the times of the list (None: nothing can be booked), and those of today where they are listed apart."""
    snapshot = services().snapshot
    if held:
        return held.times, ()
    return snapshot.times(language(), youth=is_young), () if is_young else snapshot.times_today(language())


def _address(part: int, *, is_young: bool) -> str:
    """Return where that part of the list stands."""
    if part == TODAY:
        return url_for("talk.today")
    endpoint = "talk.young" if is_young else "talk.choose"
    return url_for(endpoint, part=part) if part > 1 else url_for(endpoint)


def in_parts(days: Days, *, most: int = TIMES_ON_A_PAGE) -> list[Days]:
    """Return *days* in parts of whole days, at most so many times in each; at least one part, maybe empty."""
    parts: list[Days] = [[]]
    for day, times in days:
        if sum(len(it) for _, it in parts[-1]) + len(times) > most:
            parts.append([])
        parts[-1].append((day, times))
    return parts


def _slip(receipt: Receipt, *, opening: int, held: Held | None) -> Response:
    first, second = receipt.words
    way = receipt.way.value
    text = text_of("talk")
    return show(
        "talk/booked.html",
        text=text,
        held=held,
        code=grouped(receipt.code),
        when=moment_words(receipt.starts_at),
        way=way,
        rules=telephone_rules(text, way=receipt.way, starts_at=receipt.starts_at),
        telephone=services().library.pack.telephone[language()],
        words=text.lines(f"words_{way}", first=first, second=second, opening=text.page.snippets["openings"][opening]),
        first=first,
        second=second,
        calendar=_calendar(receipt, words=text.page.snippets["calendar_entry"][0]),
    )


def _calendar(receipt: Receipt, *, words: str) -> str:
    """Return the time of a talk as the address of a file that is in the page itself: no request, no name of a host."""
    file = calendar_file([Entry(receipt.starts_at, receipt.ends_at, words)], stamp=receipt.starts_at)
    return f"data:{MIME_TYPE};charset=utf-8;base64,{b64encode(file).decode()}"
