"""What is attacked: the visitors' site of thousands of canaries, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.canary_cells import CanarySite, canary_site
from tests.attacks.worlds import PlayedSite
from tests.support.stores import copy_files, opened_stores
from tests.support.world import make_world


@pytest.fixture(scope="package")
def site_of_canaries(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CanarySite]:
    """Give the site of a programme with a channel for each canary."""
    folder = tmp_path_factory.mktemp("canaries")
    copy_files(sqlite_template, to=folder)
    with canary_site(folder) as site:
        yield site


@pytest.fixture(scope="package")
def site_to_play(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedSite]:
    """Give a site whose visits are counted in one world after another."""
    folder = tmp_path_factory.mktemp("played")
    copy_files(sqlite_template, to=folder)
    with opened_stores(folder, database_url=None) as stores:
        world = make_world(stores.helpline, folder)
        yield PlayedSite(world, stores, folder)
