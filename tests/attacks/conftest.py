"""What is attacked: the visitors' site of thousands of canaries, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.canary_cells import CanarySite, canary_site
from tests.support.stores import copy_files


@pytest.fixture(scope="package")
def site_of_canaries(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CanarySite]:
    """Give the site of a programme with a channel for each canary."""
    folder = tmp_path_factory.mktemp("canaries")
    copy_files(sqlite_template, to=folder)
    with canary_site(folder) as site:
        yield site
