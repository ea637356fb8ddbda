"""All that is wrong with texts and packs, and how they stand: for the chores that editors and the gate run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from helpline.programme.lint import lint, text_faults
from helpline.programme.markdown import outline
from helpline.programme.module_rules import path_faults
from helpline.programme.packs import load_packs
from helpline.programme.pages import SIGNING, Page, Pages, read_pages
from helpline.programme.paths import paths_of
from helpline.programme.readability import Formula, reading
from helpline.programme.reading import gathered
from helpline.programme.rules import RulesBook, read_rules
from helpline.programme.shelf import missing_elsewhere
from helpline.programme.signposts import CONFIRMED_FOR, Pack
from helpline.programme.words import load_words
from helpline.settings.faults import Faults

INVENTED = "xx"
"""The jurisdiction of the tests: its dates are those of the tests."""

COMMON = frozenset({"112", "999", "politie", "police"})
"""Names of services that are ordinary words, or digits that another rule refuses."""

MINUTE_OF_READING = 150
"""Words that somebody reads in a minute who is tired and afraid; people at rest read 240."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one page stands in one language."""

    language: str
    place: str
    level: str
    words: int
    mean: float
    ease: float
    fields: int
    unsigned: tuple[str, ...]
    is_overdue: bool
    is_out_of_step: bool

    @property
    def minutes(self) -> float:
        """How long reading takes, without the exercise."""
        return self.words / MINUTE_OF_READING


def content_faults(content: Path, *, jurisdictions: Path, languages: tuple[str, ...], now: datetime) -> list[str]:
    """Return everything that is wrong with texts and packs, one sentence each; nothing when all is well."""
    faults = Faults()
    rules = read_rules(content, languages=languages, faults=faults)
    gathered(partial(load_words, content, languages=languages), faults=faults)
    pages = read_pages(content, languages=languages, faults=faults)
    packs = gathered(partial(load_packs, jurisdictions, languages=languages), faults=faults) or {}
    faults.found.extend(missing_elsewhere(languages))
    faults.found.extend(lint(pages, rules=rules, names=_names(list(packs.values()))))
    faults.found.extend(path_faults(paths_of(pages), rules=rules))
    for pack in packs.values():
        faults.found.extend(_pack_faults(pack, rules=rules, now=now))
    return faults.found


def standings(pages: Pages, *, rules: RulesBook, today: date) -> list[Standing]:
    """Return how each of *pages* stands, by place; *rules* are those of all its languages."""
    languages = sorted({language for language, _ in pages})
    return [
        _standing(
            pages[language, place],
            others=[pages.get((it, place)) for it in languages],
            formula=rules[language].ease,
            today=today,
        )
        for place in sorted({place for _, place in pages}, key=_in_order)
        for language in languages
        if (language, place) in pages
    ]


def _standing(page: Page, *, others: Sequence[Page | None], formula: Formula, today: date) -> Standing:
    found = reading(page.markdown, formula=formula)
    outlines = {outline(other.markdown) if other else None for other in others}
    return Standing(
        language=page.language,
        place=page.place,
        level=page.level,
        words=found.words if found else 0,
        mean=found.mean if found else 0,
        ease=found.ease if found else 0,
        fields=len(page.fields),
        unsigned=tuple(role for role in SIGNING if role not in {signature.role for signature in page.signed}),
        is_overdue=page.review_due is None or page.review_due < today,
        is_out_of_step=len(outlines) > 1,
    )


def _in_order(place: str) -> tuple[int, int, str]:
    path, slash, number = place.partition("/")
    return (int(path), int(number), "") if slash else (-1, 0, place)


def _names(packs: Sequence[Pack]) -> set[str]:
    """Return what services and schemes are called: a text says a placeholder instead."""
    known = (pack for pack in packs if pack.code != INVENTED)
    said = [
        names for pack in known for names in (*(it.names for it in pack.signposts), *(it.names for it in pack.schemes))
    ]
    return {name for names in said for name in names.values() if name.lower() not in COMMON}


def _pack_faults(pack: Pack, *, rules: RulesBook, now: datetime) -> Iterator[str]:
    for lines in (pack.confidentiality, pack.telephone):
        for language in rules:
            for line in lines[language]:
                yield from (f"{pack.code}: {fault}" for fault in text_faults(line, rules=rules[language]))
    for signpost in pack.signposts if pack.code != INVENTED else ():
        if signpost.confirmed is not None and not signpost.is_confirmed(now=now):
            days = CONFIRMED_FOR.days
            yield f"{pack.code}: the number of {signpost.id} was not confirmed in the last {days} days"
