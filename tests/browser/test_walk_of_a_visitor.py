"""The whole way of a visitor, in both languages and over both databases, by the pages alone and without script."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from helpline.callbacks.booking import SlotTakenError
from helpline.callbacks.rota import ATOM_MINUTES
from helpline.codes import read_code
from helpline.settings.programme import Way
from tests.support.browser import Visit
from tests.support.loopback import answering
from tests.support.stores import Stores
from tests.support.talks import WISH, request
from tests.support.visitors import Served
from tests.support.walking import LANGUAGES, answered, is_in
from tests.support.world import World

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
    for _ in range(2):
        answered(page, "main form button:visible")
    page.locator("#plan-then").fill("kanariestapqv")
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
