"""The signed list of who may open: written by the back office, verified by the visitors' process."""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.crypto.seal import is_signed
from helpline.store.kept import ours
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant

log = logging.getLogger(__name__)

LIFE = timedelta(days=8)
"""A roster holds no longer than this, so an old one put back by an attacker is soon worth nothing."""

RENEWED_BELOW = timedelta(days=5)
"""A sign-in of somebody with a roster key renews silently when fewer days are left."""

FORMAT = 1


class NoValidRosterError(Exception):
    """There is no roster that we may seal to: booking closes until somebody signs one."""


class SignedRosterRow(HelplineBase):
    """A roster as it was signed. Nothing in this row is believed before its signature was checked."""

    __tablename__ = "signed_roster"

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=ours("counts the rosters"))
    body: Mapped[bytes] = mapped_column(info=ours("who may open, from when until when, and the days' public keys"))
    signature: Mapped[bytes] = mapped_column(info=ours("of the body, by the coordinator"))
    signed_at: Mapped[datetime] = mapped_column(Instant, info=ours("when it was signed"))


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may open: her id in the rota, her public key (32 bytes), whether she stands in for others."""

    counsellor_id: str
    public_key: bytes
    stands_in: bool
    first_day: date
    last_day: date | None

    def may_open_on(self, day: date) -> bool:
        """Return whether talks of *day* may be sealed to her."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who may open until when, and the public key (32 bytes) of each day."""

    serial: int
    valid_until: datetime
    readers: tuple[Reader, ...]
    day_keys: Mapping[date, bytes]

    def body(self) -> bytes:
        """Return the bytes that are signed: JSON with sorted keys."""
        return json.dumps(
            {
                "format": FORMAT,
                "serial": self.serial,
                "valid_until": int(self.valid_until.timestamp()),
                "readers": [_written(reader) for reader in self.readers],
                "day_keys": {day.isoformat(): key.hex() for day, key in self.day_keys.items()},
            },
            sort_keys=True,
        ).encode()

    def reader(self, counsellor_id: str, *, day: date) -> Reader | None:
        """Return the reader *counsellor_id*, if talks of *day* may be sealed to her."""
        return next((it for it in self.readers if it.counsellor_id == counsellor_id and it.may_open_on(day)), None)

    def stand_ins(self, *, day: date) -> tuple[Reader, ...]:
        """Return who stands in for others on *day*."""
        return tuple(reader for reader in self.readers if reader.stands_in and reader.may_open_on(day))

    def is_in_force(self, now: datetime) -> bool:
        """Return whether *now* lies in the roster's life; one that claims a longer life than LIFE is not believed."""
        return now < self.valid_until <= now + LIFE


class SerialFile:
    """The highest serial this process's user has seen, in a folder that a reboot empties."""

    def __init__(self, path: Path) -> None:
        """Keep the serial in *path*."""
        self._path = path

    @classmethod
    def of(cls, folder: Path, *, verify_keys: Sequence[bytes]) -> "SerialFile":
        """Keep the serial in *folder*, one for each set of *verify_keys*: when they change, counting may begin anew."""
        return cls(folder / f"roster-{hashlib.sha256(b''.join(sorted(verify_keys))).hexdigest()[:16]}")

    def highest(self) -> int:
        """Return the highest serial seen, 0 if none."""
        try:
            return int(self._path.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def remember(self, serial: int) -> None:
        """Keep *serial* if it is higher; the file is replaced whole, so a crash never leaves half a number."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if serial > self.highest():
                fresh = self._path.with_suffix(f".{os.getpid()}")
                fresh.write_text(str(serial), encoding="ascii")
                fresh.replace(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other workers out: one that saw a lower serial must not write it over a higher one."""
        descriptor = os.open(self._path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def publish_roster(
    session: Session, roster: Roster, *, signature: bytes, verify_keys: Sequence[bytes], now: datetime
) -> None:
    """Store *roster* with its *signature*; whoever reads it checks it again.

    What lies in its place or above it and was signed by none of *verify_keys* would hide it, so that is removed.
    """
    rows = session.execute(_rows().where(SignedRosterRow.serial >= roster.serial)).all()
    foreign = [row.serial for row in rows if not _is_ours(row, verify_keys=verify_keys)]
    if foreign:
        log.warning("%d rosters that nobody of ours had signed are removed", len(foreign))
    session.execute(delete(SignedRosterRow).where(SignedRosterRow.serial.in_(foreign)))
    session.add(SignedRosterRow(serial=roster.serial, body=roster.body(), signature=signature, signed_at=now))


def newest_signed(session: Session, *, verify_keys: Sequence[bytes]) -> Roster | None:
    """Return the newest roster signed by one of *verify_keys*, even when it has run out or a foreign one hides it."""
    signed = (row for row in session.execute(_rows()) if _is_ours(row, verify_keys=verify_keys))
    row = next(signed, None)
    return _read(row.body) if row else None


def next_serial(session: Session, *, verify_keys: Sequence[bytes]) -> int:
    """Return the serial of the next roster to sign: a row that we did not sign has no say in it."""
    newest = newest_signed(session, verify_keys=verify_keys)
    return newest.serial + 1 if newest else 1


def read_roster(session: Session, *, verify_keys: Sequence[bytes], now: datetime, seen: SerialFile | None) -> Roster:
    """Return the newest roster, after checking signature, life and serial against what was *seen* before.

    Raises:
        NoValidRosterError: none was signed by one of *verify_keys*, it is over, or an older one was put back.
    """
    row = session.execute(_rows().limit(1)).one_or_none()
    if row is None or not _is_ours(row, verify_keys=verify_keys):
        raise NoValidRosterError
    roster = _read(row.body)
    if not roster.is_in_force(now) or not _is_newest(roster, seen=seen):
        raise NoValidRosterError
    return roster


def _rows() -> Select[int, bytes, bytes]:
    """Return the query of all rosters, the newest first.

    Only what is checked is read: whoever can write to the store could put anything into the rest.
    """
    columns = select(SignedRosterRow.serial, SignedRosterRow.body, SignedRosterRow.signature)
    return columns.order_by(SignedRosterRow.serial.desc())


def _is_ours(row: Row[int, bytes, bytes], *, verify_keys: Sequence[bytes]) -> bool:
    """Return whether one of *verify_keys* signed *row*, and for the place where it lies."""
    is_right = any(is_signed(row.body, signature=row.signature, key=key) for key in verify_keys)
    return is_right and _read(row.body).serial == row.serial


def _is_newest(roster: Roster, *, seen: SerialFile | None) -> bool:
    """Return whether nobody here saw a newer one than *roster*, after remembering it.

    What cannot be remembered could be put back unnoticed, so it is not believed either.
    """
    try:
        if seen is not None and roster.serial < seen.highest():
            return False
        if seen is not None:
            seen.remember(roster.serial)
    except OSError as error:
        log.warning("the serial of the roster cannot be kept (%s): booking is closed", type(error).__name__)
        return False
    return True


def _written(reader: Reader) -> dict[str, object]:
    return {
        "counsellor": reader.counsellor_id,
        "public_key": reader.public_key.hex(),
        "stands_in": reader.stands_in,
        "from": reader.first_day.isoformat(),
        "until": reader.last_day.isoformat() if reader.last_day else None,
    }


def _read(body: bytes) -> Roster:
    """Return the roster in *body*, whose signature was checked: it is ours and well formed."""
    plain = json.loads(body)
    return Roster(
        serial=plain["serial"],
        valid_until=datetime.fromtimestamp(plain["valid_until"], tz=UTC),
        readers=tuple(
            Reader(
                counsellor_id=reader["counsellor"],
                public_key=bytes.fromhex(reader["public_key"]),
                stands_in=reader["stands_in"],
                first_day=date.fromisoformat(reader["from"]),
                last_day=date.fromisoformat(reader["until"]) if reader["until"] else None,
            )
            for reader in plain["readers"]
        ),
        day_keys={date.fromisoformat(day): bytes.fromhex(key) for day, key in plain["day_keys"].items()},
    )
