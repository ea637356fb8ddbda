"""The rules for texts, as far as a machine can check them. docs/content.md gives the reasons."""

import re
from collections.abc import Collection, Iterator

from helpline.programme.pages import Page, Pages
from helpline.programme.placeholders import BLOCKS
from helpline.programme.readability import length, reading, sentences
from helpline.programme.rules import Rules, RulesBook

LONGEST_SENTENCE = 20
MEAN_SENTENCE = 12
EASE = {"A2": 80.0, "B1": 65.0}
"""Least reading ease by level: 80 to 90 reads as "easy", 65 to 70 as "plain"."""

LONGEST_TITLE = 40
MUST_BE_QUIET = ("12/", "14/", "2/", "41/", "20/2", "40/1", "40/2", "40/3", "now")
"""Crisis, safety plans, the police, young people 1 to 3: somebody may be suicidal, so these never name the harm."""

NO_LAW = ("12/1",)
FORMAL = ("60/",)
"""Professionals are not called "je"."""

WRONG_EVERYWHERE = re.compile(
    r"\b(?:pa?edo\w*|offenders?|predators?|underage\w*|(?-i:MAPs?)|sexting|darknet|vpn\w*|encrypt\w*|versleutel\w*)\b",
    re.IGNORECASE,
)
"""In no language. What a language adds stands in its rules.toml."""

STATUTE = re.compile(r"\b(?:artikel|article|section)\s+\d+\w*|§\s*\d+\w*|\bwetboek\b|\bAct \d{4}\b", re.IGNORECASE)
FIGURE = re.compile(
    r"\d(?:[.,]\d+)?\s*(?:%|procent\b|per ?cent\b)|\b\d+ (?:van de|op de|out of|of the|in) \d+\b", re.IGNORECASE
)
"""A share of people: it says something about the world, so it needs a source."""

YEAR = re.compile(r"(?<![\d-])20\d\d(?![\d-])")
NUMBER = re.compile(r"\+?\d(?:[ ().-]?\d){2,}")
"""Three digits or more with nothing but signs of a telephone number between them."""

RAW_HTML = re.compile(r"<[a-z/!]", re.IGNORECASE)
SITE = re.compile(r"\bhttps?:|\bwww\.|\b[\w-]+\.(?:nl|com|net|org|eu|onion)\b", re.IGNORECASE)
STARTS_A_SENTENCE = re.compile(rf"(?:^|[.!?]\s+)\{{(?!(?:{'|'.join(BLOCKS)})\}})[a-z_]+\}}", re.MULTILINE)
"""A pack writes "a lawyer" for the middle of a sentence."""


def lint(pages: Pages, *, rules: RulesBook, names: Collection[str] = ()) -> list[str]:
    """Return what breaks a rule in *pages*, one sentence each; nothing when all is well.

    *names* of services and schemes stand in jurisdiction packs only. A language without *rules* is not read.
    """
    return [
        f"{page.language}/{page.place}: {fault}"
        for page in pages.values()
        if page.language in rules
        for fault in page_faults(page, rules=rules[page.language], names=names)
    ]


def page_faults(page: Page, *, rules: Rules, names: Collection[str] = ()) -> Iterator[str]:
    """Yield what breaks a rule in *page*; *rules* are those of its language."""
    for text in (page.markdown, *labels(page)):
        yield from text_faults(text, rules=rules, names=names)
        if not page.place.startswith(FORMAL):
            yield from (f"the polite form: {match}" for match in rules.polite.found_in(text))
    yield from _silence(page, rules=rules)
    yield from _hard_to_read(page, rules=rules)
    yield from _unsourced(page)
    yield from _title_faults(page, rules=rules)


def text_faults(text: str, *, rules: Rules, names: Collection[str] = ()) -> Iterator[str]:
    """Yield what breaks a rule in *text*, wherever it stands; *rules* are those of its language."""
    yield from _wrong_words(text, rules=rules)
    yield from (f"digits that look like a number: {match}" for match in NUMBER.findall(YEAR.sub("", text)))
    yield from (f"an address: {match}" for match in SITE.findall(text))
    yield from (f"a statute: {match}" for match in STATUTE.findall(text))
    yield from (
        f"a name that only a pack may know: {name}" for name in names if re.search(rf"\b{re.escape(name)}\b", text)
    )
    yield from (f"{match!r} begins a sentence" for match in STARTS_A_SENTENCE.findall(text))
    yield from (f"raw HTML: {match}" for match in RAW_HTML.findall(text))
    yield from _long_sentences(text)


def names_harm(page: Page, *, rules: Rules) -> bool:
    """Return whether *page* names the child's harm."""
    return bool(rules.harm.found_in(page.markdown))


def labels(page: Page) -> Iterator[str]:
    """Yield what a reader sees of *page* outside its text."""
    yield from (page.title, page.heading)
    for link in page.links:
        yield from (link.label, link.hint)
    for field in page.fields:
        picks = (*field.options, *field.columns)
        yield from (field.label, field.hint, field.low, field.high, *(pick.label for pick in picks))
    for lines in page.snippets.values():
        yield from lines


def _wrong_words(text: str, *, rules: Rules) -> Iterator[str]:
    for match in (*rules.always_wrong.found_in(text), *WRONG_EVERYWHERE.findall(text)):
        yield f"a word we do not use: {match}"
    for sentence in sentences(text):
        if rules.erasing.found_in(sentence) and not rules.negations.found_in(sentence):
            yield f"advice to erase: {sentence}"


def _long_sentences(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if length(sentence) > LONGEST_SENTENCE:
            yield f"a sentence of more than {LONGEST_SENTENCE} words: {sentence}"


def _silence(page: Page, *, rules: Rules) -> Iterator[str]:
    must = any(
        page.place == wanted or (wanted.endswith("/") and page.place.startswith(wanted)) for wanted in MUST_BE_QUIET
    )
    if must and not page.is_quiet:
        yield "somebody may be suicidal here: the page must say quiet = true"
    for words, holds in ((rules.harm, page.is_quiet), (rules.law, page.place in NO_LAW)):
        if holds:
            yield from (f"a word that has no place here: {match}" for match in words.found_in(page.markdown))


def _hard_to_read(page: Page, *, rules: Rules) -> Iterator[str]:
    found = reading(page.markdown, formula=rules.ease)
    if found and found.mean > MEAN_SENTENCE:
        yield f"sentences of {found.mean:.1f} words in the mean"
    if found and found.ease < EASE.get(page.level, 0):
        yield f"a reading ease of {found.ease:.0f}, too hard for {page.level}"


def _unsourced(page: Page) -> Iterator[str]:
    for sentence in sentences(page.markdown):
        if FIGURE.search(sentence) and not page.sources:
            yield f"a figure without a source: {sentence}"


def _title_faults(page: Page, *, rules: Rules) -> Iterator[str]:
    if page.place != "home" and not page.title.endswith(rules.title_ending):
        yield f"a title that does not end with {rules.title_ending!r}: {page.title}"
    if len(page.title) > LONGEST_TITLE:
        yield f"a title of more than {LONGEST_TITLE} letters: {page.title}"
