"""The slip holds a file for a calendar: a time, one word, and nothing that leads back to us."""

import base64
import re

import icalendar
import pytest

from helpline.codes import words_of
from tests.support.pages import Opened, Pages, words
from tests.support.stores import Stores
from tests.support.talks import bookings
from tests.support.visitors import Served

CALL_WORDS = {f"/{language}/talk/": frozenset(words_of(language)) for language in ("en", "nl")}


def times_of(page: Opened) -> list[str]:
    return [str(it.get("value")) for it in page.all("input", name="time")]


def booked(pages: Pages, served: Served, *, address: str = "/en/talk/", time: int = 0) -> Opened:
    """Book the time of that number on the list and return the slip."""
    page = pages.get(address)
    served.clock.wait(seconds=10)
    return pages.send(page, {"time": times_of(page)[time], "way": "you_ring"})


def code_of(slip: Opened) -> str:
    return words(slip.all("p", class_="code")[0])


def file_of(slip: Opened) -> bytes:
    """Return the file that the slip offers."""
    (link,) = [it for it in slip.all("a") if it.get("download")]
    kind, _, content = str(link.get("href")).partition(",")
    assert kind == "data:text/calendar;charset=utf-8;base64"
    return base64.b64decode(content)


def said_in(file: bytes) -> set[str]:
    """Return the words of a file beside the format's own names, of which "summary" is a call word as well."""
    lines = file.decode().replace("\r\n ", "").splitlines()
    return {word.lower() for line in lines for word in re.findall(r"[^\W\d_]+", line.partition(":")[2])}


@pytest.mark.parametrize(
    ("address", "name", "said"),
    [("/en/talk/", "appointment.ics", "Appointment"), ("/nl/talk/", "afspraak.ics", "Afspraak")],
    ids=["en", "nl"],
)
def test_the_slip_holds_a_calendar_file_that_says_a_time_and_one_word(
    pages: Pages, served: Served, stores: Stores, address: str, name: str, said: str
) -> None:
    slip = booked(pages, served, address=address)

    file = file_of(slip)

    (talk,), (event,) = bookings(stores.helpline), icalendar.Calendar.from_ical(file).events
    assert [it.get("download") for it in slip.all("a") if it.get("download")] == [name]
    assert (event.start, event.end, str(event["summary"])) == (talk.starts_at, talk.ends_at, said)
    code = code_of(slip).replace(" ", "")
    secrets = [code, talk.id, "invented", "localhost", "+31", f"{served.clock():%Y%m%dT%H%M}"]
    assert not [it for it in secrets if it.lower() in file.decode().lower()]
    assert set(words(slip.all("p", class_="code")[1]).split(" – ")) <= CALL_WORDS[address]
    assert said_in(file).isdisjoint(CALL_WORDS[address])


def test_a_moved_talk_comes_with_the_file_of_its_new_time(pages: Pages, served: Served, stores: Stores) -> None:
    code = code_of(booked(pages, served, time=5))
    form = pages.send(pages.send(pages.get("/en/talk/code"), {"code": code}), {})
    served.clock.wait(seconds=10)
    moved = pages.send(form, {"time": times_of(form)[0], "way": "you_ring"})

    (talk,), (event,) = bookings(stores.helpline), icalendar.Calendar.from_ical(file_of(moved)).events
    assert event.start == talk.starts_at


def test_two_visitors_of_one_time_get_the_same_file(pages: Pages, served: Served) -> None:
    """So neither the code is in it nor the call words, which follow from the code."""
    first = booked(pages, served)
    second = booked(pages, served)

    assert code_of(first) != code_of(second)
    assert file_of(first) == file_of(second)
