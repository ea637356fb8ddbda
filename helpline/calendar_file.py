"""Times as a calendar file that says nothing else. The only door to the library that writes one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event

MIME_TYPE = "text/calendar"

MAKER = "-//collective//icalendar//EN"
"""A file must say what made it: the library, which many thousand programs share, and not us."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch of time, and the few words that somebody reads in a calendar."""

    starts_at: datetime
    ends_at: datetime
    words: str


def calendar_file(entries: Iterable[Entry], *, stamp: datetime) -> bytes:
    """Return *entries* as an iCalendar file (RFC 5545): UTC, to the second, in lines of at most 75 octets.

    A file must also say when it was made and give each entry a name. *stamp* is the caller's choice, for the minute
    of a visit must not stand in it; a name is the two times again, so it leads nowhere and a second copy of the file
    replaces the first.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", MAKER)
    for entry in entries:
        calendar.add_component(_event(entry, stamp=stamp))
    return bytes(calendar.to_ical())


def _event(entry: Entry, *, stamp: datetime) -> Event:
    starts_at, ends_at = entry.starts_at.astimezone(UTC), entry.ends_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"{starts_at:%Y%m%dT%H%M%SZ}-{ends_at:%Y%m%dT%H%M%SZ}")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", entry.words)
    return event
