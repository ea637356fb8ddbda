"""A calendar file is read alike by two readers, and says nothing but times and the words it was given."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import vobject
from hypothesis import given
from hypothesis import strategies as st

from helpline.calendar_file import Entry, calendar_file

MOST_OCTETS = 75
START = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
ENTRY = Entry(START, START + timedelta(minutes=30), "Appointment")
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/Curacao")])


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Draw a few stretches of time, in any zone, with any words that a person can write."""
    stretch = st.tuples(
        st.integers(1_780_000_000, 2_200_000_000),
        st.integers(5, 600),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120),
        ZONES,
    )
    return [
        Entry(datetime.fromtimestamp(start, tz=zone), datetime.fromtimestamp(start + 60 * minutes, tz=zone), words)
        for start, minutes, words, zone in draw(st.lists(stretch, min_size=1, max_size=4))
    ]


def read_by_icalendar(file: bytes) -> list[tuple[object, object, str]]:
    """Return what the library that wrote *file* reads in it."""
    found = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return [(it.decoded("dtstart"), it.decoded("dtend"), str(it["summary"])) for it in found]


def read_by_vobject(file: bytes) -> list[tuple[object, object, str]]:
    """Return what a library that did not write *file* reads in it."""
    found = vobject.readOne(file.decode()).vevent_list
    return [
        (it.contents["dtstart"][0].value, it.contents["dtend"][0].value, str(it.contents["summary"][0].value))
        for it in found
    ]


@given(written=entries())
def test_two_readers_read_what_was_written(written: list[Entry]) -> None:
    file = calendar_file(written, stamp=START)

    asked = [(entry.starts_at, entry.ends_at, entry.words) for entry in written]
    assert read_by_icalendar(file) == asked
    assert read_by_vobject(file) == asked


@given(written=entries())
def test_its_lines_are_folded_and_end_as_the_standard_says(written: list[Entry]) -> None:
    *lines, rest = calendar_file(written, stamp=START).split(b"\r\n")

    assert rest == b""
    assert max(map(len, lines)) <= MOST_OCTETS
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_it_says_the_times_the_words_and_nothing_else() -> None:
    file = calendar_file([ENTRY], stamp=START)

    assert file.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//collective//icalendar//EN",
        "BEGIN:VEVENT",
        "SUMMARY:Appointment",
        "DTSTART:20270301T093000Z",
        "DTEND:20270301T100000Z",
        "DTSTAMP:20270301T093000Z",
        "UID:20270301T093000Z-20270301T100000Z",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_words_cannot_write_a_line_of_their_own() -> None:
    file = calendar_file([Entry(START, ENTRY.ends_at, "Appointment\r\nLOCATION:somewhere")], stamp=START)

    assert b"\r\nLOCATION" not in file


def test_the_same_times_make_the_same_file() -> None:
    assert calendar_file([ENTRY], stamp=START) == calendar_file([ENTRY], stamp=START)


def test_a_file_may_hold_nothing() -> None:
    assert read_by_icalendar(calendar_file([], stamp=START)) == []
