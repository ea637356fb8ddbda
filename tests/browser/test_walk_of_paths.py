"""Each path of the programme walked in Chromium without script: answers live as long as the walk, and no longer."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, PdfMargins
from pypdf import PdfReader

from helpline.programme.pages import load_pages
from helpline.programme.paths import Path as Course
from helpline.programme.paths import paths_of
from tests.support.browser import PHONE, visiting
from tests.support.walking import LANGUAGES, SHOWN, answered, is_in

COURSES = paths_of(load_pages(languages=LANGUAGES))
ASKING = sorted({number for (_, number), course in COURSES.items() if course.asks})
READING = sorted({number for (_, number), course in COURSES.items() if not course.asks})
ALWAYS = {("nl", 2), ("nl", 4), ("en", 41)}
"""A plan of lists, a diary of rows, young people's plan. A page costs a browser a quarter of a second."""

PLANS = (2, 14, 41)
"""The safety plans: people print these."""

FILL = """mark => [...document.querySelectorAll("main input")].filter(it => it.offsetParent).map(it => {
    if (it.type === "text") it.value = it.value || `${it.name} "é" <i> ${mark}`.slice(0, it.maxLength);
    if (it.type === "radio" && it.value !== "0") it.checked = true;
    return it.type === "text" ? it.value : "";
}).filter(it => it)"""
FILLED_IN = """() => [...document.querySelectorAll("main form [name]")]
    .filter(it => it.type === "text" || it.checked || it.type === "hidden")
    .filter(it => !["token", "stage", "at"].includes(it.name)).map(it => `${it.name}=${it.value}`).sort()"""

GO_ON = "main form button:visible:not(.second)"
BACK = "main button[formaction]"
MARGINS: PdfMargins = {"top": "1cm", "bottom": "1cm", "left": "1cm", "right": "1cm"}
"""What a browser leaves for the address, the title and the date that it prints of its own accord."""


def other(language: str) -> str:
    """Return the language that is not *language*."""
    return next(it for it in LANGUAGES if it != language)


def filled_in(page: Page) -> list[str]:
    """Return what the form holds, seen and unseen."""
    return [str(it) for it in page.evaluate(FILLED_IN)]


def steps_aside(page: Page, language: str) -> None:
    """Go back and on again, send once more, change the language and change it back: nothing is lost."""
    before = filled_in(page)
    if page.locator(BACK).count():
        assert answered(page, BACK) in SHOWN
        assert answered(page, GO_ON) in SHOWN
        assert filled_in(page) == before
    for tongue in (other(language), language):
        assert answered(page, f"main button[name=lang][value={tongue}]") in SHOWN
        is_in(page, tongue)
        assert filled_in(page) == before
    page.reload()
    assert filled_in(page) == before


def walk(page: Page, course: Course, *, language: str, mark: str = "x") -> list[str]:
    """Walk *course* up to the sheet that shows all answers, and return what was typed."""
    typed: list[str] = []
    for number in course.numbers[: course.numbers.index(course.last_asking) + 1]:
        assert page.locator("aside.crisis").count() == 1
        typed += page.evaluate(FILL, mark)
        if course.pages[number].fields:
            steps_aside(page, language)
        button = GO_ON if course.pages[number].next else ".doors a"
        assert answered(page, button) in SHOWN
    return typed


def shown(page: Page) -> str:
    """Return what the sheet says."""
    return page.locator("dl").inner_text()


@pytest.mark.parametrize(
    ("language", "number"),
    [
        pytest.param(language, number, marks=[] if (language, number) in ALWAYS else pytest.mark.long)
        for language in LANGUAGES
        for number in ASKING
    ],
)
def test_a_path_is_walked_and_its_file_is_opened_again(
    chromium: Browser, address: str, tmp_path: Path, language: str, number: int
) -> None:
    course = COURSES[language, number]
    with visiting(chromium, size=PHONE) as visit:
        page = visit.page
        page.goto(address + course.pages[course.numbers[0]].address)
        typed = walk(page, course, language=language)
        sheet = shown(page)
        assert [text for text in typed if text not in sheet] == []
        page.reload()
        assert shown(page) == sheet

        with page.expect_download() as coming:
            page.locator("button[value=save]").click()
        coming.value.save_as(tmp_path / "kept.html")
        answered(page, "button[value=nothing]")
        assert not any(text in page.content() for text in typed)

        page.goto(address + course.pages[course.first_asking].address)
        page.locator("summary").first.click()
        page.set_input_files("#file", tmp_path / "kept.html")
        assert answered(page, "button[value=open]") in SHOWN
        while page.locator("button[value=show]:visible").count() == 0:
            assert answered(page, GO_ON) in SHOWN
        answered(page, GO_ON)
        assert shown(page) == sheet


@pytest.mark.parametrize("number", READING)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_path_to_read_is_walked_by_its_own_links(chromium: Browser, address: str, language: str, number: int) -> None:
    course = COURSES[language, number]
    with visiting(chromium, size=PHONE) as visit:
        for place in course.pages.values():
            visit.page.goto(address + place.address)
            is_in(visit.page, language)
            assert visit.page.locator("aside.crisis").count() == 1
            for link in place.links:
                assert visit.page.locator(f'main a[href="{link.address}"]').first.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", PLANS)
def test_a_plan_is_printed_on_one_sheet_that_names_nobody(
    chromium: Browser, address: str, language: str, number: int
) -> None:
    course = COURSES[language, number]
    with visiting(chromium) as visit:
        page = visit.page
        page.goto(address + course.pages[course.first_asking].address)
        title = page.title()
        while page.locator("button[value=show]:visible").count() == 0:
            page.evaluate(FILL, "and a few more words, as people write them")
            assert answered(page, GO_ON) in SHOWN
        typed = page.evaluate(FILL, "and a few more words, as people write them")
        answered(page, GO_ON)
        sheets = printed(page)
        assert len(sheets) == 1
        assert all(text[:20] in sheets[0] for text in typed)
        for telltale in ("127.0.0.1", "localhost", title, page.title(), "/20", "20:"):
            assert telltale not in sheets[0]


def test_a_page_that_does_not_ask_for_the_whole_sheet_would_name_its_address(chromium: Browser) -> None:
    with visiting(chromium) as visit:
        visit.page.goto("data:text/html,<title>Telltale</title><p>Plain")

        assert "data:text/html" in printed(visit.page)[0]


def printed(page: Page) -> list[str]:
    """Return the text of each sheet that comes out of the printer, with the lines that the browser adds."""
    sheet = page.pdf(format="A4", display_header_footer=True, prefer_css_page_size=True, margin=MARGINS)
    return [it.extract_text() for it in PdfReader(io.BytesIO(sheet)).pages]
