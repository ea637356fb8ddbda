"""Crisis numbers in the frame of every page. That every page has them is checked whenever a test opens one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from counsellors.texts import read_texts
from helpline.programme.signposts import CONFIRMED_FOR
from tests.support.office import Office
from tests.support.world import programme

RUNG = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""When somebody rang the numbers of the invented country."""


def test_the_numbers_are_there_before_anybody_has_signed_in(office: Office) -> None:
    page = office.stranger().get("/sign-in")

    block = page.one("aside", class_="crisis")
    assert [it.text for it in block.iter("strong")] == ["112", "113 / 0800-0113", "0800-2000", "0800-0432"]


def test_the_language_of_the_page_is_that_of_the_block(office: Office) -> None:
    stranger = office.stranger()

    assert "Als je aan zelfmoord denkt" in stranger.get("/sign-in", Accept_Language="nl").text
    assert "When you think about ending your life" in stranger.get("/sign-in", Accept_Language="en").text


def test_a_number_that_nobody_has_rung_of_late_is_marked_but_not_taken_away(tmp_path: Path) -> None:
    texts = read_texts(programme(tmp_path, change=('jurisdiction = "nl"\n', 'jurisdiction = "xx"\n')))

    for later, is_confirmed in ((timedelta(), True), (CONFIRMED_FOR + timedelta(days=1), False)):
        lines = texts.crisis("en", now=RUNG + later)
        assert lines[0].numbers == ("555-0100",)
        assert lines[0].is_confirmed is is_confirmed


def test_the_mark_stands_where_real_people_ring(office: Office) -> None:
    assert "Nobody has rung it of late to check." in office.stranger().get("/sign-in").text


def test_a_demo_whose_numbers_nobody_rings_has_no_mark(demo_office: Office) -> None:
    assert "Nobody has rung it of late to check." not in demo_office.stranger().get("/sign-in").text
