"""What keeps the site from opening for real visitors."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpline.programme.pages import SIGNING, Signature, address
from helpline.programme.paths import YOUNG
from helpline.programme.signposts import unconfirmed
from helpline.settings.environment import Mode, VisitorsSettings
from helpline.settings.faults import SettingsError
from selfhelp.library import Library, read_library
from selfhelp.readiness import NEVER_UNSIGNED, check_ready
from tests.support.pages import Pages
from tests.support.visitors import Served, visitors_settings
from tests.support.world import NOW, programme


@pytest.fixture
def production(tmp_path: Path) -> VisitorsSettings:
    found = replace(programme(tmp_path), show_unsigned=False)
    return visitors_settings(found, data_dir=tmp_path, mode=Mode.PRODUCTION)


@pytest.fixture
def library(production: VisitorsSettings) -> Library:
    return read_library(production.programme)


def confirmed(library: Library, *, on: date) -> Library:
    signposts = tuple(replace(signpost, confirmed=on) for signpost in library.pack.signposts)
    return replace(library, pack=replace(library.pack, signposts=signposts))


def signed(library: Library) -> Library:
    signatures = tuple(Signature(role, "a name", signed_on="2027-01-01", version="1") for role in SIGNING)
    pages = {key: replace(page, signed=signatures) for key, page in library.pages.items()}
    return replace(library, pages=pages, pack=replace(library.pack, signed=signatures[:1] + signatures[2:3]))


def test_production_does_not_open_with_numbers_that_nobody_rang(production: VisitorsSettings, library: Library) -> None:
    with pytest.raises(SettingsError, match="suicide"):
        check_ready(production, library=signed(library), now=NOW)


def test_a_number_that_was_rung_half_a_year_ago_counts_as_not_rung(
    production: VisitorsSettings, library: Library
) -> None:
    with pytest.raises(SettingsError, match="180 days"):
        check_ready(production, library=confirmed(signed(library), on=date(2026, 8, 1)), now=NOW)


def test_production_does_not_open_with_an_unsigned_page_on_confidentiality(
    production: VisitorsSettings, library: Library
) -> None:
    with pytest.raises(SettingsError) as refused:
        check_ready(production, library=confirmed(library, on=NOW.date()), now=NOW)

    named = {fault.split()[2] for fault in refused.value.faults if fault.startswith("the page")}
    assert {"talk", "now", "kept", "private", NEVER_UNSIGNED, "2/1", "14/7", "41/2", "6/2", "40/3"} <= named
    assert named == {
        place
        for _, place in library.pages
        if "/" not in place or place == NEVER_UNSIGNED or library.page("nl", place=place).is_quiet
    }


@pytest.mark.parametrize("role", ["lawyer", "clinician"])
def test_production_does_not_open_while_one_of_two_has_not_signed_the_lines_on_confidentiality(
    production: VisitorsSettings, library: Library, role: str
) -> None:
    whole = confirmed(signed(library), on=NOW.date())
    alone = replace(whole.pack, signed=tuple(it for it in whole.pack.signed if it.role == role))

    with pytest.raises(SettingsError) as refused:
        check_ready(production, library=replace(whole, pack=alone), now=NOW)

    assert refused.value.faults == ("the lines on confidentiality in the jurisdiction nl are not signed",)


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("gb-eng", ()),
        ("be-vlg", ("children",)),
        ("be-fr", ("suicide", "child_protection", "children")),
        ("de", ("child_protection", "children")),
    ],
)
def test_production_does_not_open_where_nobody_knows_who_helps_in_a_crisis(
    production: VisitorsSettings, code: str, missing: tuple[str, ...]
) -> None:
    """Also when everything that the pack does hold is rung and signed."""
    library = confirmed(signed(read_library(replace(production.programme, jurisdiction=code))), on=NOW.date())

    assert unconfirmed(library.pack, now=NOW) == missing
    if missing:
        with pytest.raises(SettingsError, match=missing[0]):
            check_ready(production, library=library, now=NOW)


def test_production_opens_when_all_is_rung_and_signed(production: VisitorsSettings, library: Library) -> None:
    check_ready(production, library=confirmed(signed(library), on=NOW.date()), now=NOW)


def test_a_programme_may_say_that_it_shows_unsigned_pages(production: VisitorsSettings, library: Library) -> None:
    open_about_it = replace(production, programme=replace(production.programme, show_unsigned=True))

    check_ready(open_about_it, library=confirmed(library, on=NOW.date()), now=NOW)


def test_a_demo_opens_without(tmp_path: Path, library: Library) -> None:
    check_ready(visitors_settings(programme(tmp_path), data_dir=tmp_path), library=library, now=NOW)


def test_an_unsigned_page_leads_to_a_person(served: Served, production: VisitorsSettings, library: Library) -> None:
    settings = replace(served.services().settings, mode=Mode.PRODUCTION, programme=production.programme)
    served.move(settings, library=confirmed(library, on=NOW.date()))
    pages = Pages(served.site)

    assert pages.get("/nl/read/0/1").response.headers["Location"] == "/nl/talk/"
    assert pages.ask("POST", "/nl/read/0/3").response.headers["Location"] == "/nl/talk/"


def test_a_number_can_be_dialled_from_production_and_not_from_a_demo(served: Served, library: Library) -> None:
    pages = Pages(served.site)
    assert "tel:" not in pages.get("/nl/who").body

    settings = replace(served.services().settings, mode=Mode.PRODUCTION)
    served.move(settings, library=confirmed(library, on=NOW.date()))

    assert 'href="tel:+31207940000"' in pages.get("/nl/who").body
    assert pages.get("/nl/read/0/1").status == 200


def test_when_no_number_is_confirmed_any_more_the_pages_say_so(served: Served) -> None:
    served.move(replace(served.services().settings, mode=Mode.PRODUCTION))

    answer = served.site.unreadable_request()

    assert "alarmnummer" in answer.body(str).decode()


def test_in_production_no_unsigned_page_is_served(
    served: Served, production: VisitorsSettings, library: Library
) -> None:
    whole = signed(library).pages
    weightiest = {
        key: whole[key] if "/" not in key[1] or page.is_quiet else page for key, page in library.pages.items()
    }
    settings = replace(served.services().settings, mode=Mode.PRODUCTION, programme=production.programme)
    served.move(settings, library=replace(confirmed(library, on=NOW.date()), pages=weightiest))
    pages = Pages(served.site)

    for (language, place), page in weightiest.items():
        answer = pages.get(address(place, language=language))
        assert (answer.status == 303) is not page.is_signed, place
        talk = f"/{language}/talk/40" if place.partition("/")[0] in map(str, YOUNG) else f"/{language}/talk/"
        assert page.is_signed or answer.response.headers["Location"] == talk
