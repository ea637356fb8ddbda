"""What is said once an outcome is recorded: what is destroyed, what stays, and that a break has begun."""

from flask_babel import gettext, ngettext

from counsellors.rendering import clock_words
from counsellors.services import now, services
from counsellors.talks import talks_in_sight
from helpline.callbacks.breaks import breaks
from helpline.callbacks.due import DueTalk
from helpline.callbacks.queue import OUR_FAULT, Outcome
from helpline.web.office_guard import present


def said_of(outcome: Outcome, *, talk: DueTalk) -> str:
    """Return what to say to whoever recorded *outcome* for *talk*."""
    if outcome in OUR_FAULT and talk.ends_at > now():
        return gettext("Noted. Their code says so. They may still ring: the envelope stays until its time is over.")
    if outcome in OUR_FAULT:
        return gettext("Noted. Their code says for a week that it was our fault, and offers another time.")
    noted = gettext("Noted. What the visitor told us for this talk is destroyed.")
    return f"{noted} {_said_of_break()}" if outcome is Outcome.HEAVY else noted


def _said_of_break() -> str:
    with services().helpline.read() as reading:
        until = {str(it.counsellor_id): it.until for it in breaks(reading, now=now())}.get(present().staff_id)
    if until is None:
        return ""
    met = sum(
        talk.is_mine and talk.stands and now() < talk.ends_at and talk.starts_at < until for talk in talks_in_sight()
    )
    rest = gettext(
        "Nobody can book you until %(time)s. The coordinator sees that you need a break, not after which talk.",
        time=clock_words(until),
    )
    still = ngettext(
        "One talk of yours still stands in it: ask the coordinator who takes it.",
        "%(num)d talks of yours still stand in it: ask the coordinator who takes them.",
        met,
    )
    return f"{rest} {still}" if met else rest
