"""What a real browser sends when somebody goes back, forward, or loads a page again: one visit stays one arrival."""

from collections.abc import Callable, Iterator

import pytest

from helpline.usage.codebook import ARRIVAL_TABLE
from tests.attacks.worlds import PlayedSite
from tests.support.browser import Visit
from tests.support.loopback import answering
from tests.usage.counted import in_memory

Arrivals = Callable[[], int]


@pytest.fixture
def address(site_to_play: PlayedSite) -> Iterator[tuple[str, Arrivals]]:
    """Give where the site answers, and how many arrivals were counted."""
    with site_to_play.play() as world, answering(site_to_play.site) as url:

        def arrivals() -> int:
            counted = in_memory(world.hosts[0].folder, site_to_play.codebook)
            return sum(value for (table, _), value in counted.items() if table == ARRIVAL_TABLE)

        yield url, arrivals


def wanders(visit: Visit) -> None:
    """Follow a link, go back and forward, walk a step of a path, and load everything again."""
    page = visit.page
    page.locator('a[href$="/talk/"]').first.click()
    page.go_back()
    page.reload()
    page.go_forward()
    page.reload()


def test_whoever_follows_a_link_to_us_is_one_arrival_however_she_wanders(
    visit: Visit, address: tuple[str, Arrivals]
) -> None:
    url, arrivals = address
    visit.page.set_content(f'<a href="{url}/k7">a leaflet</a>')
    visit.page.locator("a").click()
    visit.page.wait_for_url(f"{url}/k7")
    wanders(visit)

    assert arrivals() == 1


def test_back_to_an_address_that_was_typed_cannot_be_told_from_typing_it(
    visit: Visit, address: tuple[str, Arrivals]
) -> None:
    """What docs/threat-model.md admits. Playwright keeps no page in memory; where one is kept, Back sends nothing."""
    url, arrivals = address
    visit.page.goto(f"{url}/k7")
    visit.page.reload()
    assert arrivals() == 1
    wanders(visit)

    assert arrivals() == 2
