"""Read the texts and packs from disk, and say everything that is wrong with them at once."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from helpline.languages import LANGUAGES
from helpline.settings.faults import Faults, TableReader

Loaded = TypeVar("Loaded")

FENCE = "+++\n"
"""Stands above and below the front matter of a text."""


class ContentError(Exception):
    """The texts or packs cannot be used; ``faults`` says everything that is wrong, not the first thing only."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep *faults*, one sentence each."""
        super().__init__("\n".join(["The texts are not complete:", *(f"  - {fault}" for fault in faults)]))
        self.faults = tuple(faults)


@contextmanager
def all_faults() -> Iterator[Faults]:
    """Hand out a list of faults to fill, and stop at the end if anything is in it.

    Raises:
        ContentError: with everything that was found.
    """
    faults = Faults()
    yield faults
    if faults.found:
        raise ContentError(faults.found)


def read_toml(path: Path, *, name: str, faults: Faults) -> TableReader:
    """Return the table in *path*, called *name* in faults; an unreadable file is a fault and reads as empty."""
    return table_of(_text_of(path, name=name, faults=faults), name=name, faults=faults)


def read_text(path: Path, *, name: str, faults: Faults) -> tuple[TableReader, str]:
    """Return the front matter and the Markdown of the text in *path*."""
    text = _text_of(path, name=name, faults=faults)
    front_matter, fence, markdown = text.removeprefix(FENCE).partition(FENCE)
    if not text.startswith(FENCE) or not fence:
        faults.add(f"{name} must begin with front matter between two lines of +++")
        front_matter = markdown = ""
    return table_of(front_matter, name=name, faults=faults), markdown


def table_of(text: str, *, name: str, faults: Faults) -> TableReader:
    """Return the TOML in *text*, without the entries that are empty: an empty entry says "none"."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add(f"{name} cannot be read: {error}")
        table = {}
    return TableReader(_filled(table), name=name, faults=faults)


def only(reader: TableReader, *, known: Sequence[str]) -> None:
    """Add a fault for each entry that is not *known*: a misspelt one would be lost in silence."""
    for key in reader.names():
        reader.check(key, holds=key in known, wanted="left out: nothing reads it")


def optional(reader: TableReader, key: str) -> str:
    """Return the text below *key*, or an empty one."""
    return reader.text(key) if key in reader.names() else ""


def optional_tables(reader: TableReader, key: str) -> list[TableReader]:
    """Return the tables of the list below *key*, or none."""
    return reader.tables(key) if key in reader.names() else []


def optional_texts(reader: TableReader, key: str) -> tuple[str, ...]:
    """Return the texts of the list below *key*, or none."""
    return reader.texts(key) if key in reader.names() else ()


def optional_date(reader: TableReader, key: str) -> date | None:
    """Return the date below *key*, written as "2026-01-31", or None."""
    text = optional(reader, key)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        reader.check(key, holds=False, wanted='a date as "2026-01-31"')
        return None


def by_language(reader: TableReader, key: str, *, languages: Sequence[str]) -> dict[str, str]:
    """Return the text below *key*: in each of *languages*, and in others that have it."""
    table = reader.table(key)
    return {language: table.text(language) for language in _spoken(table, languages=languages)}


def optionally_by_language(reader: TableReader, key: str, *, languages: Sequence[str]) -> dict[str, str]:
    """Return the text below *key* in each of *languages*, or in none."""
    return by_language(reader, key, languages=languages) if key in reader.names() else {}


def partly_by_language(reader: TableReader, key: str, *, languages: Sequence[str]) -> dict[str, str]:
    """Return the text below *key* in the languages that have it."""
    table = reader.table(key)
    spoken = _spoken(table, languages=languages)
    return {language: table.text(language) for language in spoken if language in table.names()}


def lines_by_language(reader: TableReader, key: str, *, languages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the lines below *key*: in each of *languages*, and in others that have them."""
    table = reader.table(key)
    return {language: table.texts(language) for language in _spoken(table, languages=languages)}


def optionally_lines(reader: TableReader, key: str, *, languages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the lines below *key* in each of *languages*, or in none."""
    return lines_by_language(reader, key, languages=languages) if key in reader.names() else {}


def gathered(load: Callable[[], Loaded], *, faults: Faults) -> Loaded | None:
    """Return what *load* returns; or None, with what it found wrong added to *faults*, so that reading goes on."""
    try:
        return load()
    except ContentError as error:
        faults.found.extend(error.faults)
        return None


def _spoken(table: TableReader, *, languages: Sequence[str]) -> list[str]:
    """Return *languages* and the others that *table* has; what is no language at all is a fault."""
    known = tuple(dict.fromkeys((*LANGUAGES, *languages)))
    only(table, known=known)
    return [language for language in known if language in languages or language in table.names()]


def _text_of(path: Path, *, name: str, faults: Faults) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.add(f"{name} cannot be read: {type(error).__name__}")
        return ""


def _filled(table: Mapping[str, object]) -> dict[str, object]:
    return {key: _filled_value(value) for key, value in table.items() if value not in ("", [])}


def _filled_value(value: object) -> object:
    if isinstance(value, Mapping):
        return _filled(value)
    return [_filled_value(item) for item in value] if isinstance(value, list) else value
