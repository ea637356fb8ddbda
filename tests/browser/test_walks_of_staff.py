"""The whole way of counsellor, coordinator and programme staff, in both languages, without script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from helpline.usage.invented import fill_counts
from tests.support.browser import Visit
from tests.support.cast import Player
from tests.support.contact import contact_tables, counted
from tests.support.loopback import answering
from tests.support.office import Office
from tests.support.walking import LANGUAGES, SHOWN, answered, is_in


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office_address(office: Office) -> Iterator[str]:
    with answering(office.site) as address:
        yield address


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
    assert receipt.words[0] in page.inner_text("main")
    page.check("input[value=held]")
    assert member.press("/outcome") in SHOWN
    assert page.locator("[role=status]").inner_text().strip()
    assert receipt.words[0] not in page.content()
    assert member.press("/contact") in SHOWN  # nothing of it was said
    page.locator("main a[href='/contact']").click()
    page.check("input[name=contact_channel] >> nth=0")
    assert member.press("/contact") in SHOWN
    assert len(counted(office)) == 2 * len(contact_tables(office))

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


def downloaded(page: Page) -> Download:
    """Return what the button of all tables gives."""
    with page.expect_download() as saving:
        page.locator("form[action='/counts/files'] button").click()
    return saving.value


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
    assert downloaded(page).suggested_filename.endswith(".xlsx")
    page.locator("#kind-of-all").select_option("csv")
    downloaded(page).save_as(tmp_path / "file.csv")
    lines = (tmp_path / "file.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("#")
    assert any("margin95" in line for line in lines)
    for path in ("/week", "/hours", "/staff", "/roster"):
        answer = page.goto(office_address + path)
        assert answer is not None
        assert answer.status == 403
        is_in(page, language)
        assert page.get_by_role("heading", level=1).inner_text()
