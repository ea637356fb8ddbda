"""The data inventory in words for people. What a column is and why, the column says itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext, lazy_gettext

from helpline.store.inventory import ROW, Entry

TITLES = {
    "booking": lazy_gettext("Your talk"),
    "busy_days": lazy_gettext("The calendar of your counsellor, if it is on"),
    "busy_atom": lazy_gettext("The time that your talk takes"),
    "envelope": lazy_gettext("The sealed envelope of your talk"),
    "follow_up": lazy_gettext("The code for your next talk"),
    "spent_token": lazy_gettext("The number of the form that you sent"),
    "audit": lazy_gettext("What the counsellor did: so that we can see if somebody looks where she should not"),
    "session": lazy_gettext("The call that the counsellor has open"),
}
UNTIL = {
    ("booking", "destroy_at"): lazy_gettext("Until 24 hours after the talk. You cancel: at once."),
    ("booking", "hour_until"): lazy_gettext("Two days at the most."),
    ("busy_days", "destroy_at"): lazy_gettext("Until the next morning."),
    ("busy_atom", "destroy_at"): lazy_gettext("As long as the talk itself."),
    ("envelope", "destroy_at"): lazy_gettext("Until the talk is over, at the latest 24 hours after it."),
    ("follow_up", "destroy_at"): lazy_gettext("Until you book with it, at the latest 42 days later."),
    ("spent_token", "destroy_at"): lazy_gettext("Until the next full hour after 12 hours."),
    ("spent_token", "replay_until"): lazy_gettext("Two minutes."),
    ("audit", "detail_until"): lazy_gettext("Until 24 hours after the talk. After that only the day is left."),
    ("session", "call_until"): lazy_gettext("Until the call is over."),
}
"""By table and by the column that holds the hour. A test asks that nothing of the inventory is missing here."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that we keep; *until* is empty where it goes with the rest."""

    what: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in one table, and until when."""

    title: str
    until: str
    lines: Sequence[Line]


def kept_tables(inventory: Iterable[Entry]) -> list[Kept]:
    """Return what *inventory* holds, table by table, in the language of this page.

    What several tables say in the same words, the first of them says: the page must fit into a line's first answer.
    """
    tables = groupby(_told_once(inventory), key=lambda entry: entry.table)
    return [_table(table, entries=list(entries)) for table, entries in tables]


def _told_once(inventory: Iterable[Entry]) -> Iterator[Entry]:
    told = dict[tuple[str, str], str]()
    for entry in inventory:
        if told.setdefault((entry.what, entry.why), entry.table) == entry.table:
            yield entry


def _table(table: str, *, entries: Sequence[Entry]) -> Kept:
    usual = next((entry.until for entry in entries if entry.goes == ROW), entries[0].until)
    lines = [
        Line(gettext(entry.what), gettext(entry.why), "" if entry.until == usual else _until(entry.table, entry.until))
        for entry in entries
    ]
    return Kept(title=str(TITLES.get(table, table)), until=_until(table, usual), lines=lines)


def _until(table: str, column: str) -> str:
    return str(UNTIL.get((table, column), column))
