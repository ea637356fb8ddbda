"""What a language says of its own texts: words that they avoid, how titles end, how their reading ease is reckoned."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline.languages import CONTENT
from helpline.programme.readability import Formula
from helpline.programme.reading import all_faults, only, optional_texts, read_toml
from helpline.settings.faults import Faults, TableReader

FILE = "rules.toml"
LISTS = ("always_wrong", "erasing", "negations", "harm", "law")
KEYS = ("title_ending", "polite", "ease", *LISTS)
ENTRY = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*\*?")
"""A word or a few, with a star at the end where any ending counts: editors write no regular expressions."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of words, in capitals or not."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Listed":
        """Return the list of *entries*; of none, a list in which no word is found."""
        parts = (re.escape(entry.removesuffix("*")) + (r"\w*" if entry.endswith("*") else "") for entry in entries)
        return cls(re.compile(rf"\b(?:{'|'.join(parts) or '(?!)'})\b", re.IGNORECASE))

    def found_in(self, text: str) -> list[str]:
        """Return the words of the list in *text*, as they stand there."""
        return self.pattern.findall(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One language's rules. *polite* is empty where a language calls everybody the same."""

    title_ending: str
    always_wrong: Listed
    polite: Listed
    erasing: Listed
    negations: Listed
    harm: Listed
    law: Listed
    ease: Formula


RulesBook = Mapping[str, Rules]
"""Rules by language."""


def load_rules(content: Path = CONTENT, *, languages: Iterable[str]) -> RulesBook:
    """Return the rules of each of *languages*, from the folder *content*.

    Raises:
        ContentError: with everything that is missing or wrong, in all of them.
    """
    with all_faults() as faults:
        rules = read_rules(content, languages=languages, faults=faults)
    return rules


def read_rules(content: Path, *, languages: Iterable[str], faults: Faults) -> RulesBook:
    """Return the rules of those of *languages* that have them whole, and add to *faults* what the others lack."""
    return dict(_whole(content, languages=languages, faults=faults))


def _whole(content: Path, *, languages: Iterable[str], faults: Faults) -> Iterator[tuple[str, Rules]]:
    for language in languages:
        before = len(faults.found)
        rules = _rules(read_toml(content / language / FILE, name=f"{language}/{FILE}", faults=faults))
        if len(faults.found) == before:
            yield language, rules


def _rules(reader: TableReader) -> Rules:
    only(reader, known=KEYS)
    listed = {key: _listed(reader, key, entries=reader.texts(key)) for key in LISTS}
    return Rules(
        title_ending=reader.text("title_ending"),
        polite=_listed(reader, "polite", entries=optional_texts(reader, "polite")),
        ease=_formula(reader.table("ease")),
        **listed,
    )


def _listed(reader: TableReader, key: str, *, entries: tuple[str, ...]) -> Listed:
    holds = all(map(ENTRY.fullmatch, entries))
    reader.check(key, holds=holds, wanted="words of letters only, with a star at the end where any ending counts")
    return Listed.of(entries)


def _formula(reader: TableReader) -> Formula:
    only(reader, known=Formula._fields)
    return Formula(
        name=reader.text("name"),
        source=reader.text("source"),
        vowels=_pattern(reader, "vowels"),
        base=reader.decimal("base"),
        per_word=reader.decimal("per_word"),
        per_syllable=reader.decimal("per_syllable"),
    )


def _pattern(reader: TableReader, key: str) -> re.Pattern[str]:
    text = reader.text(key)
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        reader.check(key, holds=False, wanted=f"a regular expression ({error})")
        return re.compile("")
