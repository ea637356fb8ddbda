"""All that is read from disk once, at the start: texts, the jurisdiction's pack, call words, what we keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from helpline.codes import words_of
from helpline.programme.pages import Page, Pages
from helpline.programme.paths import Paths, paths_of
from helpline.programme.shelf import load_shelf
from helpline.programme.signposts import Pack
from helpline.programme.words import Words
from helpline.settings.programme import Programme
from helpline.store.inventory import Entry, read_inventory

INVENTED = "xx"
"""The jurisdiction of the tests: its numbers lead nowhere. No country shows it, and it shows no country's numbers."""


@dataclass(frozen=True, kw_only=True)
class Library:
    """Texts and lists, by language where they have one."""

    pages: Pages
    pack: Pack
    others: tuple[Pack, ...]
    words: Mapping[str, Words]
    call_words: dict[str, tuple[str, ...]]
    kept: tuple[Entry, ...]

    @cached_property
    def paths(self) -> Paths:
        """The pages with a number, path by path."""
        return paths_of(self.pages)

    def page(self, language: str, *, place: str) -> Page:
        """Return the page at *place*.

        Raises:
            KeyError: there is none.
        """
        return self.pages[language, place]


def read_library(programme: Programme) -> Library:
    """Return the library of *programme*.

    Raises:
        ContentError: with everything that is missing or wrong in texts and packs.
    """
    shelf = load_shelf(programme, sites=("selfhelp",))
    return Library(
        pages=shelf.pages,
        pack=shelf.packs[programme.jurisdiction],
        others=_others(shelf.packs, own=programme.jurisdiction),
        words=shelf.words,
        call_words={language: words_of(language) for language in programme.languages},
        kept=tuple(read_inventory()),
    )


def _others(packs: Mapping[str, Pack], *, own: str) -> tuple[Pack, ...]:
    """Return the packs of "In another country?"."""
    return tuple(pack for code, pack in packs.items() if INVENTED not in (own, code) and code != own)
