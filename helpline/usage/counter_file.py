"""One fixed-size file in memory that every worker of both sites counts in.

Its name holds the digest of the codebook that it was made for, and its end holds that codebook's text: a file
explains itself, so workers of an old and of a new codebook count side by side and the release flushes both.

    header (64 bytes) · bank 0 · bank 1 · drawn · steps of this minute (8 bytes a cell each) · marks · pebbles · text

The two banks are what counts.md calls A and B. Which one is A is one bit of the header's state word; the rest of
that word is the day of the flush that the other one waits for. One aligned store of 8 bytes "moves A into B":
a process that is killed has done it whole or not at all.
"""

import fcntl
import logging
import mmap
import os
import secrets
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import chain
from pathlib import Path

from helpline.settings.faults import SettingsError
from helpline.usage.codebook import Codebook
from helpline.usage.codebook_reading import codebook_from

log = logging.getLogger(__name__)

VERSION = 2
PREFIX = f"counters-{VERSION}-"
"""A later format has another name, so that no process ever reads what it does not understand."""

DIGEST_SYMBOLS = 32
FILE_MODE = 0o660
FOLDER_MODE = 0o2770
"""Two users share it: the visitors' site counts, the back office counts and releases."""

WORD = 8
HEADER_WORDS = 8
STATE, DRAWN, EPOCH, MINUTE = range(1, 5)
"""Words of the header. The first is the number of cells; then active bank and flush day, whether noise is drawn, the
pebbles' epoch, the minute of the steps."""

BANKS = 4
PEBBLES = 1 << 16
"""Visits on a path in a day and on one host; when they are used up, further ones are not counted (a flood)."""

PROBES = 256
"""Places that are tried for one visit. With three quarters taken each visit finds one, with nine tenths most."""

SPENT = 255
"""Lies at the place of a visit of the flush before: whoever sends its first form again is not counted once more."""

ONCE = 254
"""Lies at the place of a form that was counted: beyond every stage, so that nothing ever moves it."""

NEXT_FLUSH = bytes(0 if pebble in {0, SPENT} else SPENT for pebble in range(256))
"""What a flush makes of each pebble."""

EPOCH_BITS = 63


class BadCounterFileError(Exception):
    """The file is not what its name says."""


class CounterFile:
    """A counters' file in the memory of this process. All words are 64 bits, signed, in the machine's order."""

    def __init__(self, path: Path, *, codebook: Codebook, descriptor: int) -> None:
        """Map the file behind *descriptor*, which belongs to this object from now on."""
        self.path = path
        self.codebook = codebook
        self.descriptor = descriptor
        count = len(codebook.places)
        self._map = mmap.mmap(descriptor, 0)
        self._bytes = memoryview(self._map)
        self.words = self._bytes[: HEADER_WORDS * WORD].cast("q")
        starts = [HEADER_WORDS * WORD + number * count * WORD for number in range(BANKS + 1)]
        self._spans = [slice(start, start + count * WORD) for start in starts[:-1]]
        self._views = [self._bytes[span].cast("q") for span in self._spans]
        self.banks = self._views[:2]
        self.steps = self._views[3]
        self._marks = slice(starts[-1], starts[-1] + PEBBLES * WORD)
        self._pebbles = slice(self._marks.stop, self._marks.stop + PEBBLES)
        self.marks = self._bytes[self._marks].cast("Q")
        self.pebbles = self._bytes[self._pebbles]

    @classmethod
    def open(cls, folder: Path, *, codebook: Codebook) -> "CounterFile":
        """Return the file of *codebook* in *folder*, made if it is not there, and hold it as in use.

        A file that is not what its name says is replaced, with a line in the log.
        """
        path = folder / (PREFIX + codebook.digest[:DIGEST_SYMBOLS])
        while True:
            try:
                return cls.found(path)
            except BadCounterFileError:
                log.warning("the counters' file was damaged and is replaced: what was in it is lost")
                path.unlink(missing_ok=True)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    _create(path, codebook=codebook)

    @classmethod
    def found(cls, path: Path) -> "CounterFile":
        """Return the file at *path*, read by the codebook inside it, and hold it as in use.

        Raises:
            FileNotFoundError: it is not there, or was taken away meanwhile.
            BadCounterFileError: it is not what its name says.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            _hold(path, descriptor=descriptor)
            return cls(path, codebook=_codebook_inside(path, descriptor=descriptor), descriptor=descriptor)
        except BaseException:
            os.close(descriptor)
            raise

    def close(self) -> None:
        """Let go of the file; what was counted stays in it."""
        for view in (*self._views, self.words, self.marks, self.pebbles, self._bytes):
            view.release()
        self._map.close()
        os.close(self.descriptor)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process out for the length of the block."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    @property
    def is_lost(self) -> bool:
        """Whether somebody deleted the file: what is counted in it now, nobody would find."""
        return os.fstat(self.descriptor).st_nlink == 0

    @property
    def pending_day(self) -> date | None:
        """The day of the flush that was begun and not finished."""
        day = self.words[STATE] >> 1
        return date.fromordinal(day) if day else None

    @property
    def active(self) -> memoryview:
        """The bank that is counted in."""
        return self.banks[self.words[STATE] & 1]

    def move(self, day: date) -> None:
        """Begin the flush of *day*: what was counted waits for it, and counting goes on from zero.

        Pebbles stay where they lie from now on: no visit moves from one flush into the next.
        """
        with self.locked():
            self.forget_pebbles()
            self.start_minute(0)
            self.words[STATE] = day.toordinal() << 1 | (1 - (self.words[STATE] & 1))

    def drawn(self, draw: Callable[[Sequence[int]], Sequence[int]]) -> list[int]:
        """Return what waits for its flush, with noise: drawn once, and the same again after a crash."""
        noised = self._views[2]
        if not self.words[DRAWN]:
            for index, value in enumerate(draw(self._waiting.tolist())):
                noised[index] = value
            self.words[DRAWN] = 1
        return list(noised.tolist())

    def finish(self) -> None:
        """End the flush, which is in the store by now: forget what waited for it. Can be done again."""
        with self.locked():
            active = self.words[STATE] & 1
            self._bytes[self._spans[1 - active]] = bytes(self._waiting.nbytes)
            self._bytes[self._spans[2]] = bytes(self._views[2].nbytes)
            self.words[DRAWN] = 0
            self.words[STATE] = active

    def hold_alone(self) -> bool:
        """Return whether nobody else has the file open; then nobody else can open it before this object is closed.

        This looks at processes only, never at what was counted.
        """
        try:
            fcntl.fcntl(self.descriptor, fcntl.F_OFD_SETLK, _whole_file(fcntl.F_WRLCK))
        except OSError:
            return False
        return True

    def start_minute(self, minute: int) -> None:
        """Forget how often each cell was stepped on in the last minute."""
        self._bytes[self._spans[3]] = bytes(self.steps.nbytes)
        self.words[MINUTE] = minute

    def forget_pebbles(self) -> None:
        """Make every stage text that was given out void, and every place of the flush before free."""
        self.words[EPOCH] = secrets.randbits(EPOCH_BITS)
        before = bytes(self.pebbles)
        self._bytes[self._pebbles] = before.translate(NEXT_FLUSH)
        for place, pebble in enumerate(before):
            if pebble == SPENT:
                self.marks[place] = 0

    def place_of(self, mark: int) -> int | None:
        """Return the place of the visit with this *mark*, or one for it, or None when all near it are taken.

        Places follow from marks, which look random, so they do not tell who came first. In a flood a place of the
        flush before is better than none.
        """
        near = [(mark + step) % PEBBLES for step in range(min(PROBES, PEBBLES))]
        known = (place for place in near if self.marks[place] == mark and self.pebbles[place])
        free = (place for pebble in (0, SPENT) for place in near if self.pebbles[place] == pebble)
        return next(chain(known, free), None)

    @property
    def _waiting(self) -> memoryview:
        return self.banks[1 - (self.words[STATE] & 1)]


def shared_folder(run_dir: Path) -> Path:
    """Return the folder in memory that both sites share, made if it is not there."""
    folder = run_dir / "shared"
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)
    return folder


def counter_paths(folder: Path) -> list[Path]:
    """Return every counters' file in *folder*, of any codebook, in a fixed order."""
    return sorted(folder.glob(PREFIX + "*"))


def _create(path: Path, *, codebook: Codebook) -> None:
    """Make an empty file at *path*, whole from its first moment on.

    Raises:
        FileExistsError: there is one.
    """
    text = codebook.text.encode()
    count = len(codebook.places)
    header = struct.pack("8q", count, 0, 0, secrets.randbits(EPOCH_BITS), 0, 0, 0, 0)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(header + bytes(BANKS * count * WORD + PEBBLES * (WORD + 1)) + text)
        path.hardlink_to(temporary)
    finally:
        temporary.unlink()


def _hold(path: Path, *, descriptor: int) -> None:
    """Say to other processes that the file is in use.

    Raises:
        FileNotFoundError: it was taken away while we waited for whoever held it alone.
    """
    fcntl.fcntl(descriptor, fcntl.F_OFD_SETLKW, _whole_file(fcntl.F_RDLCK))
    if os.fstat(descriptor).st_nlink == 0:
        raise FileNotFoundError(path)


def _codebook_inside(path: Path, *, descriptor: int) -> Codebook:
    """Return the codebook at the end of the file, if everything about the file fits it.

    Raises:
        BadCounterFileError: something does not.
    """
    content = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    count = int.from_bytes(content[:WORD], sys.byteorder)
    size = HEADER_WORDS * WORD + BANKS * count * WORD + PEBBLES * (WORD + 1)
    try:
        codebook = codebook_from(content[size:].decode("ascii"))
    except (SettingsError, UnicodeDecodeError) as error:
        raise BadCounterFileError(path.name) from error
    if len(codebook.places) != count or path.name != PREFIX + codebook.digest[:DIGEST_SYMBOLS]:
        raise BadCounterFileError(path.name)
    return codebook


def _whole_file(kind: int) -> bytes:
    """Return a lock on the whole file, of the open file description: threads and other opens do not undo it."""
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0)
