"""Every page of the visitors' site in a real browser: for everybody, at any size, without script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.test import Client

from selfhelp.site import addresses
from tests.support.browser import PHONE, Visit, visiting
from tests.support.visitors import Served

ELEMENT = re.compile(r'<[a-z0-9]+|class="[^"]*"|type="?[a-z]+|aria-[a-z]+')
WORD = re.compile(r"[^\W\d_]+(?![^<]*>)")
TEXT_SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
LEAST_TARGET = 24
"""Pixels of a side (WCAG 2.2, 2.5.8); links inside a sentence are excepted."""

WIDE_LETTERS = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }"
TWICE_AS_LARGE: ViewportSize = {"width": 640, "height": 400}
"""A desktop of 1280 pixels at 200 per cent."""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """least => [...document.querySelectorAll("a, button, input, summary, label")]
    .filter(it => it.offsetParent && !it.closest("p, li:not(.doors li):not(.more li), dd, .skip"))
    .map(it => [it.outerHTML.slice(0, 80), (it.closest("label") || it).getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([html]) => html)"""
UNDER_THE_BAR = """() => {
    const focused = document.activeElement.getBoundingClientRect();
    const bar = document.getElementById("exit").getBoundingClientRect();
    return !["exit", ""].includes(document.activeElement.id || document.activeElement.tagName.replace("BODY", ""))
        && focused.top < bar.bottom && focused.bottom > bar.top
        && focused.right > bar.left && focused.left < bar.right;
}"""


@pytest.fixture(scope="module")
def paths(library_site: Served) -> list[str]:
    """Give every page to read or to fill in."""
    found = addresses(library_site.site.flask, services=library_site.services())
    return sorted({address.path for address in found if address.path[1:4] in {"nl/", "en/"}})


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Visit]:
    """Give a telephone of 320 pixels, without script."""
    with visiting(chromium, size=PHONE) as visit:
        yield visit


def filled_wrongly(page: Page, address: str) -> Iterator[str]:
    """Bring *page* to each kind of error page, and say which."""
    page.goto(f"{address}/en/talk/")
    page.get_by_role("button", name="Book this talk").click()
    yield "missing fields"
    page.goto(f"{address}/nl/talk/code")
    page.locator("#code").fill("N0M X7M GEH")
    page.locator("main button").first.click()
    yield "a wrong code"
    page.goto(f"{address}/en/read/0/3")
    page.locator("#plan-then").fill("a small step")
    page.get_by_role("button", name="Show what I wrote").click()
    yield "an exercise shown back"
    page.goto(f"{address}/en/nothing")
    yield "a page that is not there"


@pytest.fixture(scope="module")
def kinds(library_site: Served, paths: list[str]) -> list[str]:
    """Give one page of each kind: two pages of one kind are made of the same elements, and differ in words alone.

    It is the one with the longest word.
    """
    client = Client(library_site.site)
    pages = {path: client.get(path).get_data(as_text=True) for path in paths}
    by_word = sorted(paths, key=lambda path: max(map(len, WORD.findall(pages[path]))))
    return list({frozenset(ELEMENT.findall(pages[path])): path for path in by_word}.values())


def test_axe_finds_nothing_on_any_kind_of_page(visit: Visit, address: str, kinds: list[str]) -> None:
    for path in kinds:
        visit.page.goto(address + path)
        assert visit.accessibility_findings() == [], path


@pytest.mark.long
def test_axe_finds_nothing_on_any_page(visit: Visit, address: str, paths: list[str]) -> None:
    for path in paths:
        visit.page.goto(address + path)
        assert visit.accessibility_findings() == [], path


def test_axe_finds_nothing_on_pages_with_faults(visit: Visit, address: str) -> None:
    for state in filled_wrongly(visit.page, address):
        assert visit.accessibility_findings() == [], state


@dataclass(frozen=True)
class Look:
    """One page on a telephone: pixels that are off its side, at several sizes; targets; the way out."""

    path: str
    second_stop: str
    exit_when_scrolled: float
    small_targets: list[str]
    sideways: dict[str, int]


@pytest.fixture(scope="module")
def looks(chromium: Browser, address: str, kinds: list[str]) -> list[Look]:
    """Open a page of each kind once and look at all of it."""
    with visiting(chromium, size=PHONE) as visit:
        return [look_at(visit.page, address, path) for path in kinds]


def look_at(page: Page, address: str, path: str) -> Look:
    """Open *path* and measure it."""
    page.goto(address + path)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    second_stop = str(page.evaluate("document.activeElement.id"))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    box = page.locator("#exit").bounding_box()
    assert box is not None
    small = list(page.evaluate(SMALL_TARGETS, LEAST_TARGET))
    sideways = {"telephone": int(page.evaluate(SIDEWAYS))}
    page.evaluate(WIDE_LETTERS, TEXT_SPACING)
    sideways["wide letters"] = int(page.evaluate(SIDEWAYS))
    page.evaluate(WIDE_LETTERS, "")
    page.set_viewport_size(TWICE_AS_LARGE)
    sideways["at 200 per cent"] = int(page.evaluate(SIDEWAYS))
    page.set_viewport_size(PHONE)
    return Look(path, second_stop, box["y"], small, sideways)


@pytest.mark.long
def test_nothing_on_any_page_has_to_be_scrolled_sideways(chromium: Browser, address: str, paths: list[str]) -> None:
    with visiting(chromium, size=PHONE) as visit:
        for path in paths:
            look = look_at(visit.page, address, path)
            assert (max(look.sideways.values()), look.small_targets) == (0, []), path


@pytest.mark.parametrize("how", ["telephone", "at 200 per cent", "wide letters"])
def test_nothing_has_to_be_scrolled_sideways(looks: list[Look], how: str) -> None:
    assert {look.path: look.sideways[how] for look in looks if look.sideways[how] > 0} == {}


@pytest.mark.parametrize("size", [PHONE, TWICE_AS_LARGE], ids=["telephone", "at 200 per cent"])
def test_no_fault_has_to_be_scrolled_sideways(chromium: Browser, address: str, size: ViewportSize) -> None:
    with visiting(chromium, size=size) as visit:
        for state in filled_wrongly(visit.page, address):
            assert visit.page.evaluate(SIDEWAYS) <= 0, state


def test_targets_are_large_enough_for_a_trembling_finger(looks: list[Look]) -> None:
    assert {look.path: look.small_targets for look in looks if look.small_targets} == {}


def test_the_way_out_is_two_tabs_away_and_stays_in_sight(looks: list[Look]) -> None:
    for look in looks:
        assert look.second_stop == "exit", look.path
        assert 0 <= look.exit_when_scrolled < PHONE["height"] / 4, look.path


def test_what_has_the_focus_is_never_under_the_bar(phone: Visit, address: str) -> None:
    for path in ("/nl/talk/", "/nl/now", "/nl/"):
        phone.page.goto(address + path)
        for key in ["Tab"] * 25 + ["Shift+Tab"] * 20:
            phone.page.keyboard.press(key)
            assert not phone.page.evaluate(UNDER_THE_BAR), (
                path,
                phone.page.evaluate("document.activeElement.outerHTML"),
            )


def test_the_skip_link_can_be_seen_when_it_has_the_focus(phone: Visit, address: str) -> None:
    phone.page.goto(f"{address}/nl/")
    phone.page.keyboard.press("Tab")

    box = phone.page.get_by_text("Naar de tekst").bounding_box()

    assert box is not None
    assert box["x"] >= 0


def test_the_error_summary_leads_to_the_field(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/en/talk/code")
    page.locator("main button").first.click()

    page.get_by_role("alert").get_by_role("link").click()

    assert page.evaluate("document.activeElement.id") == "code"


def test_a_page_is_one_request_and_keeps_nothing(chromium: Browser, address: str, kinds: list[str]) -> None:
    with visiting(chromium, script=True) as visit:
        asked: list[str] = []
        said: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        visit.page.on("console", lambda message: said.append(message.text))
        for path in kinds:
            asked.clear()
            visit.page.goto(address + path)
            assert [url for url in asked if not url.startswith("data:")] == [address + path]
        assert not said
        assert not visit.page.context.cookies()
        assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0
