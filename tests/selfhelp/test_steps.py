"""A path is walked by its own form: what was answered comes along, loses nothing, and is kept nowhere."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from helpline.programme.fields import MOST_ROWS
from helpline.programme.pages import SIGNING, Signature
from helpline.settings.environment import Mode
from tests.support.exercises import LENGTH
from tests.support.pages import Opened, Pages, words
from tests.support.visitors import Served
from tests.support.walks import (
    ALL_TYPED,
    ASKED,
    END,
    FIRST,
    LAST_ASKING,
    MIDDLE,
    PATH,
    TYPED,
    address,
    back,
    kept,
    sheet,
    walk,
)
from tests.support.world import NOW

TOO_LONG = "x" * (LENGTH + 1)
HEAVY = 20_000


def so_far(number: int) -> dict[str, str]:
    """Return what was typed on the pages before *number*."""
    return {name: text for page, typed in TYPED.items() if page < number for name, text in typed.items()}


def body_of(page: Opened) -> str:
    """Return the words of *page* without what differs each time: its token."""
    return page.body.replace(page.fields()["token"], "")


@pytest.mark.parametrize("number", list(ASKED)[1:LAST_ASKING])
def test_answers_survive_going_on(walker: Pages, number: int) -> None:
    page = walk(walker, until=number)

    assert page.status == 203
    assert page.heading == f"Screen {number}"
    assert page.path == address(number)
    assert kept(page) == so_far(number)


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_our_back_loses_nothing_and_looks_at_nothing(walker: Pages, number: int) -> None:
    wrong = TYPED.get(number, {}) | ({"note": TOO_LONG} if number == FIRST else {})

    before = back(walker, walk(walker, until=number), wrong)

    assert before.status == 203
    assert before.heading == f"Screen {number - 1}"
    assert kept(before) == so_far(number) | wrong


def test_our_back_to_a_page_with_doors_loses_nothing(reader: Pages) -> None:
    doors = back(reader, reader.get("/en/read/2/2"), {"signs-1": "typed"})

    assert doors.all("ul", **{"class": "doors"})
    assert doors.fields()["signs-1"] == "typed"
    assert reader.send(doors, {}).one("input", id="signs-1").get("value") == "typed"
    assert not reader.get("/en/read/2/1").all("button", name="do")


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_form_that_is_sent_twice_gives_the_same_page(walker: Pages, number: int) -> None:
    page = walk(walker, until=number)

    once, again = walker.send(page, TYPED.get(number, {})), walker.send(page, TYPED.get(number, {}))

    assert body_of(once) == body_of(again)


@pytest.mark.parametrize("number", list(ASKED)[1:-1])
def test_another_language_loses_nothing(walker: Pages, number: int) -> None:
    page = walk(walker, until=number)

    dutch = walker.send(page, TYPED.get(number, {}) | {"lang": "nl"})

    assert dutch.status == 203
    assert dutch.root.get("lang") == "nl"
    assert dutch.heading == f"Screen {number}"
    assert kept(dutch) == so_far(number + 1)
    assert kept(walker.send(dutch, {"lang": "en"})) == so_far(number + 1)


def test_another_language_of_a_page_as_it_was_first_opened_loses_nothing(walker: Pages) -> None:
    dutch = walker.send(walker.get(address(FIRST)), TYPED[FIRST] | {"lang": "nl"})

    assert dutch.root.get("lang") == "nl"
    assert kept(dutch) == TYPED[FIRST]


def test_a_language_that_there_is_not_changes_nothing(walker: Pages) -> None:
    page = walker.send(walk(walker, until=MIDDLE), TYPED[MIDDLE] | {"lang": "xx"})

    assert page.root.get("lang") == "en-GB"
    assert page.heading == f"Screen {MIDDLE}"
    assert kept(page) == so_far(MIDDLE + 1)


def test_rows_can_be_added_up_to_a_week_and_what_is_typed_stays(walking: Served) -> None:
    visitor = Pages(walking.site, heaviest=HEAVY)
    page = walk(visitor, until=MIDDLE)
    for row in range(2, MOST_ROWS):
        page = visitor.send(page, {f"diary-{row}-day": f"day {row}", "do": "more"})
        assert page.status == 203
        assert page.one("input", id=f"diary-{row + 1}-day").get("value") == ""

    assert page.one("input", id="diary-2-day").get("value") == "day 2"
    assert not [it for it in page.all("button") if it.get("value") == "more"]


def test_a_fault_on_this_page_is_said_at_its_field_and_nothing_is_lost(walker: Pages) -> None:
    page = walker.send(walk(walker, until=MIDDLE), TYPED[MIDDLE] | {"diary-2-did": TOO_LONG})

    assert page.status == 422
    assert page.heading == f"Screen {MIDDLE}"
    assert words(page.one("p", id="diary-1-day-fault")) == "This is too long. Please make it shorter."
    assert [it.get("href") for it in page.one("div", role="alert").iter("a")] == ["#diary-1-day"]
    assert kept(page) == so_far(MIDDLE + 1) | {"diary-2-did": TOO_LONG}


@pytest.mark.parametrize(("name", "value"), [("worry", "gossip"), ("steps-2", TOO_LONG)])
def test_every_kind_of_fault_is_said_at_its_field(walker: Pages, name: str, value: str) -> None:
    page = walker.send(walk(walker, until=MIDDLE), {name: value})

    assert page.status == 422
    assert words(page.one("p", id=f"{name.replace('-2', '-1')}-fault"))


def test_a_fault_on_an_earlier_page_leads_back_to_it(walker: Pages) -> None:
    """Only somebody who changed the unseen answers has one."""
    page = walker.send(walk(walker, until=LAST_ASKING), {"sure": "11", "do": "show"} | TYPED[LAST_ASKING])

    assert page.status == 422
    assert page.heading == f"Screen {FIRST}"
    assert words(page.one("p", id="sure-fault"))
    assert kept(page) == {name: text for name, text in ALL_TYPED.items() if name != "sure"}


def test_a_fault_on_a_page_that_is_still_to_come_is_said_there(walker: Pages) -> None:
    page = walker.send(walk(walker, until=FIRST), {"plan-if": TOO_LONG})

    assert page.status == 203
    assert page.heading == "Screen 3"


@pytest.mark.parametrize("token", ["", "no", "A" * 48, "ü" * 48])
@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_a_form_that_is_not_ours_comes_back_whole(walker: Pages, number: int, token: str) -> None:
    page = walker.send(walk(walker, until=number), TYPED.get(number, {}) | {"token": token})

    assert page.status == 400
    assert "Please press once more" in page.text
    assert page.heading == f"Screen {number}"
    assert kept(page) == so_far(number + 1)
    assert walker.send(page, {}).status == 203


def test_a_form_may_be_sent_the_next_day(walker: Pages, walking: Served) -> None:
    page = walk(walker, until=FIRST)
    walking.clock.wait(days=1)
    try:
        assert walker.send(page, TYPED[FIRST]).status == 203
    finally:
        walking.clock.wait(days=-1)


def test_nothing_has_to_be_filled_in(walker: Pages) -> None:
    end = sheet(walker, typed={})

    assert end.status == 303
    assert end.response.headers["Location"] == address(END)
    assert walker.follow(end).status == 200


@pytest.mark.parametrize(
    "said", [{"at": "0"}, {"at": "99"}, {"at": "-1"}, {"at": "4.0"}, {"at": "\u0664"}, {"at": "x" * 9_000}]
)
def test_a_form_that_does_not_know_where_it_stood_shows_the_page_it_asks_for(
    walker: Pages, said: Mapping[str, str]
) -> None:
    page = walker.post(address(MIDDLE), {**walk(walker, until=MIDDLE).fields(), **said})

    assert page.status == 203
    assert page.heading == f"Screen {MIDDLE}"
    assert kept(page) == so_far(MIDDLE)


@pytest.mark.parametrize("do", ["", "x", "again", "SHOW", "show\n", "x" * 9_000])
def test_a_button_that_there_is_not_goes_on(walker: Pages, do: str) -> None:
    page = walker.send(walk(walker, until=MIDDLE), TYPED[MIDDLE] | {"do": do})

    assert page.heading == f"Screen {LAST_ASKING}"


def test_a_stage_that_is_not_ours_is_cut_to_the_length_of_ours(walker: Pages) -> None:
    page = walker.send(walk(walker, until=MIDDLE), TYPED[MIDDLE] | {"stage": "ü<" * 12_000})

    assert page.status == 203
    assert len(page.fields()["stage"]) == 44


@pytest.fixture
def half_signed(walking: Served) -> Iterator[Pages]:
    """Give a visitor of a site in production, where every page is signed but page 3 of the module."""
    settings, library = walking.services().settings, walking.services().library
    signers = tuple(Signature(role, "a name", signed_on="2027-01-01", version="1") for role in SIGNING)
    pages = {key: replace(it, signed=() if key[1] == f"{PATH}/3" else signers) for key, it in library.pages.items()}
    signs = tuple(replace(it, confirmed=NOW.date()) for it in library.pack.signposts)
    programme = replace(settings.programme, show_unsigned=False)
    pack = replace(library.pack, signposts=signs)
    production = replace(settings, mode=Mode.PRODUCTION, programme=programme)
    walking.move(production, library=replace(library, pages=pages, pack=pack))
    yield Pages(walking.site)
    walking.move(settings, library=library)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_unsigned_page_in_the_middle_leads_to_a_person(half_signed: Pages, language: str) -> None:
    page = walk(half_signed, until=2, language=language)
    unsigned = address(3, language=language)

    there = half_signed.send(page, TYPED[2])
    assert half_signed.follow(there).path == f"/{language}/talk/"
    assert half_signed.get(unsigned).response.headers["Location"] == f"/{language}/talk/"
    sent = page.fields() | {"at": "3"}
    for do in ({}, {"do": "show"}, {"do": "open"}, {"do": "more"}, {"lang": language}):
        assert half_signed.post(unsigned, sent | do).status == 303


def test_an_unsigned_page_ahead_takes_nothing_from_this_one(half_signed: Pages) -> None:
    page = walk(half_signed, until=2)

    assert kept(half_signed.send(page, TYPED[2] | {"lang": "nl"})) == TYPED[2]
    assert kept(half_signed.send(page, TYPED[2] | {"token": "no"})) == TYPED[2]
