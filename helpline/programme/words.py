"""What a language calls itself, and the few words that code puts together: days, "open until", kinds of services."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import localedata

from helpline.languages import WORDS as FILE
from helpline.programme.placeholders import KINDS, WORDS, placeholder_faults
from helpline.programme.reading import all_faults, only, read_toml
from helpline.settings.faults import Faults, TableReader

DAYS = 7
MONTHS = 12

OPENING = (
    "always",
    "closed",
    "unknown",
    *(f"{what}_{near}" for what in ("until", "opens") for near in ("today", "tomorrow", "day", "date")),
)
FAULTS = (
    *("too_long", "not_offered", "not_on_the_scale"),
    *("no_file", "not_our_file", "damaged_file", "file_of_another_page"),
)
EXERCISE = ("if", "then", "no_details", "police_involved", "shown", "keep", "file_title")
""""No details" stands at each field that people write in; "police involved" where a page asks what happened."""

QUESTIONS = ("material", "report_myself", "police", "found_out", "by_computer", "therapist")
"""What everybody asks. Only the agreed answer of a jurisdiction's pack may answer it (content.md)."""

UNSAID = ("answer", "reporting")
"""What stands there while nobody has signed a word about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words. *name* is its own name for itself; *locale* says how its days and numbers are written."""

    language: str
    name: str
    locale: str
    either: str
    days: tuple[str, ...]
    months: tuple[str, ...]
    opening: Mapping[str, str]
    kinds: Mapping[str, str]
    faults: Mapping[str, str]
    exercise: Mapping[str, str]
    before_keeping: tuple[str, ...]
    asked: Mapping[str, str]
    unsaid: Mapping[str, str]


def load_words(content: Path, *, languages: tuple[str, ...]) -> dict[str, Words]:
    """Return the words of each of *languages*, from the folder *content*.

    Raises:
        ContentError: with everything that is missing or wrong.
    """
    with all_faults() as faults:
        words = {language: _words(content, language=language, faults=faults) for language in languages}
    return words


def _words(content: Path, *, language: str, faults: Faults) -> Words:
    name = f"{language}/{FILE}"
    reader = read_toml(content / language / FILE, name=name, faults=faults)
    words = Words(
        language=language,
        name=reader.text("name"),
        locale=_locale(reader, language=language),
        either=reader.text("either"),
        days=reader.texts("days"),
        months=reader.texts("months"),
        opening=_complete(reader.table("opening"), keys=OPENING),
        kinds=_complete(reader.table("kinds"), keys=KINDS),
        faults=_complete(reader.table("faults"), keys=FAULTS),
        exercise=_complete(reader.table("exercise"), keys=EXERCISE),
        before_keeping=reader.texts("before_keeping"),
        asked=_complete(reader.table("asked"), keys=QUESTIONS),
        unsaid=_complete(reader.table("unsaid"), keys=UNSAID),
    )
    reader.check("days", holds=len(words.days) == DAYS, wanted="seven days, Monday first")
    reader.check("months", holds=len(words.months) == MONTHS, wanted="twelve months")
    for text in words.opening.values():
        for fault in placeholder_faults(text, allowed=WORDS):
            faults.add(f"{name}: {fault}")
    return words


def _locale(reader: TableReader, *, language: str) -> str:
    locale = reader.text("locale")
    holds = bool(re.fullmatch(rf"{language}(?:_[A-Z]{{2}})?", locale)) and localedata.exists(locale)
    reader.check("locale", holds=holds, wanted=f"a locale of the CLDR, as {language} or {language}_GB")
    return locale


def _complete(reader: TableReader, *, keys: tuple[str, ...]) -> dict[str, str]:
    only(reader, known=keys)
    return {key: reader.text(key) for key in keys}
