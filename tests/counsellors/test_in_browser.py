"""The back office in a real browser, without script: whole journeys, every page at every width, seen by axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from counsellors.forms.contact import BOOKED, CHANNEL
from helpline.codes import LENGTH
from tests.support.browser import PHONE, Visit, visiting
from tests.support.cast import Player
from tests.support.contact import counted, filled_in
from tests.support.keyboard import Keyboard
from tests.support.loopback import answering
from tests.support.office import Office

WIDTHS = (320, 768, 1280)

MOST_PRESSES = 20
MOST_FOR_A_RECORD = 25
"""Of keys, to record an outcome, and what kind of talk it was."""

MINUTE = 60
"""In presses: one a second is slow."""


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Give the address at which the back office answers."""
    with answering(office.site) as address:
        yield address


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Visit]:
    """Give an empty page on a telephone that runs no script."""
    with visiting(chromium, size=PHONE) as visit:
        yield visit


def enter(page: Page, office: Office, player: Player, *, address: str) -> None:
    office.clock.wait(seconds=30)
    typed = player.credentials(office.clock.now)
    page.goto(f"{address}/")
    page.fill("#name", typed.name)
    page.fill("#passphrase", typed.passphrase)
    page.fill("#code", typed.code)
    page.click("main button")


def check(visit: Visit, office: Office, *, path: str) -> None:
    """Fail if the page at hand breaks a rule of WCAG or needs sideways scrolling, in light or dark, at any width."""
    assert visit.accessibility_findings() == [], path
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 800})
        needed = visit.page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{path} needs {needed} of {width}"


def pages_of(office: Office, player: Player) -> list[str]:
    me = office.cast.counsellor.id
    both = ["/", "/week", "/day", "/book", "/contact", "/shifts", f"/hours/{me}", f"/away/{me}", "/account"]
    staff = ["/month", "/closures", "/door", "/staff", "/staff/new", f"/staff/{office.cast.other.id}/leave", "/roster"]
    staff += [f"/hand-over/{me}", "/counts/missed", "/counts/outside"]
    counts = ["/counts", "/account"]
    return {
        office.cast.counsellor.id: both,
        office.cast.coordinator.id: both + staff,
        office.cast.programme_staff.id: counts,
    }[player.id]


@pytest.mark.parametrize("who", ["counsellor", "coordinator", "programme_staff"])
def test_every_page_is_accessible_and_fits(office: Office, phone: Visit, address: str, who: str) -> None:
    office.book()
    player: Player = getattr(office.cast, who)
    enter(phone.page, office, player, address=address)
    for path in [*pages_of(office, player), "/nothing"]:
        phone.page.goto(address + path)
        check(phone, office, path=path)


def test_the_door_is_accessible_with_and_without_faults(office: Office, phone: Visit, address: str) -> None:
    phone.page.goto(f"{address}/sign-in")
    check(phone, office, path="/sign-in")
    phone.page.click("main button")
    assert phone.page.title().startswith("Verbeteren") or phone.page.title().startswith("To fix")
    check(phone, office, path="/sign-in with faults")


def test_a_counsellor_takes_a_call_from_the_day_to_the_outcome(office: Office, phone: Visit, address: str) -> None:
    receipt = office.book()
    page = phone.page
    enter(page, office, office.cast.counsellor, address=address)
    page.click("text=Call screen")
    check(phone, office, path="the talk")
    page.click("form[action$='/open'] button")
    assert receipt.words[0] in page.inner_text("main")
    check(phone, office, path="the call")
    page.check("input[value=held]")
    page.click("form[action$='/outcome'] button")
    assert "destroyed" in page.inner_text("[role=status]")
    check(phone, office, path="its record")
    page.click("main .note a")
    assert "talk held" in page.inner_text("main")
    check(phone, office, path="another talk")
    page.click("button[name=code]")
    assert len(page.inner_text(".secret").replace(" ", "")) == LENGTH
    check(phone, office, path="the code of the next talk")


def test_a_talk_is_booked_on_a_telephone_and_its_code_can_be_read_aloud(
    office: Office, phone: Visit, address: str
) -> None:
    page = phone.page
    enter(page, office, office.cast.counsellor, address=address)
    page.click("text=Book a talk")
    page.check("input[name=way][value=we_ring]")
    page.fill("#number", "12")
    page.press("#number", "Enter")
    assert page.title().startswith("To fix")
    check(phone, office, path="/book with faults")
    page.fill("#number", "06 12345678")
    page.click("button[name=turn]")
    page.check("input[name=time] >> nth=0")
    page.click("text=Book and show the code")
    assert len(page.inner_text(".secret >> nth=0").replace(" ", "")) == LENGTH
    check(phone, office, path="/book: the code")


def record_outcome(phone: Visit, office: Office, outcome: str, *, address: str) -> Keyboard:
    """Record *outcome* from the call screen by keyboard alone, and return the fingers that did it."""
    office.book()
    page = phone.page
    enter(page, office, office.cast.counsellor, address=address)
    page.click("text=Call screen")
    page.click("form[action$='/open'] button")
    keys = Keyboard(page, most=MOST_PRESSES)
    keys.skip()
    keys.choose("outcome", outcome)
    keys.to("form[action$='/outcome'] button")
    keys.press("Enter")
    return keys


@pytest.mark.parametrize("outcome", ["heavy", "not_there"])
def test_an_outcome_is_recorded_by_keyboard_alone_within_a_minute(
    office: Office, phone: Visit, address: str, outcome: str
) -> None:
    """From the call screen to the end: at one press a second, which is slow, half a minute."""
    keys = record_outcome(phone, office, outcome, address=address)

    phone.page.wait_for_url(f"{address}/")
    assert "Noted." in phone.page.inner_text("[role=status]")
    assert keys.presses <= MOST_PRESSES


@pytest.mark.parametrize("answer", [0, 1, 2])
def test_an_outcome_and_the_record_of_its_talk_take_less_than_a_minute_by_keyboard_alone(
    office: Office, phone: Visit, address: str, answer: int
) -> None:
    """The first, the second or the third answer of every list, where few will leave nothing unsaid."""
    keys, page = record_outcome(phone, office, "held", address=address), phone.page
    page.wait_for_url(f"{address}/talk/*/contact")
    before, lists = keys.presses, filled_in(office, answer=answer)
    keys.skip()
    for name in [*lists][1:]:
        keys.choose(name, lists[name])
    keys.to("form[action$='/contact'] button")
    keys.press("Enter")
    page.wait_for_url(f"{address}/")

    assert "Counted" in page.inner_text("[role=status]")
    assert dict(counted(office)) == lists | {CHANNEL: BOOKED}
    assert keys.presses - before <= MOST_FOR_A_RECORD
    assert keys.presses < MINUTE


def test_a_coordinator_adds_somebody_and_signs_the_roster(office: Office, phone: Visit, address: str) -> None:
    page = phone.page
    enter(page, office, office.cast.coordinator, address=address)
    page.click("nav >> text=Staff")
    page.click("text=Add somebody")
    page.fill("#shown_name", "Fenna Kok")
    page.fill("#name", "fenna")
    page.click("form[action='/staff'] button")
    check(phone, office, path="what is shown once")
    page.click("text=To the roster")
    page.click("form[action='/roster'] button")
    assert "The roster is signed" in page.inner_text("[role=status]")


def test_the_day_shows_a_new_talk_by_itself_where_script_runs(office: Office, chromium: Browser, address: str) -> None:
    with visiting(chromium, script=True) as visit:
        page = visit.page
        page.clock.install()
        enter(page, office, office.cast.counsellor, address=address)
        assert "No talks today" in page.inner_text("#today")
        office.book()
        page.clock.run_for(61_000)
        page.wait_for_selector("#today table")
        assert page.title().startswith("(1)")


def test_a_call_that_nobody_touches_is_veiled_but_for_word_and_emergency(
    office: Office, chromium: Browser, address: str
) -> None:
    receipt = office.book()
    with visiting(chromium, script=True) as visit:
        page = visit.page
        page.clock.install()
        enter(page, office, office.cast.counsellor, address=address)
        page.click("text=Call screen")
        page.click("form[action$='/open'] button")
        assert page.is_visible("text=+31 6 12345678")
        page.clock.run_for(301_000)
        assert not page.is_visible("text=+31 6 12345678")
        assert page.is_visible(f"text={receipt.words[0]}")
        assert page.is_visible("form[action$='/emergency'] button")
        assert page.is_visible("form[action$='/outcome'] button")
        page.evaluate("dispatchEvent(new PointerEvent('pointermove'))")  # as Chromium does under a still pointer
        assert not page.is_visible("text=+31 6 12345678")
        page.keyboard.press("Shift")
        assert page.is_visible("text=+31 6 12345678")
        page.clock.run_for(301_000)
        assert not page.is_visible("text=+31 6 12345678")
        page.mouse.move(200, 200)
        page.mouse.move(210, 210)
        assert page.is_visible("text=+31 6 12345678")
