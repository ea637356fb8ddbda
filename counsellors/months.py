"""Which month an address means, its draft, and the words of a draft that somebody else changed."""

from datetime import date

from flask import abort, url_for
from flask_babel import gettext

from counsellors.services import services, today
from helpline.callbacks.month_keeping import NO_DRAFT, Draft, read_draft

FURTHEST_MONTHS = 24


def month_at(text: str) -> date:
    """Return the first day of a month as an address has it, "2027-04"; one that is far away is not here."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(404)
    if not is_in_reach(found):
        abort(404)
    return found


def is_in_reach(month: date) -> bool:
    """Return whether a page of *month* can be asked for."""
    return abs((month.year - today().year) * 12 + month.month - today().month) <= FURTHEST_MONTHS


def draft_at(month: date) -> Draft:
    """Return the draft of *month*; without one there is no such page."""
    with services().helpline.read() as reading:
        draft = read_draft(reading, month)
    if draft is None:
        abort(404)
    return draft


def draft_or_none_yet(month: date) -> Draft:
    """Return the draft of *month*; where a colleague ended it meanwhile, an empty one that is not there yet."""
    with services().helpline.read() as reading:
        return read_draft(reading, month) or Draft(NO_DRAFT, {})


def month_path(month: date) -> str:
    """Return where *month* is shown."""
    return url_for("month.see", month=written_month(month))


def written_month(month: date) -> str:
    """Return *month* as an address has it."""
    return month.isoformat()[:7]


def words_of_a_change() -> str:
    """Return what is said to the slower of two who save at once."""
    return gettext(
        "A colleague changed the draft meanwhile. What you filled in is still here; nothing of it is saved yet. "
        "Look where you differ, then save again."
    )
