"""Visitors whose every byte can be told from all others, and where their bytes lie."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from helpline.callbacks.booking import Receipt
from helpline.callbacks.desk import Desk
from helpline.codes import grouped
from tests.support.search import Hit, contents, files, search, ways
from tests.support.world import World

CANARY_NUMBER = "+493023125873"
"""Out of the range that Berlin keeps for films; no other test writes it."""

CANARY_WORDS = tuple(f"kanarie{''.join(letters)}qv" for letters in product("abcdefgh", repeat=3))
"""Words that no dictionary, no catalogue and no source of ours holds; letters only, not too long for a word."""

Wanted = Mapping[str, Iterable[bytes]]
"""What to search for: by name, every form in which it may be written."""


def canary_desk(world: World) -> Desk:
    """Return the desk of *world* with call words that can be searched for."""
    return replace(world.desk, words=dict.fromkeys(world.desk.words, CANARY_WORDS))


def told(receipts: Iterable[Receipt]) -> dict[str, list[bytes]]:
    """Return what the visitors of *receipts* typed and were told."""
    digits = CANARY_NUMBER.removeprefix("+49")
    found = {"number": spelt(CANARY_NUMBER, digits, f"{digits[:2]} {digits[2:]}")}
    for receipt in receipts:
        found[f"words of {receipt.starts_at}"] = spelt(*receipt.words)
        found[f"code of {receipt.starts_at}"] = spelt(receipt.code, grouped(receipt.code))
    return found


def spelt(*words: str) -> list[bytes]:
    """Return every way in which one of *words* may be written."""
    return [form for word in words for _, form in ways(word)]


def forms(secret: bytes) -> tuple[bytes, ...]:
    """Return every way in which raw bytes may be written."""
    return secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret)


@dataclass(frozen=True)
class Trace:
    """A row as it may lie in a file: by its id and by its digest."""

    id: str
    digest: bytes

    def forms(self) -> Iterator[bytes]:
        """Give every way in which it may be written."""
        yield self.id.encode()
        yield bytes.fromhex(self.id)
        yield from self.digest_forms()

    def digest_forms(self) -> Iterator[bytes]:
        """Give every way in which its digest may be written, also as a traceback would quote it."""
        yield from forms(self.digest)
        yield base64.b64encode(self.digest)[:-2]
        yield repr(self.digest)[2:-1].encode()


class Ground:
    """Folders to be searched. What lies in the *old* ones, unchanged since before anybody came, needs no search."""

    def __init__(self, *folders: Path, old: Sequence[Path] = ()) -> None:
        """Look at every file below *old*."""
        self._before = {_fingerprint(path) for folder in old for path in files(folder)}
        self._folders = [*folders, *old]

    def hits(self, words: Mapping[str, Iterable[str]]) -> list[Hit]:
        """Return where *words* lie, by their names, in whatever way they are written."""
        return [hit for folder in self._folders for hit in search(folder, words, looks=self._is_new)]

    def lying(self, wanted: Wanted) -> set[str]:
        """Return which of *wanted* lie in a file, by name."""
        found = set[str]()
        for path in filter(self._is_new, self._files()):
            for _, content in contents(path):
                found |= {name for name, forms in wanted.items() if any(form in content for form in forms)}
        return found

    def _is_new(self, path: Path) -> bool:
        return _fingerprint(path) not in self._before

    def _files(self) -> Iterator[Path]:
        for folder in self._folders:
            yield from files(folder)


def _fingerprint(path: Path) -> bytes:
    """Return a digest of the content of *path*; of nothing, if it has gone meanwhile."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except FileNotFoundError:
        return b""
