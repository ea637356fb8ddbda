"""Jurisdiction is not language: an invented country shows no number of a real one, and a real one lists the rest."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from werkzeug.test import Client

from helpline.programme.packs import load_packs
from helpline.programme.shelf import HOUSE
from helpline.programme.signposts import Pack
from helpline.settings.environment import Mode
from selfhelp.library import Library, read_library
from selfhelp.site import addresses
from tests.support.pages import Pages, words
from tests.support.visitors import Served
from tests.support.world import NOW

FULL = 12_000


def rung(pack: Pack) -> Pack:
    return replace(pack, signposts=tuple(replace(it, confirmed=NOW.date()) for it in pack.signposts))


def whole(library: Library) -> Library:
    """Return *library* with every number confirmed, of every country."""
    return replace(library, pack=rung(library.pack), others=tuple(rung(pack) for pack in library.others))


def move_to(served: Served, code: str, *, mode: Mode) -> None:
    settings = served.services().settings
    programme = replace(settings.programme, jurisdiction=code)
    served.move(replace(settings, programme=programme, mode=mode), library=whole(read_library(programme)))


def seen(root: Element) -> str:
    """Return what a page says and where it leads or dials."""
    links = " ".join(str(it.get("href")) for it in root.iter("a") if it.get("rel") is None)
    return f"{words(root)} {links}"


def every_page(served: Served) -> Iterator[tuple[str, str]]:
    client = Client(served.site)
    paths = {address.path for address in addresses(served.site.flask, services=served.services())}
    for path in sorted(path for path in paths if path.startswith(("/nl/", "/en/"))):
        yield path, seen(html5lib.parse(client.get(path).get_data(as_text=True), namespaceHTMLElements=False))


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", [Mode.DEMO, Mode.PRODUCTION])
def test_in_an_invented_country_no_page_of_any_language_shows_a_real_number(served: Served, mode: Mode) -> None:
    move_to(served, "xx", mode=mode)
    real = [pack for code, pack in load_packs(HOUSE / "jurisdictions").items() if code != "xx"]
    numbers = {text for pack in real for it in pack.signposts for text in (*it.numbers, it.site) if text}
    spaced = {number.replace(" ", "\N{NO-BREAK SPACE}") for number in numbers}
    known = re.compile("|".join(rf"(?<![\w]){re.escape(text)}(?![\w])" for text in sorted(numbers | spaced)))

    pages = dict(every_page(served))

    assert len(pages) > 40
    assert all("555-0100" in text for text in pages.values())
    assert {path: found for path, text in pages.items() if (found := known.findall(text))} == {}


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("code", ["nl", "gb-eng", "be-vlg", "be-fr", "de"])
def test_a_page_with_every_number_of_every_country_fits_into_the_first_flight(served: Served, code: str) -> None:
    move_to(served, code, mode=Mode.PRODUCTION)
    client = Client(served.site)

    sizes = {path: len(client.get(path).get_data()) for path in ("/nl/now", "/en/now", "/nl/asked", "/en/asked")}

    assert set(sizes.values()) == {FULL}


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_in_another_country_the_rest_is_listed_and_can_be_dialled(served: Served) -> None:
    move_to(served, "nl", mode=Mode.PRODUCTION)

    page = Pages(served.site).get("/en/now")

    names = [words(it) for it in page.all("summary")]
    assert names == ["Belgium (French-speaking)", "Belgium (Flanders)", "Germany", "England"]
    assert words(page.one("a", href="tel:999")) == "999"
    assert "Inventia" not in page.text


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_nobody_is_shown_a_number_of_another_country_that_was_not_rung(served: Served) -> None:
    served.move(replace(served.services().settings, mode=Mode.PRODUCTION))

    assert "In another country?" not in Client(served.site).get("/en/now").get_data(as_text=True)


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_the_own_line_is_said_to_be_closed_on_the_holidays_of_its_country(served: Served) -> None:
    settings = served.services().settings
    served.move(replace(settings, programme=replace(settings.programme, closed_on_holidays=True)))
    assert "Open now, until 21:00" in Pages(served.site).get("/en/").text

    # Easter Monday 2027, nine in the morning in the Netherlands.
    served.clock.wait(days=28)
    served.site.refresh()

    assert "Closed. Opens tomorrow 09:00" in Pages(served.site).get("/en/").text


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_a_line_that_says_nothing_of_holidays_is_open_on_them(served: Served) -> None:
    served.move(served.services().settings)
    served.clock.wait(days=28)
    served.site.refresh()

    assert "Open now, until 21:00" in Pages(served.site).get("/en/").text
