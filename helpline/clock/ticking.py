"""What happens each minute: purge, wipe, draw, and once a day the counts."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import Session

from helpline.callbacks.breaks import forget_breaks
from helpline.callbacks.busy_times import freeze, frozen_at
from helpline.callbacks.draw import draw_times
from helpline.callbacks.flood import weigh_far_door
from helpline.callbacks.free_now import forget_free_times
from helpline.callbacks.keeping import KEPT_AFTER_SLOT
from helpline.callbacks.rota import day_bounds
from helpline.callbacks.tables import CounsellorId
from helpline.callbacks.talk import are_envelopes_left, lapsed_talks
from helpline.clock.lease import note_work, take_lease
from helpline.clock.metadatas import METADATA
from helpline.day_keys import DayKeys
from helpline.retention import holds_visitors, purge_expired
from helpline.roster import NoValidRosterError, read_roster
from helpline.settings.environment import OfficeSettings
from helpline.staff.feeds import feeds_since_before
from helpline.staff.sessions import expire_sessions
from helpline.staff.tries import forget_old_tries
from helpline.store.engine import Sessions, StoreName
from helpline.store.residue import Residue
from helpline.store.writing import wait_for_turn
from helpline.usage.counting import Counter

logger = logging.getLogger(__name__)

RELEASE_HOUR = 3
"""The day's counts are flushed from this local hour on (counts.md)."""


@dataclass(slots=True)
class Clock:
    """The one timer. Tests call ``tick``; a process of its own calls it each minute."""

    settings: OfficeSettings
    stores: Mapping[StoreName, Sessions]
    holder: str
    release: Callable[[], bool]
    count: Counter
    day_keys: DayKeys = field(init=False)
    _residues: dict[StoreName, Residue] = field(init=False)
    _released_on: date | None = None

    def __post_init__(self) -> None:
        """Look up which tables hold rows that go."""
        self.day_keys = DayKeys(self.settings.data_dir / "daykeys")
        self._residues = {
            name: Residue(sessions, tables=_tables_of_visitors(METADATA[name]))
            for name, sessions in self.stores.items()
        }

    def tick(self, now: datetime) -> bool:
        """Do what is due at *now* and return whether this clock was the one to do it."""
        self._destroy_overdue_keys(now)
        helpline = self.stores[StoreName.HELPLINE]
        if not helpline.transact(lambda session: take_lease(session, holder=self.holder, now=now)):
            return False
        purged = self._purge(now)
        self._destroy_day_keys(now)
        swept = [residue.sweep(is_dirty=purged[name] > 0) for name, residue in self._residues.items()]
        with helpline.begin() as session:
            note_work(session, now=now, is_swept=all(swept))
        self._draw(now)
        self._freeze(now)
        self._release(now)
        return True

    def _purge(self, now: datetime) -> dict[StoreName, int]:
        """Destroy what is due and return how much it was, by store; talks that nobody closed are counted as they go."""
        lapsed, talks = self.stores[StoreName.HELPLINE].transact(lambda session: _purge_talks(session, now=now))
        self.count(*[("callback", "lapsed")] * lapsed)
        purged = {StoreName.HELPLINE: talks}
        for name in (StoreName.OFFICE, StoreName.COUNTS):
            with self.stores[name].begin() as session:
                purged[name] = purge_expired(session, METADATA[name], now=now)
        with self.stores[StoreName.OFFICE].begin() as session:
            expire_sessions(session, now=now)
            forget_old_tries(session, now=now)
        return purged

    def _destroy_overdue_keys(self, now: datetime) -> None:
        """Destroy the key of each day that ended 24 hours ago, whatever a store says, and also when none answers."""
        for day in self.day_keys.days():
            _, last = day_bounds(day, zone=self.settings.programme.zone)
            if last + KEPT_AFTER_SLOT <= now:
                self.day_keys.destroy(day)

    def _destroy_day_keys(self, now: datetime) -> None:
        """Destroy the key of each day that is over as soon as it has no envelope left to open.

        That is at the latest 24 hours after its last slot, for then its last envelope goes.
        """
        with self.stores[StoreName.HELPLINE].read() as session:
            for day in self.day_keys.days():
                first, last = day_bounds(day, zone=self.settings.programme.zone)
                if last <= now and not are_envelopes_left(session, first=first, last=last, now=now):
                    self.day_keys.destroy(day)

    def _draw(self, now: datetime) -> None:
        """Draw the list of this quarter, as far ahead as what became of the last talks allows.

        Without a roster there is nothing to draw, and booking pauses by itself.
        """
        keys = self.settings.roster_verify_keys
        with self.stores[StoreName.HELPLINE].begin() as session:
            weigh_far_door(session, now=now)
            forget_free_times(session, now=now)
            try:
                roster = read_roster(session, verify_keys=keys, now=now, seen=None)
            except NoValidRosterError:
                logger.warning("no valid roster: booking is closed until somebody signs one")
                return
            draw_times(session, programme=self.settings.programme, roster=roster, now=now)

    def _freeze(self, now: datetime) -> None:
        """Write down once a day when those are busy whose own calendar asks; who switched it on since, tomorrow."""
        programme = self.settings.programme
        with self.stores[StoreName.OFFICE].read() as session:
            asking = feeds_since_before(session, frozen_at(now, zone=programme.zone))
        with self.stores[StoreName.HELPLINE].begin() as session:
            freeze(session, [CounsellorId(it) for it in asking], programme=programme, now=now)

    def _release(self, now: datetime) -> None:
        local = now.astimezone(self.settings.programme.zone)
        today = (local - timedelta(hours=RELEASE_HOUR)).date()
        if today != self._released_on and self.release():
            self._released_on = today


def _purge_talks(session: Session, *, now: datetime) -> tuple[int, int]:
    """Destroy what is due in the store of the talks; return how many talks nobody closed, and how much went in all.

    Whoever closes or cancels a talk waits for the same turn: it is counted there or here, and never in both.
    """
    wait_for_turn(session)
    forget_breaks(session, now=now)
    lapsed = lapsed_talks(session, now=now)
    return lapsed, purge_expired(session, METADATA[StoreName.HELPLINE], now=now)


def _tables_of_visitors(metadata: MetaData) -> list[Table]:
    """Return the tables that hold something of a visitor, be it one value that goes before its row does."""
    return [table for table in metadata.sorted_tables if holds_visitors(table)]
