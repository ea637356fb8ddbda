"""Which languages there are: each is a folder of texts with words of its own."""

import re
from pathlib import Path

CONTENT = Path(__file__).parent / "programme" / "content"
"""The texts, one folder a language."""

WORDS = "words.toml"
"""A folder with this file is a language; one without is not begun yet, and nothing reads it."""

FIRST = "nl"
"""Stands first wherever languages are listed."""

CODE = re.compile(r"[a-z]{2}")
"""ISO 639-1: it stands in addresses, and in envelopes, which have one length."""


def languages_in(content: Path) -> tuple[str, ...]:
    """Return the languages of the folder *content*: Dutch, then the others by their code."""
    found = sorted(path.parent.name for path in content.glob(f"*/{WORDS}"))
    return tuple(sorted(filter(CODE.fullmatch, found), key=lambda language: language != FIRST))


LANGUAGES = languages_in(CONTENT)
"""Every language of this release. A programme speaks those that its programme.toml lists."""
