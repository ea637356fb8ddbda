"""What the staff subject needs besides a session: one key per purpose, the cost of a try, and seats for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from helpline.crypto.digest import Subkey, subkey
from helpline.crypto.passwords import Cost, hash_passphrase

SEATS = 2
"""Tries of Argon2id at once, of strangers and of known devices each: 64 MiB a try must not fill the memory."""

WAIT_FOR_SEAT_SECONDS = 10.0


class NoSeatError(Exception):
    """Too many people sign in at this moment."""


class Seats:
    """A bounded number of tries at once; known devices have seats of their own, which strangers cannot take."""

    def __init__(self, count: int = SEATS, *, wait: float = WAIT_FOR_SEAT_SECONDS) -> None:
        """Offer *count* seats to strangers and as many to known devices; a try waits *wait* seconds for one."""
        self._seats = {is_known: threading.BoundedSemaphore(count) for is_known in (False, True)}
        self._wait = wait

    @contextmanager
    def taken(self, *, is_known: bool) -> Iterator[None]:
        """Hold a seat while the block runs.

        Raises:
            NoSeatError: none became free in time.
        """
        seats = self._seats[is_known]
        if not seats.acquire(timeout=self._wait):
            raise NoSeatError
        try:
            yield
        finally:
            seats.release()


@dataclass(frozen=True, slots=True)
class StaffKeys:
    """The keys of the staff subject, out of OFFICE_PEPPER and SESSION_KEY. None of them opens an envelope."""

    passphrase: Subkey = field(repr=False)
    factor: Subkey = field(repr=False)
    recovery: Subkey = field(repr=False)
    token: Subkey = field(repr=False)
    name: Subkey = field(repr=False)
    feed: Subkey = field(repr=False)

    @classmethod
    def of(cls, *, pepper: bytes, session_key: bytes) -> "StaffKeys":
        """Return the keys that belong to *pepper* and *session_key*."""
        return cls(
            passphrase=subkey(pepper, label="passphrase"),
            factor=subkey(pepper, label="factor"),
            recovery=subkey(pepper, label="recovery"),
            token=subkey(session_key, label="token"),
            name=subkey(session_key, label="name"),
            feed=subkey(session_key, label="feed"),
        )


@dataclass(frozen=True, slots=True)
class Door:
    """What a sign-in needs; made once per process.

    ``decoy`` is the hash that an unknown name is tried against, at the cost of a known one.
    """

    keys: StaffKeys
    cost: Cost
    zone: ZoneInfo
    seats: Seats
    decoy: str = field(repr=False)

    @classmethod
    def of(cls, keys: StaffKeys, *, cost: Cost, zone: ZoneInfo, seats: Seats | None = None) -> "Door":
        """Return a door whose tries cost *cost*; *zone* says which day an act is written down under."""
        decoy = hash_passphrase("nobody has this passphrase", pepper=keys.passphrase, cost=cost)
        return cls(keys=keys, cost=cost, zone=zone, seats=seats or Seats(), decoy=decoy)
