"""The screens of figures in a real browser: accessible in light and dark, at every width, and by keyboard alone."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from helpline.demo.elsewhere import fill_elsewhere
from helpline.usage.charts import TEXT
from helpline.usage.invented import fill_counts
from tests.counsellors.test_in_browser import check, enter
from tests.support.browser import PHONE, Visit, visiting
from tests.support.loopback import answering
from tests.support.office import Office

PATHS = (
    "/counts",
    "/counts/definitions",
    "/counts/margins",
    "/counts/arrival/week/2027",
    "/counts/path/month/2027",
    "/counts/callback/quarter/2026",
    "/counts/callback/period/quarter/2026-Q4",
    "/counts/arrival/compare/week/2027-W06/2027-W07",
    "/counts/statement/2026",
    "/counts/questions/2026",
    "/counts/report/2026",
    "/counts/missed",
    "/counts/missed/2026/12",
    "/counts/missed/day/2026-12-31",
    "/counts/outside",
    "/counts/outside/register/2026",
)


@pytest.fixture
def member(office: Office, chromium: Browser) -> Iterator[tuple[Visit, str]]:
    """Give programme staff, signed in on a telephone, with invented counts, and the address of the back office."""
    with office.stores.counts.begin() as session:
        fill_counts(session, programme=office.services.programme, now=office.clock.now)
    with office.stores.office.begin() as session:
        fill_elsewhere(session, since=date(2026, 12, 1), today=office.clock.now.date())
    with answering(office.site) as address, visiting(chromium, size=PHONE) as visit:
        enter(visit.page, office, office.cast.programme_staff, address=address)
        yield visit, address


@pytest.mark.parametrize("path", PATHS)
def test_a_screen_is_accessible_fits_and_keeps_its_text_large(
    office: Office, member: tuple[Visit, str], path: str
) -> None:
    visit, address = member
    visit.page.goto(address + path)
    check(visit, office, path=path)
    visit.page.set_viewport_size({"width": 320, "height": 800})
    for text in visit.page.locator("svg.chart text").all():
        box = text.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320, text.text_content()
    sizes = visit.page.evaluate("[...document.querySelectorAll('svg text')].map(it => getComputedStyle(it).fontSize)")
    assert set(sizes) <= {f"{TEXT}px"}


def test_a_printed_report_holds_figures_and_nothing_of_the_back_office(member: tuple[Visit, str]) -> None:
    visit, address = member
    visit.page.goto(f"{address}/counts/report/2026")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(visit.page.pdf(format="A4"))).pages]

    text = "\n".join(pages)
    assert "Yearly report 2026" in pages[0]
    assert "the true number is very likely between" in pages[0]
    assert "How this was counted" in text
    for word in ("Sign out", "My account", "Print this page", "When somebody is in danger"):
        assert word not in text
    assert all(page.strip() for page in pages)


def test_a_year_of_a_table_is_chosen_and_compared_by_keyboard(member: tuple[Visit, str]) -> None:
    visit, address = member
    page = visit.page
    page.goto(f"{address}/counts")
    page.locator("#step-arrival").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/counts/arrival/week/2026")
    page.goto(f"{address}/counts/arrival/week/2027")
    page.locator("#one").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pairs")).to_be_visible()


def test_figures_from_outside_with_faults_are_accessible_and_a_file_is_brought(
    office: Office, member: tuple[Visit, str]
) -> None:
    visit, address = member
    page = visit.page
    for said, content in (
        ("Nothing of the file is kept", b"number\n"),
        ("1 day is kept", b"day,cause,calls\n2027-02-01,closed,9\n"),
    ):
        page.goto(f"{address}/counts/missed")
        page.set_input_files("#file", {"name": "calls.csv", "mimeType": "text/csv", "buffer": content})
        page.click("form[enctype] button")
        expect(page.locator("main")).to_contain_text(said)
        check(visit, office, path=said)
    page.goto(f"{address}/counts/outside")
    page.fill("#series", "contacts")
    page.click("form.narrow button >> nth=0")
    expect(page.locator("#faults")).to_be_visible()
    check(visit, office, path="a series with faults")


def test_volumes_are_typed_and_faults_named(office: Office, member: tuple[Visit, str]) -> None:
    visit, address = member
    page = visit.page
    page.goto(f"{address}/counts/margins")
    for name, typed in {"visit": "12.000", "read": "50 000", "request": "900", "talk": "many"}.items():
        page.fill(f"#{name}", typed)
    page.click("main form button")
    check(visit, office, path="margins with faults")
    page.fill("#talk", "600")
    page.click("main form button")
    expect(page.locator("#expected")).to_be_visible()
    check(visit, office, path="margins reckoned")
