"""What the tests of the counts work with: an invented programme's codebook, counters, and a release of this test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.usage.codebook import Codebook
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counters
from helpline.usage.release import Release
from tests.support.stores import Stores
from tests.support.world import programme
from tests.usage.counted import AMSTERDAM, silent


@pytest.fixture
def codebook(tmp_path: Path) -> Codebook:
    """Give the codebook of the invented programme."""
    return read_codebook(programme(tmp_path))


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """Give a folder for the counters, of this test alone."""
    return tmp_path / "run"


@pytest.fixture
def counters(run_dir: Path, codebook: Codebook) -> Iterator[Counters]:
    """Give the counters of one worker."""
    opened = Counters.open(run_dir, codebook)
    yield opened
    opened.close()


@pytest.fixture
def release(stores: Stores, run_dir: Path, codebook: Codebook) -> Release:
    """Give a release without noise, so that tests see what was added."""
    return Release(sessions=stores.counts, run_dir=run_dir, codebook=codebook, host="one", zone=AMSTERDAM, noise=silent)
