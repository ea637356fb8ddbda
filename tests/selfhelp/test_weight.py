"""Pages of a real programme, whose numbers can be dialled, fit into the first flight of a line in every state."""

from dataclasses import replace

import pytest
from werkzeug.test import Client

from helpline.callbacks.public_door import set_word
from helpline.programme.packs import load_packs
from helpline.programme.pages import SIGNING, Signature
from helpline.programme.shelf import HOUSE
from helpline.settings.environment import Mode
from selfhelp.site import addresses
from tests.support.following import draw_again
from tests.support.handing import change
from tests.support.pages import Pages
from tests.support.stores import Stores
from tests.support.visitors import Served
from tests.support.world import NOW, World

FIRST_SIZE = 12_000
ALL_WRONG = {"way": "we_ring", "about": "gossip", "number": "9" * 40, "again": "y", "part": "3"}


SIGNATURES = tuple(Signature(role, "a function, or a name", signed_on="2026-12-31", version="1.0") for role in SIGNING)


@pytest.fixture
def whole(served: Served, stores: Stores, world: World) -> Served:
    """Give a site in the Dutch production: every number is confirmed and a link, every text signed by four.

    One of its counsellors is trained for under-18s, so that their list is full as well.
    """
    pack = load_packs(HOUSE / "jurisdictions")["nl"]
    signposts = tuple(replace(it, confirmed=NOW.date()) for it in pack.signposts)
    pages = {key: replace(page, signed=SIGNATURES) for key, page in served.library.pages.items()}
    library = replace(served.library, pack=replace(pack, signposts=signposts), pages=pages)
    served.move(replace(served.services().settings, mode=Mode.PRODUCTION), library=library)
    change(stores, "anna", youth=True)
    served.clock.wait(minutes=15)
    draw_again(stores.helpline, world, now=served.clock())
    served.site.refresh()
    return served


@pytest.fixture
def dialled(whole: Served) -> Pages:
    """Give a visitor of that site."""
    return Pages(whole.site)


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
def test_every_page_of_a_whole_programme_fits_into_the_first_flight(whole: Served) -> None:
    client = Client(whole.site)
    paths = sorted({it.path for it in addresses(whole.site.flask, services=whole.services())})
    pages = {path: client.get(path).get_data() for path in paths}

    assert any(b"Ondertekend door" in page for page in pages.values())
    assert any(b"tel:" in page for page in pages.values())
    assert {path: len(page.rstrip()) for path, page in pages.items() if len(page) > FIRST_SIZE} == {}


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("place", ["", "40"], ids=["adults", "under 18"])
def test_a_form_that_comes_back_weighs_no_more_than_any_page(
    dialled: Pages, served: Served, place: str, language: str
) -> None:
    form = dialled.get(f"/{language}/talk/{place}")
    wrong = form.fields() | ALL_WRONG
    chosen = {"time": str(form.all("input", name="time")[0].get("value"))}
    forged = dialled.post(f"/{language}/talk/{place}", wrong | {"token": "A" * 48})
    served.clock.wait(seconds=10)
    faulty = dialled.post(f"/{language}/talk/{place}", wrong)
    moved = dialled.post(f"/{language}/talk/{place}", wrong | chosen | {"lang": "nl" if language == "en" else "en"})

    assert [page.status for page in (forged, faulty, moved)] == [400, 422, 203]
    assert {len(page.response.get_data()) for page in (form, forged, faulty, moved)} == {FIRST_SIZE}


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("place", ["", "40"], ids=["adults", "under 18"])
def test_a_form_that_asks_for_the_door_word_weighs_no_more(
    dialled: Pages, served: Served, place: str, language: str
) -> None:
    with served.services().sessions.begin() as session:
        set_word(session, "lantaarn")
    served.site.refresh()

    form = dialled.get(f"/{language}/talk/{place}")
    served.clock.wait(seconds=10)
    faulty = dialled.post(f"/{language}/talk/{place}", form.fields() | ALL_WRONG | {"word": "x" * 60})
    chosen = {"time": str(form.all("input", name="time")[0].get("value")), "number": "06 12345678", "about": "about_me"}
    wrong = dialled.post(f"/{language}/talk/{place}", form.fields() | ALL_WRONG | chosen | {"word": "x" * 60})

    assert [page.status for page in (faulty, wrong)] == [422, 422]
    assert {len(page.response.get_data()) for page in (form, faulty, wrong)} == {FIRST_SIZE}
