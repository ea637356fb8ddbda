"""Every word of the back office exists in every language, whole."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from helpline.languages import LANGUAGES
from helpline.programme.shelf import WRITTEN_IN

HOUSE = Path(__file__).parents[2]
TRANSLATED = tuple(language for language in LANGUAGES if language != WRITTEN_IN)
"""English is written in the code."""

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def words_of_the_office() -> set[str]:
    """Return every word that code and templates of the back office can say; of plurals, the singular."""
    keywords = dict(DEFAULT_KEYWORDS) | {"lazy_gettext": None}
    found = set()
    for room in ("counsellors", "templates/counsellors"):
        for _, _, message, _, _ in extract_from_dir(HOUSE / room, METHODS, OPTIONS, keywords=keywords):
            found.add(_singular(message))
    return found


@pytest.fixture(params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path = HOUSE / "translations" / request.param / "LC_MESSAGES" / "counsellors.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def test_no_word_is_missing_and_none_is_left_over(catalogue: Catalog) -> None:
    assert {_singular(message.id) for message in catalogue if message.id} == words_of_the_office()


def test_every_word_is_translated_for_certain(catalogue: Catalog) -> None:
    for message in catalogue:
        assert message.string, message.id
        assert all(message.string), message.id
        assert not message.fuzzy or not message.id, message.id


def test_every_plural_has_as_many_forms_as_the_language(catalogue: Catalog) -> None:
    plurals = [message for message in catalogue if isinstance(message.id, tuple)]

    assert len(plurals) > 1
    assert all(len(message.string or ()) == catalogue.num_plurals for message in plurals)


def test_a_translation_keeps_its_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        said = set(PLACEHOLDER.findall(str(message.string)))
        assert said == set(PLACEHOLDER.findall(str(message.id))), message.id


def _singular(message: object) -> str:
    return str(message[0] if isinstance(message, tuple) else message)
