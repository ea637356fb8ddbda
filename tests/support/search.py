"""Find words in every byte of a folder, in whatever way they may have been written there."""

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

COMPRESSED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
"""How gzip's and zlib's streams begin."""

UNPACKED_AT_MOST = 4 * 1024 * 1024
LONG_EMPTINESS = re.compile(rb"\0{64,}")
EITHER_FORMAT = 47
"""zlib's wbits: gzip or zlib, as the stream says."""


@dataclass(frozen=True, order=True)
class Hit:
    """A word that lies somewhere: which, in which file, written how."""

    word: str
    file: str
    how: str


def search(
    folder: Path, words: Mapping[str, Iterable[str]], *, looks: Callable[[Path], bool] = lambda _: True
) -> list[Hit]:
    """Return where *words* lie below *folder*, by their names; each may be spelt in several ways.

    A file that *looks* is not true of is passed over.

    What snappy, LZ4 or pglz packed needs no unpacking: they leave the first time a word occurs as it is.
    """
    patterns = [(name, how, form) for name, spelt in words.items() for word in spelt for how, form in ways(word)]
    hits = set()
    for path in filter(looks, files(folder)):
        for place, content in contents(path):
            found = {(name, how) for name, how, form in patterns if form in content}
            hits |= {Hit(name, str(path.relative_to(folder)), how + place) for name, how in found}
    return sorted(hits)


def named(hits: Iterable[Hit]) -> set[str]:
    """Return which words were found at all."""
    return {hit.word for hit in hits}


def files(folder: Path) -> list[Path]:
    """Return every file below *folder*, in order; sockets, pipes and links hold nothing of their own."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give the bytes of a file, and those of every packed stream in it; nothing if it has gone meanwhile."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    content = LONG_EMPTINESS.sub(b"\0" * 64, content)
    yield "", content
    for start in COMPRESSED.finditer(content):
        unpacked = _unpacked(content[start.start() :])
        if unpacked:
            yield ", packed", unpacked


def _unpacked(content: bytes) -> bytes:
    """Return what is packed at the beginning of *content*; nothing if it only looked so."""
    try:
        return zlib.decompressobj(EITHER_FORMAT).decompress(content, UNPACKED_AT_MOST)
    except zlib.error:
        return b""


def ways(word: str) -> list[tuple[str, bytes]]:
    """Return every way in which *word* may be written, each with its name."""
    plain = word.encode()
    wide = word.encode("utf-16-le")
    return [
        ("plain", plain),
        ("UTF-16", wide),
        ("UTF-16, big end first", word.encode("utf-16-be")),
        ("in an address", quote(word, safe="").encode()),
        ("in a form", quote_plus(word).encode()),
        ("in a form, small letters", quote_plus(word).encode().replace(b"%2B", b"%2b")),
        ("hex", plain.hex().encode()),
        ("HEX", plain.hex().upper().encode()),
        *((f"base 64, {number}", form) for number, form in enumerate(_in_base_64(plain))),
        *((f"UTF-16 in base 64, {number}", form) for number, form in enumerate(_in_base_64(wide))),
    ]


def _in_base_64(plain: bytes) -> list[bytes]:
    """Return what base 64 makes of *plain*, wherever in a longer text it begins."""
    forms = []
    for before in range(3):
        written = base64.b64encode(b"\0" * before + plain)
        # Symbols that hold a bit of what stands before or behind are left out.
        first, last = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        forms.append(written[first:last])
    return [*forms, *(form.translate(bytes.maketrans(b"+/", b"-_")) for form in forms)]
