"""The real texts and packs, and an instant at which the invented pack is confirmed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpline.languages import CONTENT, LANGUAGES
from helpline.programme.packs import load_packs
from helpline.programme.pages import Pages, load_pages
from helpline.programme.rules import RulesBook, load_rules
from helpline.programme.signposts import Pack
from helpline.programme.words import Words, load_words

JURISDICTIONS = Path(__file__).parents[2] / "jurisdictions"


@pytest.fixture(scope="session")
def pages() -> Pages:
    return load_pages(languages=LANGUAGES)


@pytest.fixture(scope="session")
def packs() -> Mapping[str, Pack]:
    return load_packs(JURISDICTIONS)


@pytest.fixture(scope="session")
def words() -> Mapping[str, Words]:
    return load_words(CONTENT, languages=LANGUAGES)


@pytest.fixture(scope="session")
def rules() -> RulesBook:
    return load_rules(languages=LANGUAGES)


@pytest.fixture
def now() -> datetime:
    """Give a Sunday evening: 21:30 in Amsterdam, 19:30 on the Azores."""
    return datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
