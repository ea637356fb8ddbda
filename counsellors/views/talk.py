"""The call screen: open an envelope, follow its rules, record how the talk ended."""

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.talk import CANCELLING, AttemptForm, OpenForm, OutcomeForm, outcomes, words_of_outcome
from counsellors.free_now import me
from counsellors.rendering import FIELDS_TO_FILL, clock_words, see_other, show
from counsellors.saying import said_of
from counsellors.services import now, services
from counsellors.talks import find_talk, must_cancel
from counsellors.unlocking import PassphraseNeededError, keys_in_hand
from helpline.callbacks.due import DueTalk
from helpline.callbacks.envelope import Contents, EnvelopeError
from helpline.callbacks.free_now import switch_off
from helpline.callbacks.keeping import destroy_talk_at
from helpline.callbacks.numbers import readable_number
from helpline.callbacks.queue import (
    Attempt,
    ChangedMeanwhileError,
    Closing,
    NotYoursError,
    Opener,
    Outcome,
    RangTwiceError,
    TalkGoneError,
    TooEarlyError,
    close_talk,
    note_attempt,
    open_envelope,
    start_emergency,
)
from helpline.crypto.opening import CannotOpenError
from helpline.day_keys import DayKeyGoneError
from helpline.settings.programme import Way
from helpline.staff.permissions import Permission
from helpline.staff.sessions import begin_call, end_call
from helpline.store.types import random_id
from helpline.web.office_guard import needs, present

UNREADABLE = (CannotOpenError, DayKeyGoneError, EnvelopeError)

blueprint = Blueprint("talk", __name__)


@blueprint.get("/talk/<booking_id>")
@needs(Permission.TAKE_TALKS)
def see(booking_id: str) -> ResponseReturnValue:
    """Show the talk before it is opened: its time, and the button."""
    return _closed(_talk(booking_id), status=FIELDS_TO_FILL)


@blueprint.post("/talk/<booking_id>/open")
@needs(Permission.TAKE_TALKS)
def open_it(booking_id: str) -> ResponseReturnValue:
    """Open the envelope and show it, in this answer only."""
    return _unsealed(_talk(booking_id), passphrase=OpenForm().passphrase.data)


@blueprint.post("/talk/<booking_id>/outcome")
@needs(Permission.TAKE_TALKS)
def close(booking_id: str) -> ResponseReturnValue:
    """Record how the talk ended; its envelope is destroyed in the same transaction."""
    talk, form = _talk(booking_id), OutcomeForm()
    outcome = form.chosen()
    if outcome is None:
        return _closed(talk, status=422, outcome_form=form)
    closing = Closing(present().staff_id, outcome, form.known_version(), form.form_id.data or random_id())
    try:
        was_first = close_talk(services().files, talk.booking_id, closing=closing, now=now())
    except TalkGoneError:
        abort(404)
    except ChangedMeanwhileError:
        return _changed(booking_id, form=form)
    except TooEarlyError:
        why = gettext("The day of this talk has not come. Until then it can only be cancelled.")
        return _closed(talk, status=422, fault=why, outcome_form=form)
    if was_first:
        _count(outcome, way=form.way.data)
    _hang_up()
    # A heavy talk was held as well: whoever needs a break first finds its record and the next code on her day. Whoever
    # stood in does not: it is not on hers.
    is_next = outcome is Outcome.HELD or (outcome is Outcome.HEAVY and not talk.is_mine)
    comes = url_for("contact.of_talk", booking_id=booking_id) if is_next else url_for("day.home")
    return see_other(comes, say=said_of(outcome, talk=talk))


@blueprint.post("/talk/<booking_id>/attempt")
@needs(Permission.TAKE_TALKS)
def try_again(booking_id: str) -> ResponseReturnValue:
    """Note that we rang in vain and ring once more; the talk stays open and is hidden until then."""
    talk, form = _talk(booking_id), AttemptForm()
    attempt = Attempt(present().staff_id, form.known_version(), form.form_id.data or random_id())
    try:
        again_at = note_attempt(services().files, talk.booking_id, attempt=attempt, now=now())
    except TalkGoneError:
        abort(404)
    except ChangedMeanwhileError:
        return _changed(booking_id, form=_outcome_form(talk, way=""))
    except (TooEarlyError, RangTwiceError):
        why = gettext("We ring twice at most, and on the day of the talk. Record how it ended.")
        return _closed(talk, status=422, fault=why)
    _hang_up()
    said = gettext("Noted. Ring once more at %(time)s; open the talk again then.", time=clock_words(again_at))
    return see_other(url_for("day.home"), say=said)


@blueprint.post("/talk/<booking_id>/emergency")
@needs(Permission.TAKE_TALKS)
def hold(booking_id: str) -> ResponseReturnValue:
    """Keep the envelope readable for a colleague while an emergency is running; the call screen stays in sight."""
    talk, form = _talk(booking_id), OutcomeForm()
    if not talk.is_running:
        try:
            start_emergency(
                services().files, talk.booking_id, person=present().staff_id, version=form.known_version(), now=now()
            )
        except TalkGoneError:
            abort(404)
        except ChangedMeanwhileError:
            return _changed(booking_id, form=form)
    flash(gettext("Emergency running: a stand-in can open this talk too, until one of you records how it ended."))
    return _unsealed(_talk(booking_id), passphrase=None)


@blueprint.post("/talk/<booking_id>/hide")
@needs(Permission.TAKE_TALKS)
def hide(booking_id: str) -> ResponseReturnValue:
    """Hide the envelope again without recording anything; idle time counts again."""
    _hang_up()
    return see_other(url_for("talk.see", booking_id=_talk(booking_id).booking_id))


def _hang_up() -> None:
    with services().office.begin() as writing:
        end_call(writing, present(), now=now())


def _talk(booking_id: str) -> DueTalk:
    """Return a talk that who is signed in may see, or end the request."""
    talk = find_talk(booking_id)
    if talk is None:
        abort(404)
    return talk


def _unsealed(talk: DueTalk, *, passphrase: str | None) -> Response:
    """Open the envelope and show the call screen, or the closed page with what stands in the way."""
    try:
        private = keys_in_hand(passphrase)
        opener = Opener(present().staff_id, private.opening or b"")
        contents = open_envelope(
            services().files, talk.booking_id, opener=opener, programme=services().programme, now=now()
        )
    except PassphraseNeededError as needed:
        return _closed(talk, status=needed.status, fault=needed.why)
    except (TalkGoneError, NotYoursError):
        abort(404)
    except UNREADABLE:
        why = gettext("This envelope cannot be opened. The code page asks the visitor to tell us again.")
        return _closed(talk, status=422, fault=why)
    with services().office.begin() as writing:
        begin_call(writing, present(), talk=talk.booking_id, now=now())
    services().helpline.transact(lambda session: switch_off(session, me()))
    return _open(talk, contents)


def _changed(booking_id: str, *, form: OutcomeForm) -> Response:
    """Show what was chosen beside how the talk stands now; where it still stands, the choice can be sent again."""
    talk = _talk(booking_id)
    why = gettext("Somebody else has changed this talk meanwhile. This is how it stands now.")
    fresh = _outcome_form(talk, way=form.way.data or "", outcome=form.outcome.data)
    return _closed(talk, status=409, fault=why, outcome_form=fresh, chosen=words_of_outcome(form.outcome.data))


def _closed(
    talk: DueTalk,
    *,
    status: int,
    fault: str | None = None,
    outcome_form: OutcomeForm | None = None,
    chosen: str | None = None,
) -> Response:
    only_cancels = must_cancel(talk) and not talk.is_mine
    return show(
        "talk/closed.html",
        status=status,
        talk=talk,
        form=OpenForm(formdata=None),
        outcome_form=outcome_form or _outcome_form(talk, way=""),
        outcomes=CANCELLING if only_cancels else outcomes(None),
        fault=fault,
        chosen=chosen,
    )


def _open(talk: DueTalk, contents: Contents) -> Response:
    wish = contents.wish
    texts = services().texts
    openings = texts.openings(wish.language)
    return show(
        "talk/open.html",
        talk=talk,
        wish=wish,
        number=readable_number(wish.number) if wish.number else None,
        words=contents.words,
        opening=openings[wish.opening] if wish.opening < len(openings) else None,
        module=texts.heading(wish.module, language=wish.language),
        outcome_form=_outcome_form(talk, way=wish.way),
        outcomes=outcomes(wish.way),
        emergency_number=texts.emergency_number,
        promises=texts.promises(wish.language, now=now()),
        asked=texts.asked(wish.language, now=now()),
        we_ring=wish.way is Way.WE_RING,
        gone_at=destroy_talk_at(talk.ends_at),
        attempt_id=random_id(),
        may_try_again=talk.stands and wish.try_again and talk.ring_again_at is None,
    )


def _outcome_form(talk: DueTalk, *, way: str, outcome: str | None = None) -> OutcomeForm:
    fields = {"version": str(talk.version), "form_id": random_id(), "way": way, "outcome": outcome}
    return OutcomeForm(formdata=None, data=fields)


def _count(outcome: Outcome, *, way: str | None) -> None:
    """Count how a request ended, in its cell of the codebook; without its way only a cancellation has one."""
    cell = outcome.counted_as
    services().count(("callback", cell.value if cell is Outcome.CANCELLED_BY_US else f"{way}.{cell}"))
