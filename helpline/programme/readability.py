"""How hard a text is to read: sentences, words, and reading ease by the formula of its language."""

import re
from typing import NamedTuple

from helpline.programme.placeholders import BLOCKS

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"')])\s+")
WORD = re.compile(r"[^\W_][\w'’-]*")


class Formula(NamedTuple):
    """How a language reckons reading ease, and who found that; *vowels* finds a syllable.

    The ease is *base*, less *per_word* for each word of the mean sentence, less *per_syllable* for each syllable of the
    mean word.
    """

    name: str
    source: str
    vowels: re.Pattern[str]
    base: float
    per_word: float
    per_syllable: float


class Reading(NamedTuple):
    """What a text asks of its reader: its words, words a sentence (most and mean), its reading ease (0 to 100)."""

    words: int
    longest: int
    mean: float
    ease: float


def sentences(markdown: str) -> list[str]:
    """Return the sentences of *markdown* without its headings; an item of a list ends a sentence too."""
    lines = [line for line in _plain(markdown).splitlines() if line and not line.startswith("#")]
    parts = [part.strip() for line in lines for part in SENTENCE_END.split(line)]
    return [part for part in parts if WORD.search(part)]


def length(sentence: str) -> int:
    """Return how many words *sentence* has."""
    return len(WORD.findall(sentence))


def reading(markdown: str, *, formula: Formula) -> Reading | None:
    """Return what *markdown* asks of its reader, by the *formula* of its language; None without a sentence."""
    lengths = [length(sentence) for sentence in sentences(markdown)]
    words = [word for sentence in sentences(markdown) for word in WORD.findall(sentence)]
    if not words:
        return None
    mean = len(words) / len(lengths)
    syllables = sum(max(1, len(formula.vowels.findall(word))) for word in words) / len(words)
    ease = formula.base - formula.per_word * mean - formula.per_syllable * syllables
    return Reading(len(words), max(lengths), mean, ease)


def _plain(markdown: str) -> str:
    """Return *markdown* without list marks, emphasis and links; a placeholder counts as one word."""
    text = re.sub(rf"^\{{(?:{'|'.join(BLOCKS)})\}}$", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"\{[a-z_]+\}", "help", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"^(?:[-*] |\d+\. )|\*\*", "", text, flags=re.MULTILINE)
