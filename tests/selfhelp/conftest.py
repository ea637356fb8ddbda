"""The visitors' site, over the stores of a test or over files made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pages import Pages
from tests.support.stores import Stores, copy_files, opened_stores
from tests.support.visitors import Served, serve, visitors_settings
from tests.support.walks import walked
from tests.support.world import World, make_world, programme


@pytest.fixture(scope="session")
def moving_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Make one site that moves from test to test."""
    folder = tmp_path_factory.mktemp("moving")
    copy_files(sqlite_template, to=folder)
    served = serve(visitors_settings(programme(folder), data_dir=folder))
    served.services().sessions.engine.dispose()
    return served


@pytest.fixture
def served(moving_site: Served, stores: Stores, world: World) -> Served:
    """Give a site over the stores of this test: both databases in turn."""
    settings = visitors_settings(world.programme, data_dir=stores.data_dir, database_url=stores.database_url)
    moving_site.move(settings, sessions=stores.helpline)
    return moving_site


@pytest.fixture
def pages(served: Served) -> Pages:
    """Give a visitor of the site of this test."""
    return Pages(served.site)


@pytest.fixture(scope="session")
def library_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give one site for all tests that only read."""
    folder = tmp_path_factory.mktemp("read")
    copy_files(sqlite_template, to=folder)
    with opened_stores(folder, database_url=None) as stores:
        world = make_world(stores.helpline, folder)
        served = serve(visitors_settings(world.programme, data_dir=folder))
        yield served
        served.services().sessions.engine.dispose()


@pytest.fixture(scope="session")
def reader(library_site: Served) -> Pages:
    """Give a visitor who only reads."""
    return Pages(library_site.site)


@pytest.fixture(scope="module")
def walking(library_site: Served) -> Iterator[Served]:
    """Give a site with the invented module in it, to the tests of one file."""
    settings = library_site.services().settings
    library_site.move(settings, library=walked(library_site.library))
    yield library_site
    library_site.move(settings)


@pytest.fixture
def walker(walking: Served) -> Pages:
    """Give a visitor who walks the invented module."""
    return Pages(walking.site)
