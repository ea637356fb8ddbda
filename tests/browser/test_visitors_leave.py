"""Leaving at once: by a link, and with script by three presses of Shift."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser import visiting

ELSEWHERE = "<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1>"


def answer_for_others(page: Page) -> list[str | None]:
    """Let a page of the tests stand for the one that the exit leads to; return what it was told of us."""
    told: list[str | None] = []

    def answer(route: Route) -> None:
        told.append(route.request.headers.get("referer"))
        route.fulfill(body=ELSEWHERE, content_type="text/html")

    page.route("https://**", answer)
    return told


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    with visiting(chromium, script=request.param) as visit:
        yield visit.page


def test_the_exit_leads_away_and_says_nothing_of_us(page: Page, address: str) -> None:
    told = answer_for_others(page)
    page.goto(f"{address}/nl/talk/")

    page.locator("#exit").click()

    expect(page).to_have_title("Weather")
    assert told == [None]


def test_three_presses_of_shift_leave_and_back_does_not_return_to_this_page(chromium: Browser, address: str) -> None:
    with visiting(chromium, script=True) as visit:
        page = visit.page
        answer_for_others(page)
        page.goto(f"{address}/en/")
        page.goto(f"{address}/en/read/0/3")
        page.locator("#plan-then").fill("typed and not sent")

        # In one go: on a busy machine three presses can lie more than a second apart.
        page.evaluate("for (let i = 0; i < 3; i++) dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift' }))")

        expect(page).to_have_title("Weather")
        page.go_back()
        assert page.url == f"{address}/en/"


def test_slow_presses_and_other_keys_stay(chromium: Browser, address: str) -> None:
    with visiting(chromium, script=True) as visit:
        page = visit.page
        told = answer_for_others(page)
        page.goto(f"{address}/en/")

        for key in ("Shift", "a", "Shift", "Shift", "Tab", "Shift", "Shift"):
            page.keyboard.press(key)

        expect(page).to_have_url(f"{address}/en/")
        assert not told


def test_what_is_printed_is_the_answers(chromium: Browser, address: str) -> None:
    with visiting(chromium) as visit:
        page = visit.page
        page.goto(f"{address}/en/read/0/3")
        page.locator("#plan-then").fill("a small step")
        page.get_by_role("button", name="Show what I wrote").click()

        page.emulate_media(media="print")

        expect(page.get_by_text("a small step")).to_be_visible()
        expect(page.locator("#exit")).to_be_hidden()
        expect(page.locator("form")).to_be_hidden()
        expect(page.locator("header")).to_be_hidden()
        expect(page.locator(".crisis")).to_be_hidden()
