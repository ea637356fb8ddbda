"""The whole way of a visitor, by the pages alone, without script, in both languages."""

import os
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Visit
from tests.support.visitors import Served


@dataclass(frozen=True)
class Said:
    """What the pages say in one language."""

    language: str
    talk: str
    book: str
    booked: str
    show: str
    stands: str
    cancel: str
    cancelled: str
    unknown: str
    destroy: str
    destroyed: str
    something: str


DUTCH = Said(
    language="nl",
    talk="Praat met iemand",
    book="Maak deze afspraak",
    booked="Je afspraak staat",
    show="Toon mijn gesprek",
    stands="Je gesprek staat.",
    cancel="Zeg dit gesprek af",
    cancelled="Je gesprek is afgezegd",
    unknown="Geen gesprek gevonden",
    destroy="Vernietig nu mijn nummer",
    destroyed="Je nummer is vernietigd",
    something="Nog iets aanpassen",
)
ENGLISH = Said(
    language="en",
    talk="Talk with somebody",
    book="Book this talk",
    booked="Your talk is booked",
    show="Show my talk",
    stands="Your talk stands.",
    cancel="Cancel this talk",
    cancelled="Your talk is cancelled",
    unknown="No talk found",
    destroy="Destroy my number now",
    destroyed="Your number is destroyed",
    something="Something to fix",
)


@pytest.fixture(params=[DUTCH, ENGLISH], ids=["Dutch", "English"])
def said(request: pytest.FixtureRequest) -> Said:
    found: Said = request.param
    return found


def open_form(page: Page, address: str, *, said: Said, library_site: Served) -> None:
    """Go from the front page to the form, and look at it for ten seconds."""
    page.goto(f"{address}/{said.language}/")
    page.get_by_role("link", name=said.talk, exact=True).click()
    library_site.clock.wait(seconds=10)


def look_up(page: Page, address: str, code: str, *, said: Said) -> None:
    """Come back with a code."""
    page.goto(f"{address}/{said.language}/talk/code")
    page.locator("#code").fill(code)
    page.get_by_role("button", name=said.show).click()


def test_a_visitor_books_and_cancels(visit: Visit, address: str, said: Said, library_site: Served) -> None:
    page = visit.page
    open_form(page, address, said=said, library_site=library_site)
    page.get_by_role("button", name=said.book).click()
    expect(page.get_by_role("alert")).to_contain_text(said.something)

    page.locator("input[name=time]").last.check()
    page.locator("input[value=you_ring]").check()
    expect(page.locator("#number")).to_be_hidden()
    page.get_by_role("button", name=said.book).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(said.booked)
    code = page.locator(".code").first.inner_text()
    call_words = page.locator(".code").last.inner_text()
    look_up(page, address, code.lower(), said=said)
    expect(page.get_by_text(said.stands)).to_be_visible()
    assert page.locator(".code").inner_text() == call_words
    page.get_by_role("button", name=said.cancel).click()
    expect(page.get_by_text(said.cancelled)).to_be_visible()
    look_up(page, address, code, said=said)
    expect(page.get_by_role("alert")).to_contain_text(said.unknown)


def test_a_visitor_saves_the_time_and_moves_the_talk(visit: Visit, address: str, library_site: Served) -> None:
    page = visit.page
    open_form(page, address, said=ENGLISH, library_site=library_site)
    page.locator("input[name=time]").last.check()
    page.locator("input[value=you_ring]").check()
    page.get_by_role("button", name=ENGLISH.book).click()
    assert visit.accessibility_findings() == []
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save a file with this time").click()
    saved = saving.value.path()
    marks = {name: os.getxattr(saved, name) for name in os.listxattr(saved)}
    host = address.partition("//")[2]
    assert saving.value.suggested_filename == "appointment.ics"
    assert saved.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert host.encode() not in saved.read_bytes() + b"".join(marks.values())

    code = page.locator(".code").first.inner_text()
    look_up(page, address, code, said=ENGLISH)
    assert visit.accessibility_findings() == []
    page.locator("button[name=time]").first.click()
    earliest = page.locator("input[name=time]").first
    expect(earliest).to_be_checked()
    library_site.clock.wait(seconds=10)
    page.get_by_role("button", name="Move my talk").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose who rings.")
    assert visit.accessibility_findings() == []
    page.locator("input[value=we_ring]").check()
    page.locator("#number").fill("+31 6 12345678")
    page.get_by_role("button", name="Move my talk").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your talk has another time")
    assert page.locator(".code").first.inner_text() == code
    look_up(page, address, code, said=ENGLISH)
    expect(page.locator("button[name=time]")).to_have_count(0)


def test_a_visitor_leaves_a_number_and_has_it_destroyed(
    visit: Visit, address: str, said: Said, library_site: Served
) -> None:
    page = visit.page
    open_form(page, address, said=said, library_site=library_site)
    page.locator("input[name=time]").last.check()
    page.locator("input[value=we_ring]").check()
    page.locator("#number").fill("0900 1450")
    page.get_by_role("button", name=said.book).click()
    expect(page.locator("#number")).to_have_value("0900 1450")

    page.locator("#number").fill("+31 6 12345678")
    page.get_by_role("button", name=said.book).click()
    code = page.locator(".code").first.inner_text()
    look_up(page, address, code, said=said)
    page.get_by_role("button", name=said.destroy).click()

    expect(page.get_by_text(said.destroyed)).to_be_visible()
    look_up(page, address, code, said=said)
    expect(page.get_by_text(said.destroyed)).to_be_visible()


def test_a_reload_of_the_slip_shows_the_same_code(visit: Visit, address: str, said: Said, library_site: Served) -> None:
    page = visit.page
    open_form(page, address, said=said, library_site=library_site)
    page.locator("input[name=time]").last.check()
    page.locator("input[value=you_ring]").check()
    page.get_by_role("button", name=said.book).click()
    code = page.locator(".code").first.inner_text()

    page.reload()

    assert page.locator(".code").first.inner_text() == code
    look_up(page, address, code, said=said)
    page.get_by_role("button", name=said.cancel).click()


def test_a_change_of_language_keeps_what_was_typed(visit: Visit, address: str, library_site: Served) -> None:
    page = visit.page
    open_form(page, address, said=DUTCH, library_site=library_site)
    page.locator("#number").fill("06 1234")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH.talk)
    expect(page.locator("#number")).to_have_value("06 1234")


def test_other_days_lose_nothing_and_enter_books(visit: Visit, address: str, library_site: Served) -> None:
    page = visit.page
    open_form(page, address, said=ENGLISH, library_site=library_site)
    page.locator("input[value=we_ring]").check()
    page.locator("#number").fill("06 1234")
    page.get_by_role("button", name=ENGLISH.book).click()

    page.get_by_role("button", name="Later days").click()

    expect(page.locator("#number")).to_have_value("06 1234")
    page.locator("#number").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(ENGLISH.something)


def test_an_exercise_is_filled_in_changed_and_forgotten(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/en/")
    page.get_by_role("link", name="The first five minutes").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.locator("[value=alone]").check()
    page.locator("#plan-then").fill("I ring somebody")
    page.get_by_role("button", name="Show what I wrote").click()
    expect(page.locator("dl")).to_contain_text("I ring somebody")

    page.get_by_role("button", name="Change something").click()
    expect(page.locator("#plan-then")).to_have_value("I ring somebody")
    page.get_by_role("button", name="Show what I wrote").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    assert saving.value.suggested_filename == "note.html"
    page.get_by_role("button", name="Keep nothing").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Done for today")
