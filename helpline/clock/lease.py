"""One clock at a time: a lease that the running one renews and another takes over when it has run out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpline.clock.tables import Lease
from helpline.store.writing import insert_free

CLOCK = "clock"
LIFE = timedelta(minutes=3)
"""Three ticks: a clock that is this late is taken to be dead."""

LATE = timedelta(minutes=5)
"""Staff are told when deleted rows were not wiped for so long (contacts.md)."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """When the clock last did its work, for the first page of the back office and for readiness."""

    ticked_at: datetime | None
    swept_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Return whether purging or wiping is more than LATE behind, or never happened.

        Work of the future says that the machine's time was put back: nothing is known of now.
        """
        return any(at is None or abs(now - at) > LATE for at in (self.ticked_at, self.swept_at))


def take_lease(session: Session, *, holder: str, now: datetime) -> bool:
    """Return whether *holder* may tick now: the lease was its own, free, or had run out.

    One that ends long after it could was taken before the machine's time was put back: it would hold until then.
    """
    fresh = {"name": CLOCK, "holder": holder, "until": now + LIFE, "ticked_at": now, "swept_at": now}
    if insert_free(session, Lease, rows=[fresh]) == 1:
        return True
    mine_or_over = (Lease.holder == holder) | (Lease.until <= now) | (Lease.until > now + 2 * LIFE)
    renewed = update(Lease).where(Lease.name == CLOCK, mine_or_over).values(holder=holder, until=now + LIFE)
    return session.connection().execute(renewed).rowcount == 1


def give_back(session: Session, *, holder: str, now: datetime) -> None:
    """Let another clock begin at once, because *holder* ends."""
    session.execute(update(Lease).where(Lease.name == CLOCK, Lease.holder == holder).values(until=now))


def note_work(session: Session, *, now: datetime, is_swept: bool) -> None:
    """Note that the clock has done its work at *now*, and whether the files were wiped too."""
    done = update(Lease).where(Lease.name == CLOCK).values(ticked_at=now)
    session.execute(done.values(swept_at=now) if is_swept else done)


def read_state(session: Session) -> ClockState:
    """Return when the clock last did its work."""
    lease = session.get(Lease, CLOCK)
    return ClockState(lease.ticked_at, lease.swept_at) if lease else ClockState(None, None)
