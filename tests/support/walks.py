"""An invented self-help module with every kind of field on several pages, and somebody who walks it."""

from collections.abc import Mapping
from dataclasses import replace

from helpline.programme.fields import Field
from helpline.programme.pages import Link, Page
from selfhelp.library import Library
from tests.support.exercises import DIARY, NOTE, PLAN, STEPS, SURE, WORRY
from tests.support.pages import Opened, Pages

PATH = 7
ASKED: Mapping[int, tuple[Field, ...]] = {1: (), 2: (NOTE, SURE), 3: (), 4: (WORRY, STEPS, DIARY), 5: (PLAN,), 6: ()}
"""The pages of the module, and what each asks."""

FIRST, MIDDLE, LAST_ASKING, END = 2, 4, 5, 6
"""The pages that ask something, and the last one."""

TYPED: Mapping[int, dict[str, str]] = {
    2: {"note": "“rust” & <b>kalm</b>", "sure": "3"},
    4: {"worry": "b", "steps-1": "één 'stap'", "diary-1-day": "Mon\n12:00", "diary-2-did": "🚶 عربي"},
    5: {"plan-if": 'it "rains"', "plan-then": "&amp; I stay"},
}
"""What somebody types on each page."""

ALL_TYPED = {name: text for page in TYPED.values() for name, text in page.items()}


def walked(library: Library) -> Library:
    """Return *library* with the invented module in it, in place of its own of that number."""
    pages = {key: page for key, page in library.pages.items() if not key[1].startswith(f"{PATH}/")}
    for language in {language for language, _ in pages}:
        for number, fields in ASKED.items():
            page = replace(pages[language, "0/2"], place=f"{PATH}/{number}", fields=fields, minutes=None, after=())
            onward = _onward(page, number=number)
            named = replace(page, next=onward, heading=f"Screen {number}", minutes=10 if number == 1 else None)
            pages[language, named.place] = named
    return replace(library, pages=pages)


def _onward(page: Page, *, number: int) -> Link:
    to = f"{PATH}/{number + 1}"
    leads = f"/{page.language}/" + (f"read/{to}" if number + 1 in ASKED else "talk/")
    return Link(to=to, address=leads, label="Go on", hint="")


def address(number: int, *, language: str = "en") -> str:
    """Return where page *number* of the module is."""
    return f"/{language}/read/{PATH}/{number}"


def walk(pages: Pages, *, until: int, typed: Mapping[int, dict[str, str]] = TYPED, language: str = "en") -> Opened:
    """Go by the forms from the first page to page *until*, and fill in what is *typed* on the way."""
    page = pages.get(address(1, language=language))
    for number in range(1, until):
        page = pages.send(page, typed.get(number, {}))
    return page


def sheet(pages: Pages, *, typed: Mapping[int, dict[str, str]] = TYPED) -> Opened:
    """Walk to the end of what is asked, and look at all answers."""
    return pages.send(walk(pages, until=LAST_ASKING, typed=typed), typed.get(LAST_ASKING, {}) | {"do": "show"})


def back(pages: Pages, page: Opened, filled: Mapping[str, str]) -> Opened:
    """Fill in *page* and press our own Back."""
    (button,) = [it for it in page.all("button") if (it.text or "") == "Back"]
    to = str(button.get("formaction")).partition("#")[0]
    return pages.post(to, page.fields() | dict(filled))


def kept(page: Opened) -> dict[str, str]:
    """Return what the form of *page* holds of the answers, shown or unseen, without what is empty."""
    names = {name for fields in ASKED.values() for field in fields for name in field.names}
    return {name: text for name, text in page.fields().items() if name in names and text}
