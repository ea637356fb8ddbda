"""Nothing suits me: unmet demand, counted once for each form that says so."""

from pathlib import Path

import pytest

from helpline.callbacks.form_token import TOKEN_LENGTH
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counters
from selfhelp.counting import PebbleTrail
from tests.support.keys import FORM_KEY
from tests.support.pages import Opened, Pages
from tests.support.visitors import Served
from tests.usage.counted import in_memory

TALK = "/en/talk/"


@pytest.fixture
def form(pages: Pages, served: Served) -> Opened:
    """Open the form and look at it for ten seconds."""
    page = pages.get(TALK)
    served.clock.wait(seconds=10)
    return page


def test_it_is_counted_once_for_a_form_and_shows_what_there_is(pages: Pages, form: Opened, served: Served) -> None:
    first, again = (pages.send(form, {"none": "1"}) for _ in range(2))

    assert served.tally.cells.count(("callback", "unmet")) == 1
    assert "Next time to talk" in pages.follow(first).text
    assert pages.follow(again).heading == pages.follow(first).heading
    pages.send(pages.get(TALK), {"none": "1"})
    assert served.tally.cells.count(("callback", "unmet")) == 2


def test_a_form_that_is_none_of_ours_or_of_yesterday_is_not_counted(pages: Pages, form: Opened, served: Served) -> None:
    forged = pages.post(TALK, {"token": "A" * TOKEN_LENGTH, "none": "1"})
    served.clock.wait(minutes=13 * 60)

    assert forged.status == pages.send(form, {"none": "1"}).status == 303
    assert ("callback", "unmet") not in served.tally.cells


@pytest.mark.parametrize("address", [TALK, f"{TALK}today", f"{TALK}40"])
def test_who_is_shown_no_time_at_all_can_say_so_too(pages: Pages, served: Served, address: str) -> None:
    served.clock.wait(minutes=31)
    served.site.refresh()
    page = pages.get(address)

    assert page.all("input", name="time") == []
    assert pages.send(page, {"none": "1"}).status == 303
    assert served.tally.cells.count(("callback", "unmet")) == 1


def test_every_worker_knows_which_forms_were_counted(
    pages: Pages, form: Opened, served: Served, tmp_path: Path
) -> None:
    codebook = read_codebook(served.services().settings.programme)
    before, workers = served.services().trail, [Counters.open(tmp_path, codebook) for _ in range(2)]
    for counters in workers:
        served.services().trail = PebbleTrail(counters, key=FORM_KEY)
        pages.send(form, {"none": "1"})
    pages.send(pages.get(TALK), {"none": "1"})
    served.services().trail = before

    assert in_memory(tmp_path, codebook) == {("callback", "unmet"): 2}
    for counters in workers:
        counters.close()
