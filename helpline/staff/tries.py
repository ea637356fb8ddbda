"""Slow down whoever guesses, without locking anybody out."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpline.crypto.digest import keyed_digest
from helpline.staff.keeping import TRIES_FORGOTTEN_AFTER, wait_after
from helpline.staff.keys import StaffKeys
from helpline.staff.tables import Tries
from helpline.store.writing import insert_free

DRAWERS = 4096
"""Names share this many counters: no number of names fills the table, and two in one drawer wait 30 s at most."""


class SlowedError(Exception):
    """Too many tries in vain; ``wait`` says how long the next one has to wait."""

    def __init__(self, wait: timedelta) -> None:
        """Keep how long to *wait*."""
        super().__init__("slowed")
        self.wait = wait


def subject_of_name(name: str, *, keys: StaffKeys) -> str:
    """Return the drawer that tries with *name* from unknown devices count in."""
    digest = keyed_digest(name.encode(), key=keys.name)
    return f"name:{int.from_bytes(digest[:4], 'big') % DRAWERS}"


def subject_of_device(digest: bytes) -> str:
    """Return the counter of a device that somebody signed in on before: strangers cannot reach it."""
    return f"device:{digest.hex()}"


def subject_of_session(digest: bytes) -> str:
    """Return the counter of a session that asks for the passphrase again."""
    return f"session:{digest.hex()}"


def take_turn(session: Session, subject: str, *, now: datetime) -> None:
    """Count a try of *subject* before it is made, so that a hundred at once are not a hundred first tries.

    Raises:
        SlowedError: the last one is too short ago.
    """
    row = _locked(session, subject, now=now)
    count = row.count if now < row.forget_at else 0
    if count and now < row.next_at:
        raise SlowedError(row.next_at - now)
    row.count = count + 1
    row.next_at = now + wait_after(row.count)
    row.forget_at = now + TRIES_FORGOTTEN_AFTER
    session.flush()


def _locked(session: Session, subject: str, *, now: datetime) -> Tries:
    """Return the counter of *subject*, which nobody else can change now; a new one if there is none.

    A sign-in that was right may clear it between the two steps: then they are done again.
    """
    while True:
        insert_free(session, Tries, rows=[{"subject": subject, "count": 0, "next_at": now, "forget_at": now}])
        row = session.get(Tries, subject, with_for_update=True, populate_existing=True)
        if row is not None:
            return row


def clear(session: Session, subject: str) -> None:
    """Forget the tries of *subject*: one was right."""
    session.execute(delete(Tries).where(Tries.subject == subject))


def forget_old_tries(session: Session, *, now: datetime) -> None:
    """Forget the tries that no longer count."""
    session.execute(delete(Tries).where(Tries.forget_at <= now))
