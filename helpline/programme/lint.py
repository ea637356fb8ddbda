"""The rules for texts, as far as a machine can check them. docs/content.md gives the reasons."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from helpline.programme.pages import Page, Pages
from helpline.programme.placeholders import BLOCKS

LONGEST_SENTENCE = 20
MEAN_SENTENCE = 12
LAST_MODULE = 10
"""Paths 0 to 10 are the modules for adults who worry about themselves."""

NO_HARM = ("12/1", "20/2", "40/1", "now")
"""Here somebody may be suicidal: these never name the harm. Modules name it, on one page."""

NO_LAW = ("12/1",)

ALWAYS_WRONG = {
    "en": r"relationships?|consensual|child porn\w*|pervert\w*|monsters?|addict\w*|diagnos\w*|disorders?|"
    r"anonym\w*|guarantee\w*|promise\w*",
    "nl": r"relaties?|vrijwillig\w*|kinderporno\w*|daders?|pervers\w*|viezerik\w*|monsters?|verslaaf\w*|"
    r"diagnos\w*|stoornis\w*|anoniem\w*|garand\w*|garantie\w*|belo(?:of|v)\w*",
}
WRONG_EVERYWHERE = (
    r"pa?edo\w*|offenders?|predators?|underage\w*|(?-i:MAPs?)|sexting|darknet|vpn\w*|encrypt\w*|versleutel\w*"
)
ERASING = {"en": r"delet\w*|eras\w*|wip(?:e|ing)\w*", "nl": r"wis|wissen|verwijder\w*"}
NOT = {"en": r"not|no|nothing|never|cannot", "nl": r"niet|niets|geen|nooit"}
HARM = {"en": r"harm\w*|abus\w*|victims?|hurt\w*", "nl": r"kwaad|schade\w*|misbruik\w*|slachtoffer\w*|pijn"}
LAW = {"en": r"laws?|crim\w*|punish\w*|courts?|prison", "nl": r"wet|wetten|straf\w*|rechter|rechtbank|gevangenis"}

YEAR = re.compile(r"(?<![\d-])20\d\d(?![\d-])")
NUMBER = re.compile(r"\+?\d(?:[ ().-]?\d){2,}")
"""Three digits or more with nothing but signs of a telephone number between them."""

RAW_HTML = re.compile(r"<[a-z/!]", re.IGNORECASE)
SITE = re.compile(r"\bhttps?:|\bwww\.|\b[\w-]+\.(?:nl|com|net|org|eu|onion)\b", re.IGNORECASE)
STARTS_A_SENTENCE = re.compile(rf"(?:^|[.!?]\s+)\{{(?!(?:{'|'.join(BLOCKS)})\}})[a-z_]+\}}", re.MULTILINE)
"""A pack writes "a lawyer" for the middle of a sentence."""

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"')])\s+")
WORD = re.compile(r"[^\W_][\w'’-]*")
VOWELS = {
    "en": re.compile(r"(?!e\b)[aeiouy]+", re.IGNORECASE),
    "nl": re.compile(r"[aeiouyáéëïöü]+", re.IGNORECASE),
}
EASE = {"A2": 80.0, "B1": 65.0}
"""Least reading ease by level: 80 to 90 reads as "easy", 65 to 70 as "plain"."""


class Reading(NamedTuple):
    """What a text asks of its reader: words a sentence, at most and in the mean, and its reading ease (0 to 100)."""

    longest: int
    mean: float
    ease: float


def lint(pages: Pages) -> list[str]:
    """Return what breaks a rule in *pages*, one sentence each; nothing when all is well."""
    faults = [f"{page.language}/{page.place}: {fault}" for page in pages.values() for fault in page_faults(page)]
    return [*faults, *_module_faults(pages)]


def page_faults(page: Page) -> Iterator[str]:
    """Yield what breaks a rule in *page*."""
    for text in (page.markdown, *_labels(page)):
        yield from text_faults(text, language=page.language)
    yield from _silence(page)
    yield from _hard_to_read(page)


def text_faults(text: str, *, language: str) -> Iterator[str]:
    """Yield what breaks a rule in *text*, wherever it stands."""
    yield from _wrong_words(text, language=language)
    yield from (f"digits that look like a number: {match}" for match in NUMBER.findall(YEAR.sub("", text)))
    yield from (f"an address: {match}" for match in SITE.findall(text))
    yield from (f"{match!r} begins a sentence" for match in STARTS_A_SENTENCE.findall(text))
    yield from (f"raw HTML: {match}" for match in RAW_HTML.findall(text))
    yield from _long_sentences(text)


def sentences(markdown: str) -> list[str]:
    """Return the sentences of *markdown* without its headings; an item of a list ends a sentence too."""
    lines = [line for line in _plain(markdown).splitlines() if line and not line.startswith("#")]
    parts = [part.strip() for line in lines for part in SENTENCE_END.split(line)]
    return [part for part in parts if WORD.search(part)]


def reading(markdown: str, *, language: str) -> Reading | None:
    """Return what *markdown* asks of its reader, by Flesch or Flesch-Douma (Dutch); None without a sentence."""
    lengths = [len(WORD.findall(sentence)) for sentence in sentences(markdown)]
    words = [word for sentence in sentences(markdown) for word in WORD.findall(sentence)]
    if not words:
        return None
    mean = len(words) / len(lengths)
    syllables = sum(max(1, len(VOWELS[language].findall(word))) for word in words) / len(words)
    ease = 206.84 - 0.93 * mean - 77 * syllables if language == "nl" else 206.835 - 1.015 * mean - 84.6 * syllables
    return Reading(max(lengths), mean, ease)


def _plain(markdown: str) -> str:
    """Return *markdown* without list marks, emphasis and links; a placeholder counts as one word."""
    text = re.sub(rf"^\{{(?:{'|'.join(BLOCKS)})\}}$", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"\{[a-z_]+\}", "help", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"^(?:[-*] |\d+\. )|\*\*", "", text, flags=re.MULTILINE)


def _labels(page: Page) -> Iterator[str]:
    """Yield what a reader sees of *page* outside its text."""
    yield from (page.title, page.heading)
    for link in page.links:
        yield from (link.label, link.hint)
    for field in page.fields:
        yield from (field.label, field.hint, field.low, field.high, *(option.label for option in field.options))
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
        if len(WORD.findall(sentence)) > LONGEST_SENTENCE:
            yield f"a sentence of more than {LONGEST_SENTENCE} words: {sentence}"


def _silence(page: Page) -> Iterator[str]:
    for pattern, places in ((HARM[page.language], NO_HARM), (LAW[page.language], NO_LAW)):
        if page.place in places:
            yield from (f"a word that has no place here: {match}" for match in _words(pattern, text=page.markdown))


def _hard_to_read(page: Page) -> Iterator[str]:
    found = reading(page.markdown, language=page.language)
    if found and found.mean > MEAN_SENTENCE:
        yield f"sentences of {found.mean:.1f} words in the mean"
    if found and found.ease < EASE[page.level]:
        yield f"a reading ease of {found.ease:.0f}, too hard for {page.level}"


def _module_faults(pages: Pages) -> Iterator[str]:
    """Yield the modules that do not name the child's harm on exactly one page."""
    naming: dict[tuple[str, int], int] = {}
    for (language, place), page in pages.items():
        path, slash, _ = place.partition("/")
        if slash and int(path) <= LAST_MODULE:
            names_it = bool(_words(HARM[language], text=page.markdown))
            naming[language, int(path)] = naming.get((language, int(path)), 0) + names_it
    for (language, module), count in naming.items():
        if count != 1:
            yield f"{language}/{module}: {count} pages of the module name the child's harm, not one"
