"""The rules for texts, as far as a machine can check them. docs/content.md gives the reasons."""

import re
from collections.abc import Collection, Iterator

from helpline.programme.pages import Page, Pages
from helpline.programme.placeholders import BLOCKS
from helpline.programme.readability import length, reading, sentences

LONGEST_SENTENCE = 20
MEAN_SENTENCE = 12
EASE = {"A2": 80.0, "B1": 65.0}
"""Least reading ease by level: 80 to 90 reads as "easy", 65 to 70 as "plain"."""

LONGEST_TITLE = 40
ENDINGS = {"en": " – Information", "nl": " – Informatie"}
"""What a history shows of every page but the first."""

MUST_BE_QUIET = ("12/", "14/", "2/", "41/", "20/2", "40/1", "40/2", "40/3", "now")
"""Crisis, safety plans, the police, young people 1 to 3: somebody may be suicidal, so these never name the harm."""

NO_LAW = ("12/1",)
FORMAL = ("60/",)
"""Professionals are not called "je"."""

ALWAYS_WRONG = {
    "en": r"relationships?|consensual|child porn\w*|pervert\w*|monsters?|addict\w*|diagnos\w*|disorders?|"
    r"anonym\w*|guarantee\w*|promise\w*",
    "nl": r"relaties?|vrijwillig\w*|kinderporno\w*|daders?|pervers\w*|viezerik\w*|monsters?|verslaaf\w*|"
    r"diagnos\w*|stoornis\w*|anoniem\w*|garand\w*|garantie\w*|belo(?:of|v)\w*",
}
WRONG_EVERYWHERE = (
    r"pa?edo\w*|offenders?|predators?|underage\w*|(?-i:MAPs?)|sexting|darknet|vpn\w*|encrypt\w*|versleutel\w*"
)
POLITE = r"u|uw"
ERASING = {"en": r"delet\w*|eras\w*|wip(?:e|ing)\w*", "nl": r"wis|wissen|verwijder\w*"}
NOT = {"en": r"not|no|nothing|never|cannot", "nl": r"niet|niets|geen|nooit"}
HARM = {"en": r"harm\w*|abus\w*|victims?|hurt\w*", "nl": r"kwaad|schade\w*|misbruik\w*|slachtoffer\w*|pijn"}
LAW = {"en": r"laws?|crim\w*|punish\w*|courts?|prison", "nl": r"wet|wetten|straf\w*|rechter|rechtbank|gevangenis"}
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


def lint(pages: Pages, *, names: Collection[str] = ()) -> list[str]:
    """Return what breaks a rule in *pages*, one sentence each; nothing when all is well.

    *names* of services and schemes stand in jurisdiction packs only.
    """
    return [
        f"{page.language}/{page.place}: {fault}" for page in pages.values() for fault in page_faults(page, names=names)
    ]


def page_faults(page: Page, *, names: Collection[str] = ()) -> Iterator[str]:
    """Yield what breaks a rule in *page*."""
    for text in (page.markdown, *labels(page)):
        yield from text_faults(text, language=page.language, names=names)
        if page.language == "nl" and not page.place.startswith(FORMAL):
            yield from (f"the polite form: {match}" for match in _words(POLITE, text=text))
    yield from _silence(page)
    yield from _hard_to_read(page)
    yield from _unsourced(page)
    yield from _title_faults(page)


def text_faults(text: str, *, language: str, names: Collection[str] = ()) -> Iterator[str]:
    """Yield what breaks a rule in *text*, wherever it stands."""
    yield from _wrong_words(text, language=language)
    yield from (f"digits that look like a number: {match}" for match in NUMBER.findall(YEAR.sub("", text)))
    yield from (f"an address: {match}" for match in SITE.findall(text))
    yield from (f"a statute: {match}" for match in STATUTE.findall(text))
    yield from (
        f"a name that only a pack may know: {name}" for name in names if re.search(rf"\b{re.escape(name)}\b", text)
    )
    yield from (f"{match!r} begins a sentence" for match in STARTS_A_SENTENCE.findall(text))
    yield from (f"raw HTML: {match}" for match in RAW_HTML.findall(text))
    yield from _long_sentences(text)


def names_harm(page: Page) -> bool:
    """Return whether *page* names the child's harm."""
    return bool(_words(HARM[page.language], text=page.markdown))


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


def _wrong_words(text: str, *, language: str) -> Iterator[str]:
    for match in _words(f"{ALWAYS_WRONG[language]}|{WRONG_EVERYWHERE}", text=text):
        yield f"a word we do not use: {match}"
    for sentence in sentences(text):
        if _words(ERASING[language], text=sentence) and not _words(NOT[language], text=sentence):
            yield f"advice to erase: {sentence}"


def _words(pattern: str, *, text: str) -> list[str]:
    return re.findall(rf"\b(?:{pattern})\b", text, flags=re.IGNORECASE)


def _long_sentences(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if length(sentence) > LONGEST_SENTENCE:
            yield f"a sentence of more than {LONGEST_SENTENCE} words: {sentence}"


def _silence(page: Page) -> Iterator[str]:
    must = any(
        page.place == wanted or (wanted.endswith("/") and page.place.startswith(wanted)) for wanted in MUST_BE_QUIET
    )
    if must and not page.is_quiet:
        yield "somebody may be suicidal here: the page must say quiet = true"
    for pattern, holds in ((HARM[page.language], page.is_quiet), (LAW[page.language], page.place in NO_LAW)):
        if holds:
            yield from (f"a word that has no place here: {match}" for match in _words(pattern, text=page.markdown))


def _hard_to_read(page: Page) -> Iterator[str]:
    found = reading(page.markdown, language=page.language)
    if found and found.mean > MEAN_SENTENCE:
        yield f"sentences of {found.mean:.1f} words in the mean"
    if found and found.ease < EASE.get(page.level, 0):
        yield f"a reading ease of {found.ease:.0f}, too hard for {page.level}"


def _unsourced(page: Page) -> Iterator[str]:
    for sentence in sentences(page.markdown):
        if FIGURE.search(sentence) and not page.sources:
            yield f"a figure without a source: {sentence}"


def _title_faults(page: Page) -> Iterator[str]:
    if page.place != "home" and not page.title.endswith(ENDINGS[page.language]):
        yield f"a title that does not end with {ENDINGS[page.language]!r}: {page.title}"
    if len(page.title) > LONGEST_TITLE:
        yield f"a title of more than {LONGEST_TITLE} letters: {page.title}"
