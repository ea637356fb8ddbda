"""Pages of a real programme, whose numbers can be dialled, fit into the first flight of a line in every state."""

from dataclasses import replace

import pytest

from helpline.settings.environment import Mode
from tests.support.pages import Pages
from tests.support.visitors import Served
from tests.support.world import NOW

FIRST_SIZE = 12_000
ALL_WRONG = {"way": "we_ring", "about": "gossip", "number": "9" * 40, "again": "y", "part": "3"}


@pytest.fixture
def dialled(served: Served) -> Pages:
    """Give a visitor of a site in production, whose every number is confirmed and a link."""
    signposts = tuple(replace(it, confirmed=NOW.date()) for it in served.library.pack.signposts)
    library = replace(served.library, pack=replace(served.library.pack, signposts=signposts))
    served.move(replace(served.services().settings, mode=Mode.PRODUCTION), library=library)
    return Pages(served.site)


@pytest.mark.parametrize("stores", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_form_that_comes_back_weighs_no_more_than_any_page(dialled: Pages, served: Served, language: str) -> None:
    form = dialled.get(f"/{language}/talk/")
    wrong = form.fields() | ALL_WRONG
    chosen = {"time": str(form.all("input", name="time")[0].get("value"))}
    forged = dialled.post(f"/{language}/talk/", wrong | {"token": "A" * 48})
    served.clock.wait(seconds=10)
    faulty = dialled.post(f"/{language}/talk/", wrong)
    moved = dialled.post(f"/{language}/talk/", wrong | chosen | {"lang": "nl" if language == "en" else "en"})

    assert [page.status for page in (forged, faulty, moved)] == [400, 422, 203]
    assert {len(page.response.get_data()) for page in (form, forged, faulty, moved)} == {FIRST_SIZE}
