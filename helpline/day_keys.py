"""The private key of each day: a file outside every store and backup, destroyed when its day is over."""

import os
from contextlib import suppress
from datetime import date
from pathlib import Path
from secrets import token_hex

from helpline.crypto.opening import opening_pair, public_half

DAYS_AHEAD = 50
"""Every day that a talk may be booked on, with more than a week's room for a roster that is renewed late."""


class DayKeyGoneError(Exception):
    """The key of that day is destroyed, or was never here: its envelopes cannot be opened any more."""


class DayKeys:
    """The folder of the days' private keys (0700, files 0600), of the back office's user."""

    def __init__(self, folder: Path) -> None:
        """Keep the keys in *folder*, made when the first key is."""
        self._folder = folder

    def private(self, day: date) -> bytes:
        """Return the private key (32 bytes) of *day*.

        Raises:
            DayKeyGoneError: it is destroyed.
        """
        try:
            return self._path(day).read_bytes()
        except FileNotFoundError as error:
            raise DayKeyGoneError(day.isoformat()) from error

    def public(self, day: date) -> bytes:
        """Return the public half (32 bytes) of *day*'s key, whose private half is on disk, synced, before that."""
        if not self._path(day).exists():
            self._write(day, opening_pair().private)
        # Read back: when two sign at once, one key stays, and both must publish that one.
        return public_half(self.private(day))

    def days(self) -> list[date]:
        """Return the days that have a key, in order."""
        return sorted(date.fromisoformat(path.stem) for path in self._folder.glob("*.key"))

    def destroy(self, day: date) -> None:
        """Overwrite, sync and remove the key of *day*; a disk may keep freed blocks, so production wants encryption."""
        path = self._path(day)
        with suppress(FileNotFoundError):  # another clock was earlier
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        self._sync_folder()

    def _path(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.key"

    def _write(self, day: date, private: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path(day).with_suffix(f".{token_hex(8)}")
        descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, private)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with suppress(FileExistsError):  # somebody else was earlier, and may have published hers
            self._path(day).hardlink_to(fresh)
        fresh.unlink()
        self._sync_folder()

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
