"""What a shared device keeps of a visit: the whole profile of a real Chromium is searched for what was typed."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from helpline.callbacks.keeping import TOKEN_LEAST_AGE
from helpline.codes import draw_code, grouped
from tests.support.demo import OpenedDemo
from tests.support.running import Running, running_visitors_site
from tests.support.search import named, search
from tests.support.shared_device import Device, shared_device
from tests.support.unguarded import HIDDEN_PASSWORD, NO_AUTOCOMPLETE, unguarded

PATIENCE_SECONDS = 180
LOOK_SECONDS = 0.2
RIPE_SECONDS = TOKEN_LEAST_AGE.total_seconds() + 1.1
"""A token holds the second it was made in, so it may seem a second younger than it is."""

EXERCISE, TALK, CODE = "/en/read/0/3", "/en/talk/", "/en/talk/code"
Words = Mapping[str, list[str]]


@dataclass(frozen=True)
class Visitor:
    """Somebody whose every word can be told from all others. The number is kept for films."""

    name: str
    number: str
    unknown_code: str
    time: int = 0
    """Which of the offered times is hers: a time that another has taken is still on the page for half a minute."""

    def words(self, slip: "Slip | None" = None) -> Words:
        """Return what to search for, by name, in every spelling."""
        digits = self.number.replace(" ", "")
        words = {
            "answer": [self.answer],
            "unsent": [self.unsent],
            "number": [self.number, digits, digits.removeprefix("+49"), digits.replace("+49", "0")],
            "unknown code": spellings(self.unknown_code),
        }
        return words if slip is None else words | {"code": spellings(slip.code), "call words": [slip.call_words]}

    @property
    def answer(self) -> str:
        """Return what she types into the exercise."""
        return f"moment{self.name}qv"

    @property
    def unsent(self) -> str:
        """Return what she types and does not send."""
        return f"unsent{self.name}qv"


@dataclass(frozen=True)
class Slip:
    """What she is shown once."""

    code: str
    call_words: str


def visitor(name: str, *, number: str, time: int = 0) -> Visitor:
    """Return a visitor with a code that nobody was given."""
    return Visitor(name, number, grouped(draw_code(language="en")), time)


def spellings(code: str) -> list[str]:
    """Return *code* as it is shown, and as somebody types it."""
    return [code, code.replace(" ", ""), code.replace(" ", "-"), code.replace(" ", "").lower()]


@pytest.fixture(scope="module")
def site(filled: OpenedDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve the visitors' site."""
    with running_visitors_site(filled, tmp_path_factory.mktemp("traces")) as running:
        yield running


@pytest.fixture
def device(chromium: Browser, tmp_path: Path) -> Iterator[Device]:
    """Give a new profile and a browser that uses it."""
    with shared_device(chromium, tmp_path / "profile") as device:
        yield device


@dataclass
class Walk:
    """What *who* does at *site* on *device*: each form that is sent stays open in a tab of its own."""

    device: Device
    site: str
    who: Visitor
    script: bool = True

    def do_all(self) -> Slip:
        """Fill in every form of the site, and send it to every answer that it can have."""
        slip = self.send_all()
        self.answer_and_change()
        self.use_code(slip, then="Destroy my number now")
        self.type_and_leave_open()
        return slip

    def send_all(self) -> Slip:
        """Fill in every form of the site and send it; the answers stay open, and show what was sent."""
        talk, opened = self._open(TALK), time.monotonic()
        self.answer()
        self.use_unknown_code()
        self.refuse_number()
        slip = self.book(talk, opened=opened)
        self.use_code(slip)
        return slip

    def answer(self) -> None:
        """Send the exercise; the answers are shown."""
        page = self._open(EXERCISE)
        page.get_by_label("If …").press_sequentially(self.who.answer)
        self._press(page, "Show what I wrote", heading="What you wrote")

    def answer_and_change(self) -> None:
        """Send the exercise and go back by our own button; the answers stand in the fields."""
        page = self._open(EXERCISE)
        page.get_by_label("then I …").press_sequentially(self.who.answer)
        self._press(page, "Show what I wrote", heading="What you wrote")
        self._press(page, "Change something", heading="Your plan")

    def use_unknown_code(self) -> None:
        """Send a code that nobody was given."""
        page = self._open(CODE)
        page.get_by_label("Your code").press_sequentially(self.who.unknown_code)
        self._press(page, "Show my talk", heading="Your code")

    def refuse_number(self) -> None:
        """Send a number without a time, so that the form comes back with it."""
        page = self._open(TALK)
        self._give_number(page, self.who.number)
        self._press(page, "Book this talk", heading="Talk with somebody")

    def book(self, page: Page, *, opened: float) -> Slip:
        """Send a number and all choices, and read the slip, once the form has been open for long enough."""
        page.locator("input[name=time]").nth(self.who.time).check()
        self._give_number(page, self.who.number)
        page.wait_for_timeout(max(0.0, RIPE_SECONDS - (time.monotonic() - opened)) * 1_000)
        self._press(page, "Book this talk", heading="Your talk is booked")
        code, words = page.locator(".code").all_inner_texts()
        return Slip(code, words)

    def use_code(self, slip: Slip, *, then: str | None = None) -> None:
        """Send the code of the slip, and press a button of the page that comes."""
        page = self._open(CODE)
        page.get_by_label("Your code").press_sequentially(slip.code)
        self._press(page, "Show my talk", heading="Your talk")
        if then is not None:
            self._press(page, then, heading="It is done")

    def type_and_leave_open(self) -> None:
        """Type into every text field of the site and send nothing."""
        page = self._open(EXERCISE)
        page.get_by_label("then I …").press_sequentially(self.who.unsent)
        page = self._open(CODE)
        page.get_by_label("Your code").press_sequentially(self.who.unsent)
        page = self._open(TALK)
        self._give_number(page, self.who.unsent)

    def _give_number(self, page: Page, number: str) -> None:
        page.locator("input[name=way][value=we_ring]").check()
        page.get_by_label("Your telephone number").press_sequentially(number)

    def _open(self, path: str) -> Page:
        return self.device.open_tab(self.site + path, script=self.script)

    def _press(self, page: Page, button: str, *, heading: str) -> None:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=PATIENCE_SECONDS * 1_000)


def wait_until_written(device: Device, site: Running, *, name: str) -> None:
    """Wait until the browser has written what it was told until now.

    A form without its guards is filled in last of all; once that is on the disk, what came before it is too. So this
    is a control as well: Chromium writes what is typed, or the proof fails.
    """
    last = visitor(name, number="+49 171 39200 12")
    with unguarded(site.url, without=[NO_AUTOCOMPLETE]) as door:
        Walk(device, door, last).type_and_leave_open()
        wanted = {"unsent": [last.unsent]}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not search(device.profile, wanted):
            assert time.monotonic() < deadline, "Chromium writes no typed word any more: this proof proves nothing"
            time.sleep(LOOK_SECONDS)


def go_on_and_back(page: Page) -> None:
    """Read another page, and press Back."""
    page.get_by_role("link", name="Who we are").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who we are", timeout=PATIENCE_SECONDS * 1_000)
    back(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Who we are", timeout=PATIENCE_SECONDS * 1_000)


def back(page: Page) -> None:
    """Press Back; a page to read may come from memory, and then nothing is loaded that could be waited for."""
    page.go_back(wait_until="commit")


def reload(page: Page) -> None:
    """Press Reload; a browser driven by a test sends again without asking."""
    page.reload()


def leave(page: Page) -> None:
    """Leave by the exit."""
    page.locator("#exit").click()
    expect(page).to_have_title("Somewhere else", timeout=PATIENCE_SECONDS * 1_000)


def test_neither_a_kill_nor_leaving_nor_going_back_puts_a_word_on_the_disk(site: Running, device: Device) -> None:
    anna = visitor("anna", number="+49 171 39200 34")
    slip = Walk(device, site.url, anna).do_all()
    tabs = device.context.pages[1:]
    wait_until_written(device, site, name="zoe")
    shown = search(device.profile, anna.words(slip))  # what a kill at this moment would leave
    for page, look_again in zip(tabs, cycle((go_on_and_back, reload)), strict=False):
        look_again(page)
        seen = page.content()
        assert not [word for spelt in anna.words(slip).values() for word in spelt if word in seen], page.url
        leave(page)
        back(page)
        expect(page).not_to_have_title("Somewhere else", timeout=PATIENCE_SECONDS * 1_000)
        with suppress(Error):  # there may be nothing further back
            back(page)
    wait_until_written(device, site, name="yara")
    device.kill()

    assert shown == []
    assert search(device.profile, anna.words(slip)) == []


def test_without_script_leaving_by_the_exit_puts_no_word_on_the_disk(site: Running, device: Device) -> None:
    bram = visitor("bram", number="+49 171 39200 56", time=4)
    slip = Walk(device, site.url, bram, script=False).send_all()
    for page in device.context.pages[1:]:
        leave(page)
    wait_until_written(device, site, name="xena")
    device.close()

    assert search(device.profile, bram.words(slip)) == []


def test_without_script_somebody_who_goes_back_makes_chromium_write_what_was_sent(
    site: Running, device: Device
) -> None:
    """A limit that we state (docs/threat-model.md), and the control of the script's line that closes it."""
    dirk = visitor("dirk", number="+49 171 39200 90")
    Walk(device, site.url, dirk, script=False).answer()
    page = device.context.pages[-1]
    leave(page)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        back(page)
    wait_until_written(device, site, name="walt")
    device.kill()

    assert named(search(device.profile, dirk.words())) == {"answer"}


def test_without_the_macros_hidden_field_what_was_sent_is_found(site: Running, device: Device) -> None:
    carla = visitor("carla", number="+49 171 39200 78", time=8)
    with unguarded(site.url, without=[HIDDEN_PASSWORD]) as door:
        slip = Walk(device, door, carla, script=False).send_all()
        wait_until_written(device, site, name="vera")
    device.kill()

    assert named(search(device.profile, carla.words(slip))) == {"answer", "number", "code", "unknown code"}
