"""The back office of a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpline.settings.environment import Mode
from tests.support.office import Office, Person, opened_office
from tests.support.stores import Stores


@pytest.fixture
def office(stores_in_files: Stores, tmp_path: Path) -> Iterator[Office]:
    """Give a back office over files."""
    with opened_office(stores_in_files, tmp_path) as office:
        yield office


@pytest.fixture
def demo_office(stores_in_files: Stores, tmp_path: Path) -> Iterator[Office]:
    """Give the back office of a demo."""
    with opened_office(stores_in_files, tmp_path, mode=Mode.DEMO) as office:
        yield office


@pytest.fixture
def any_office(stores: Stores, tmp_path: Path) -> Iterator[Office]:
    """Give a back office over both databases in turn."""
    with opened_office(stores, tmp_path) as office:
        yield office


@pytest.fixture
def counsellor(office: Office) -> Person:
    """Give the counsellor, signed in."""
    return office.person(office.cast.counsellor)


@pytest.fixture
def coordinator(office: Office) -> Person:
    """Give the coordinator, signed in."""
    return office.person(office.cast.coordinator)
