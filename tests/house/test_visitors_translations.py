"""Every word of the visitors' site exists in every language, whole."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from helpline.clock.metadatas import METADATA
from helpline.languages import LANGUAGES
from helpline.programme.pages import load_pages
from helpline.programme.shelf import WRITTEN_IN
from helpline.settings.programme import Way
from helpline.store.inventory import inventory

HOUSE = Path(__file__).parents[2]
TRANSLATED = tuple(language for language in LANGUAGES if language != WRITTEN_IN)
"""English is written in the code."""

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
"""As translations/babel.cfg says it to Babel's own command."""

QUOTED = re.compile(r"""["']([a-z_{}]+)["']""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def words_of_the_site() -> set[str]:
    """Return every word that the site can say: of its code, its templates and the columns of the stores."""
    keywords = dict(DEFAULT_KEYWORDS) | {"lazy_gettext": None}
    found = set()
    for room in ("selfhelp", "templates/selfhelp"):
        for _, _, message, _, _ in extract_from_dir(HOUSE / room, METHODS, OPTIONS, keywords=keywords):
            found.add(str(message))
    return found | {words for entry in inventory(METADATA) for words in (entry.what, entry.why)}


def names_in_quotes() -> set[str]:
    """Return every name that code or a template says in quotes, filled in for each way to talk."""
    files = [
        *HOUSE.glob("selfhelp/**/*.py"),
        *HOUSE.glob("templates/selfhelp/**/*.html"),
        HOUSE / "helpline/settings/programme.py",
    ]
    quoted = {name for file in files for name in QUOTED.findall(file.read_text(encoding="utf-8"))}
    by_way = {(name.replace("{way}", way), f"{way}{name}", f"{name}{way}") for name in quoted for way in Way}
    return quoted.union(*by_way)


@pytest.fixture(params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path = HOUSE / "translations" / request.param / "LC_MESSAGES" / "selfhelp.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def test_no_word_is_missing_and_none_is_left_over(catalogue: Catalog) -> None:
    assert {str(message.id) for message in catalogue if message.id} == words_of_the_site()


def test_every_word_is_translated_for_certain(catalogue: Catalog) -> None:
    for message in catalogue:
        assert message.string, message.id
        assert not message.fuzzy or not message.id, message.id


def test_a_translation_keeps_its_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        said = PLACEHOLDER.findall(str(message.string))
        assert sorted(said) == sorted(PLACEHOLDER.findall(str(message.id))), message.id


def test_no_snippet_of_a_page_is_left_over() -> None:
    quoted = names_in_quotes()
    pages = load_pages(languages=LANGUAGES)

    assert {f"{place}: {it}" for (_, place), page in pages.items() for it in page.snippets if it not in quoted} == set()


def test_enough_words_are_found() -> None:
    assert len(words_of_the_site()) > 100
