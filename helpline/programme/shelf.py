"""All that one site says to people, read at once: texts, words, the packs; and what a language still lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from gettext import find
from pathlib import Path

from helpline.codes import LANGUAGES as WITH_A_LETTER
from helpline.codes import words_of
from helpline.languages import CONTENT
from helpline.programme.packs import load_packs
from helpline.programme.pages import Pages, load_pages
from helpline.programme.reading import all_faults, gathered
from helpline.programme.rules import load_rules
from helpline.programme.signposts import Pack
from helpline.programme.words import Words, load_words
from helpline.settings.programme import Programme

HOUSE = Path(__file__).parents[2]
SITES = ("selfhelp", "counsellors")
WRITTEN_IN = "en"
"""The language of the code: it needs no catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What a programme says, whole in each of its languages."""

    pages: Pages
    words: Mapping[str, Words]
    packs: Mapping[str, Pack]


def load_shelf(
    programme: Programme, *, sites: Sequence[str] = SITES, content: Path = CONTENT, house: Path = HOUSE
) -> Shelf:
    """Return what *programme* says on *sites*.

    Raises:
        ContentError: with everything that is missing or wrong, for all of its languages at once.
    """
    languages = programme.languages
    with all_faults() as faults:
        pages = gathered(partial(load_pages, content, languages=languages), faults=faults) or {}
        words = gathered(partial(load_words, content, languages=languages), faults=faults) or {}
        packs = gathered(partial(load_packs, house / "jurisdictions", languages=languages), faults=faults) or {}
        gathered(partial(load_rules, content, languages=languages), faults=faults)
        faults.found.extend(missing_elsewhere(languages, sites=sites, house=house))
        if packs and programme.jurisdiction not in packs:
            faults.add(f"programme.toml names the jurisdiction {programme.jurisdiction}, which has no pack")
    return Shelf(pages=pages, words=words, packs=packs)


def missing_elsewhere(languages: Sequence[str], *, sites: Sequence[str] = SITES, house: Path = HOUSE) -> Iterator[str]:
    """Yield what each of *languages* lacks outside its folder of texts and the packs, one sentence each."""
    for language in languages:
        if language not in WITH_A_LETTER.values():
            yield f"{language}: helpline/codes.py has no letter for its codes"
        if not _has_call_words(language):
            yield f"{language}: helpline/words/{language}.txt is missing"
        for site in sites if language != WRITTEN_IN else ():
            if find(site, house / "translations", [language]) is None:
                catalogue = f"translations/{language}/LC_MESSAGES/{site}.po"
                yield f"{language}: {catalogue} is missing, or make has not compiled it"


def _has_call_words(language: str) -> bool:
    try:
        return bool(words_of(language))
    except FileNotFoundError:
        return False
