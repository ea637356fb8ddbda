"""The whole way of each of the three users, in both languages, by the pages alone and without script.

Links and buttons are found by where they lead, so that one walk reads both languages; what is said is looked at by
the tests of each site.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.rota import ATOM_MINUTES
from helpline.codes import read_code
from helpline.settings.programme import Way
from helpline.usage.invented import fill_counts
from tests.support.browser import Visit
from tests.support.cast import Player
from tests.support.loopback import answering
from tests.support.office import Office
from tests.support.stores import Stores
from tests.support.talks import WISH, request
from tests.support.visitors import Served
from tests.support.world import World

LANGUAGES = ("nl", "en")
HTML = {"nl": "nl", "en": "en-GB"}
SHOWN = (200, 203)
"""A page to read, or one with something to fill in."""

BOOK = "main form button:not([name]):visible"
"""The one button that sends the form of a talk; the others show other days or another language."""

NUMBER = "+49 30 23125 417"
"""Berlin keeps this range for numbers in films."""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitors_address(served: Served) -> Iterator[str]:
    with answering(served.site) as address:
        yield address


@pytest.fixture
def office_address(office: Office) -> Iterator[str]:
    with answering(office.site) as address:
        yield address


def heading(page: Page) -> str:
    """Return what the page is called."""
    return page.get_by_role("heading", level=1).inner_text()


def is_in(page: Page, language: str) -> None:
    """Fail unless the page says that it is in *language*."""
    expect(page.locator("html")).to_have_attribute("lang", HTML[language])


def answered(page: Page, button: str) -> int:
    """Press *button*, a selector, and return the status of the page that comes."""
    with page.expect_navigation() as coming:
        page.locator(button).first.click()
    answer = coming.value
    assert answer is not None
    return answer.status


@dataclass
class Visitor:
    """Somebody at the visitors' site, in her language."""

    page: Page
    address: str
    language: str

    def go(self, path: str) -> None:
        """Follow the link to *path* on the page at hand."""
        self.page.locator(f"a[href='/{self.language}/{path}']").first.click()
        is_in(self.page, self.language)

    def look_up(self, code: str) -> int:
        """Type a code on its page, and return the status of the answer."""
        self.page.goto(f"{self.address}/{self.language}/talk/code")
        self.page.locator("#code").fill(code)
        return answered(self.page, "main form button:visible")

    def choose(self, number: int) -> str:
        """Choose the time with that *number* among those on the page, and we ring; return the time."""
        box = self.page.locator("input[name=time]").nth(number)
        box.check()
        self.page.locator("input[name=way][value=we_ring]").check()
        return str(box.get_attribute("value"))

    def code(self) -> str:
        """Read the code on the slip."""
        return self.page.locator(".code").first.inner_text()


def take(stores: Stores, world: World, chosen: str) -> None:
    """Let others take the time *chosen* with everybody who is free then."""
    starts_at = datetime.fromtimestamp(int(chosen) * 60 * ATOM_MINUTES, tz=UTC)
    wanted = replace(WISH, starts_at=starts_at, way=Way.YOU_RING, number=None)
    with suppress(SlotTakenError):
        for number in range(len(world.colleagues) + 1):
            request(stores.helpline, world, wanted, form=f"another {number}")


def test_a_visitor_reads_does_the_exercise_books_and_comes_back(
    visit: Visit, served: Served, visitors_address: str, stores: Stores, world: World, language: str
) -> None:
    visitor = Visitor(visit.page, visitors_address, language)
    page = visitor.page
    page.goto(f"{visitors_address}/{language}/")
    do_module_0(visitor)
    for path in ("now", "kept", "private", "who"):
        visitor.go(path)
        assert page.locator(".crisis").count() == 1

    page.goto(f"{visitors_address}/{language}/")
    visitor.go("talk/")
    served.clock.wait(seconds=10)
    assert answered(page, BOOK) == 422  # nothing is chosen
    taken = visitor.choose(2)
    page.locator("#number").fill("0900 1450")
    assert answered(page, BOOK) == 422  # nobody is rung there
    expect(page.locator("#number")).to_have_value("0900 1450")
    page.locator("#number").fill(NUMBER)
    take(stores, world, taken)
    assert answered(page, BOOK) == 409
    expect(page.locator("#number")).to_have_value(NUMBER)
    assert page.locator("input[name=way][value=we_ring]").is_checked()
    assert visitor.choose(0) != taken
    assert answered(page, BOOK) == 203
    code = visitor.code()
    assert page.locator(".code").count() == 2

    wrong = read_code(code)
    assert visitor.look_up(wrong[:-1] + ("A" if wrong[-1] != "A" else "B")) == 422
    assert visitor.look_up(code.lower().replace(" ", "-")) == 203
    is_in(page, language)
    assert answered(page, "button[value=cancel]") == 200
    assert visitor.look_up(code) == 422


def do_module_0(visitor: Visitor) -> None:
    """Go from the front page through the first module to the plan, and keep nothing."""
    page = visitor.page
    visitor.go("read/0/1")
    visitor.go("read/0/2")
    visitor.go("read/0/3")
    page.locator("#step").fill("kanariestapqv")
    answered(page, "main form button:visible")
    expect(page.locator("dl")).to_contain_text("kanariestapqv")
    answered(page, "button[value=nothing]")
    is_in(page, visitor.language)
    assert "kanariestapqv" not in page.content()


def test_an_expired_code_finds_nothing_and_says_so_kindly(
    visit: Visit, served: Served, visitors_address: str, stores: Stores, world: World, language: str
) -> None:
    visitor = Visitor(visit.page, visitors_address, language)
    receipt = request(stores.helpline, world)
    assert visitor.look_up(receipt.code) == 203
    served.clock.wait(days=3)

    assert visitor.look_up(receipt.code) == 422

    is_in(visit.page, language)
    expect(visit.page.locator("#code")).to_have_value(re.compile(re.escape(receipt.code[:3])))
    assert visit.page.get_by_role("alert").count() == 1
    assert visit.page.locator(".crisis").count() == 1
    assert visit.page.locator(f"a[href='/{language}/talk/']").count() >= 1


@dataclass
class Member:
    """Somebody of the staff at the back office, in her language."""

    page: Page
    office: Office
    player: Player
    address: str

    def sign_in(self, **changes: str) -> int:
        """Fill in the door's form, with *changes*, and return the status of the page that comes."""
        typed = self.player.credentials(self.office.clock.now)
        for name, value in {"name": typed.name, "passphrase": typed.passphrase, "code": typed.code, **changes}.items():
            self.page.fill(f"#{name}", value)
        return answered(self.page, "main form button:visible")

    def enter(self, *, language: str) -> None:
        """Come in, after a wrong code and a used one, and choose a language."""
        self.page.goto(f"{self.address}/")
        self.office.clock.wait(seconds=30)
        assert self.sign_in(code="000000") == 422
        expect(self.page.locator("#name")).to_have_value(self.player.name)
        self.office.clock.wait(seconds=30)
        assert self.sign_in() in SHOWN
        answered(self.page, "footer form button")  # out again, and in by the same code
        self.page.goto(f"{self.address}/")
        assert self.sign_in() == 422
        self.office.clock.wait(seconds=30)
        assert self.sign_in() in SHOWN
        self.page.goto(f"{self.address}/account")
        self.page.select_option("#language", language)
        answered(self.page, "form[action='/account/language'] button")
        is_in(self.page, language)

    def go(self, path: str) -> None:
        """Press the link to *path* in the bar of pages."""
        self.page.locator(f"header nav a[href='{path}']").click()

    def press(self, action: str) -> int:
        """Press the button of the form that goes to where *action* ends."""
        return answered(self.page, f"form[action$='{action}'] button")


def test_a_counsellor_signs_in_opens_a_talk_records_it_and_keeps_her_hours(
    visit: Visit, office: Office, office_address: str, language: str
) -> None:
    receipt = office.book()
    member = Member(visit.page, office, office.cast.counsellor, office_address)
    page = member.page
    member.enter(language=language)
    member.go("/")
    page.locator("#today a[href^='/talk/']").first.click()
    assert receipt.words[0] not in page.inner_text("main")
    assert member.press("/open") in SHOWN
    assert all(word in page.inner_text("main") for word in receipt.words)
    assert "+31612345678" in page.inner_text("main").replace(" ", "")
    assert member.press("/emergency") in SHOWN
    assert member.press("/open") in SHOWN
    page.check("input[value=held]")
    assert member.press("/outcome") in SHOWN
    assert page.locator("[role=status]").inner_text().strip()
    assert receipt.words[0] not in page.content()

    member.go("/week")
    member.go("/hours")
    page.fill("#starts", "19:00")
    page.fill("#ends", "21:00")
    office.clock.wait(minutes=70)  # called away: the session has ended when she comes back
    answered(page, "form:has(#starts) button:visible")
    assert page.locator("#passphrase").count() == 1
    assert member.sign_in() in SHOWN
    assert "19:00" in page.inner_text("main")
    assert answered(page, "main form button:visible") in SHOWN
    assert "19:00–21:00" in page.inner_text("main")
    is_in(page, language)


def test_a_coordinator_adds_somebody_signs_and_lets_somebody_go(
    visit: Visit, office: Office, office_address: str, language: str
) -> None:
    member = Member(visit.page, office, office.cast.coordinator, office_address)
    page = member.page
    member.enter(language=language)
    member.go("/staff")
    page.locator("main a[href='/staff/new']").click()
    assert member.press("/staff") == 422
    page.fill("#shown_name", "Fenna Kok")
    page.fill("#name", "fenna")
    assert member.press("/staff") in SHOWN
    assert len(page.locator(".secret").first.inner_text().split("-")) >= 6
    member.go("/roster")
    assert "Fenna Kok" in page.inner_text("#pending ~ ul")
    assert member.press("/roster") in SHOWN
    member.go("/staff")
    page.locator(f"main a[href='/staff/{office.cast.other.id}/leave']").click()
    assert member.press("/leave") in SHOWN
    assert page.locator("tr.gone").count() == 1
    is_in(page, language)


def test_programme_staff_take_a_file_home_and_see_no_talk(
    visit: Visit, office: Office, office_address: str, language: str, tmp_path: Path
) -> None:
    with office.stores.counts.begin() as session:
        fill_counts(session, programme=office.services.programme, now=office.clock.now)
    office.book()
    member = Member(visit.page, office, office.cast.programme_staff, office_address)
    page = member.page
    member.enter(language=language)
    member.go("/counts")
    with page.expect_download() as saving:
        page.locator("form[action^='/counts/'] button").first.click()
    saving.value.save_as(tmp_path / "file.csv")
    lines = (tmp_path / "file.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("#")
    assert any("margin95" in line for line in lines)
    for path in ("/week", "/hours", "/staff", "/roster"):
        answer = page.goto(office_address + path)
        assert answer is not None
        assert answer.status == 403
        is_in(page, language)
        assert heading(page)
