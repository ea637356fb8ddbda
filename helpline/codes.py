"""Make and read a visitor's code and its call words."""

import secrets
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import NewType

from helpline.crypto.digest import Digest, Subkey, keyed_digest

AccessCode = NewType("AccessCode", str)
"""A code as it is kept in a hand: LENGTH symbols, no spaces. Never logged, never stored."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 symbols without I, L, O and U, after Crockford's base 32."""

LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})

LANGUAGES: Mapping[str, str] = {"N": "nl", "E": "en"}
"""The first symbol of a code names the list that its call words come from."""

SECRET_SYMBOLS = 16
"""16 symbols of 5 bits: the 80 bits that auditors asked GlobaLeaks for (contacts.md)."""

LENGTH = 1 + SECRET_SYMBOLS + 1
GROUP = 3
FIELD_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1: the arithmetic of the check symbol, in which every one wrong symbol and every swap shows."""


class UnreadableCodeError(Exception):
    """What was typed is not a code: its length, a symbol or the check symbol is wrong."""


def derive_code(secret: bytes, *, language: str, key: Subkey) -> AccessCode:
    """Return the code that belongs to *secret* (a form's random bits and its cleaned fields): the same every time."""
    return _code(keyed_digest(secret, key=key), language=language)


def draw_code(*, language: str) -> AccessCode:
    """Return a new random code, for one that staff hand over."""
    return _code(secrets.token_bytes(SECRET_SYMBOLS), language=language)


def read_code(typed: str) -> AccessCode:
    """Return the code in *typed*, in any case and grouping, with look-alike letters put right.

    Raises:
        UnreadableCodeError: it cannot be a code; a person can be told so at once.
    """
    symbols = "".join(symbol for symbol in typed.upper() if symbol.isalnum()).translate(LOOK_ALIKES)
    well_formed = len(symbols) == LENGTH and set(symbols) <= set(ALPHABET) and symbols[0] in LANGUAGES
    if not well_formed or _check_symbol(symbols[:-1]) != symbols[-1]:
        raise UnreadableCodeError
    return AccessCode(symbols)


def grouped(code: AccessCode) -> str:
    """Return *code* in groups of three, as it is shown and read aloud."""
    return " ".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def language_of(code: AccessCode) -> str:
    """Return the language of the call words of *code*."""
    return LANGUAGES[code[0]]


def code_digest(code: AccessCode, *, key: Subkey) -> Digest:
    """Return what the database keeps instead of the code (HMAC-SHA-256 under *key*)."""
    return keyed_digest(code.encode(), key=key)


def call_words(code: AccessCode, *, words: Sequence[str], key: Subkey) -> tuple[str, str]:
    """Return the two halves of the call word of *code*, two different words of *words*.

    Two talks may rarely share a word; time and second half tell them apart (scheduling.md).
    """
    digest = keyed_digest(code.encode(), key=key)
    first = int.from_bytes(digest[:16], "big") % len(words)
    step = 1 + int.from_bytes(digest[16:], "big") % (len(words) - 1)
    return words[first], words[(first + step) % len(words)]


def _code(randomness: bytes, *, language: str) -> AccessCode:
    first = next(symbol for symbol, code in LANGUAGES.items() if code == language)
    body = first + "".join(ALPHABET[byte % len(ALPHABET)] for byte in randomness[:SECRET_SYMBOLS])
    return AccessCode(body + _check_symbol(body))


def _check_symbol(symbols: str) -> str:
    """Return the symbol that makes the weighted sum over GF(32) zero: weights are 2, 4, 8 ... from the end."""
    total = 0
    for symbol in symbols:
        total = _double(total ^ ALPHABET.index(symbol))
    return ALPHABET[total]


def _double(value: int) -> int:
    shifted = value << 1
    return shifted ^ FIELD_POLYNOMIAL if shifted & len(ALPHABET) else shifted


def words_of(language: str) -> tuple[str, ...]:
    """Return our own list of plain everyday words of *language*, from which call words and passphrases are made."""
    text = files("helpline.words").joinpath(f"{language}.txt").read_text(encoding="ascii")
    return tuple(text.split())
