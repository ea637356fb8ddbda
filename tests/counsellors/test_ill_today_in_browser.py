"""Ill today, as somebody does it with a keyboard alone, in a browser that runs no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.counsellors.test_in_browser import check, enter
from tests.support.browser import PHONE, Visit, visiting
from tests.support.ill_today import HOUR, holders, let_the_other_work
from tests.support.loopback import answering
from tests.support.office import Office

FOCUSED = "document.activeElement.matches('a, button') ? document.activeElement.innerText : ''"
"""While a page is new its body has the focus, and holds every word."""

MOST_STROKES = 60
"""At a stroke a second, and twice that to read, six talks are handed over within three minutes."""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Visit]:
    """Give an empty page on a telephone that runs no script."""
    with visiting(chromium, size=PHONE) as visit:
        yield visit


def strokes_to(page: Page, words: str) -> int:
    """Skip to the page, reach the link or button *words* with Tab, press it, and return how many strokes that took."""
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for stroke in range(3, MOST_STROKES):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return stroke + 1
    raise AssertionError(words)


def test_six_talks_are_handed_over_with_the_keyboard_alone(office: Office, phone: Visit) -> None:
    for hour in range(1, 7):
        office.book(after=hour * HOUR)
    let_the_other_work(office)
    page = phone.page
    with answering(office.site) as address:
        enter(page, office, office.cast.coordinator, address=address)
        page.wait_for_selector("#today")
        strokes = strokes_to(page, "Ill, or unable to go on: hand over")
        check(phone, office, path="ill today")
        strokes += strokes_to(page, "Away from now on")
        check(phone, office, path="what stands")
        strokes += strokes_to(page, "Hand them over")
        check(phone, office, path="what is handed over")

    assert holders(office) == ["bram"] * 6
    assert strokes < MOST_STROKES
