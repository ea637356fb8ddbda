"""A coordinator with eight part-timers, two holidays and a long leave makes next month: every action is counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helpline.callbacks.exceptions import replaced_days
from helpline.callbacks.tables import CounsellorId
from tests.support.browser import Visit
from tests.support.loopback import answering
from tests.support.office import Office, opened_office
from tests.support.part_timers import employ_part_timers
from tests.support.stores import Stores

APRIL = datetime(2027, 4, 12, 8, 0, 30, tzinfo=UTC)
"""A Monday; next month has Ascension Day on a Thursday and Pentecost on a Monday."""

WEDNESDAYS = [date(2027, 5, 5) + timedelta(weeks=count) for count in range(4)]
FRIDAYS = [date(2027, 5, 7) + timedelta(weeks=count) for count in range(4)]
SECONDS_AN_ACTION, TEN_MINUTES = 10, 600
"""A generous measure: to find the place, think, and press."""


@pytest.fixture
def office(stores_in_files: Stores, tmp_path: Path) -> Iterator[Office]:
    with opened_office(stores_in_files, tmp_path, at=APRIL) as office:
        yield office


@dataclass
class Hands:
    """What a person does at the page, counted: each press of a button, a box, a link or a key, each field filled."""

    page: Page
    actions: int = 0

    def press(self, selector: str) -> None:
        self.actions += 1
        self.page.locator(selector).first.click()

    def fill(self, selector: str, text: str) -> None:
        self.actions += 1
        self.page.fill(selector, text)

    def key(self, name: str) -> None:
        self.actions += 1
        self.page.keyboard.press(name)

    def tab_to(self, words: str) -> None:
        """Go on by the Tab key until the focus is on what says *words*."""
        for _ in range(40):
            self.key("Tab")
            if self.page.locator(":focus").inner_text().strip() == words:
                return
        raise AssertionError(words)


def sign_in(page: Page, office: Office, *, address: str) -> None:
    office.clock.wait(seconds=30)
    typed = office.cast.coordinator.credentials(office.clock.now)
    page.goto(f"{address}/")
    for name, value in {"name": typed.name, "passphrase": typed.passphrase, "code": typed.code}.items():
        page.fill(f"#{name}", value)
    page.click("main form button")


def alone(page: Page) -> int:
    """Return how many half days of the table are marked."""
    return page.locator("tr.marked").count()


def check(visit: Visit) -> None:
    assert visit.accessibility_findings() == [], visit.page.title()
    for width in (320, 768, 1280):
        visit.page.set_viewport_size({"width": width, "height": 800})
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, visit.page.title()


def close_two_holidays(hands: Hands) -> None:
    hands.press("header nav >> text=Closures")
    for day in ("2027-05-06", "2027-05-17"):
        hands.press(f"input[value='{day}']")
    hands.press("form[action='/closures/holidays'] button")
    expect(hands.page.locator("[role=status]")).to_contain_text("Closed on 2 more days.")


def note_a_long_leave(hands: Hands) -> None:
    hands.press("header nav >> text=Hours")
    hands.press("main nav >> text=Dina")
    hands.fill("#first_day", "2027-04-26")
    hands.fill("#last_day", "2027-06-30")
    hands.press("form[action$='/absences'] button")
    expect(hands.page.locator("[role=status]")).to_contain_text("The absence is noted.")


def stand_in_for_her(hands: Hands, *, ids: dict[str, CounsellorId]) -> None:
    """Tick a second person where the leave left somebody alone: Wednesdays all day, Friday mornings."""
    for day in WEDNESDAYS:
        hands.press(f"input[name='{day.day}m.{ids['bram']}']")
        hands.press(f"input[name='{day.day}a.{ids['carla']}']")
    for day in FRIDAYS:
        hands.press(f"input[name='{day.day}m.{ids['fenna']}']")


def test_eight_part_timers_two_holidays_and_a_long_leave_make_a_month_in_ten_minutes(
    visit: Visit, office: Office
) -> None:
    known = {"anna": str(office.cast.counsellor.id), "bram": str(office.cast.other.id)}
    with office.stores.helpline.begin() as session:
        ids = employ_part_timers(session, known=known, since=date(2027, 3, 1))
    page, hands = visit.page, Hands(visit.page)
    with answering(office.site) as address:
        sign_in(page, office, address=address)
        close_two_holidays(hands)
        note_a_long_leave(hands)
        hands.press("header nav >> text=Month")
        hands.press("button[value=last_month]")
        expect(page.locator("[role=status]")).to_contain_text("The draft is made.")
        before = alone(page)
        stand_in_for_her(hands, ids=ids)
        hands.press("button[value=preview]")
        expect(page.locator("h1")).to_have_text("What changes in May 2027, and for whom")
        check(visit)
        hands.tab_to("Publish the month")
        hands.key("Enter")
        expect(page.locator("[role=status]")).to_contain_text("The month is published: 12 days changed.")
        assert alone(page) == before - 8  # the evenings stay, with one person each
        check(visit)
    with office.stores.helpline.read() as session:
        carla = replaced_days(session, ids["carla"], first=date(2027, 5, 1), last=date(2027, 5, 31))
    assert [it.day for it in carla] == WEDNESDAYS
    assert hands.actions * SECONDS_AN_ACTION <= TEN_MINUTES, hands.actions
