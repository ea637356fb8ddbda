"""What a visitor typed and chose lies nowhere but in an envelope; what was destroyed lies nowhere at all.

Every byte of the data folder is searched (the files of SQLite with their WAL and their free pages), the whole of
PGDATA with its WAL and the server's log, in every way that it may be written. A disk may keep blocks that a file has
given back; that is beyond this proof (docs/threat-model.md).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from helpline.callbacks.booking import AlreadyBookedError, Receipt, SlotTakenError
from helpline.callbacks.envelope import Wish
from helpline.callbacks.keeping import KEPT_AFTER_SLOT
from helpline.callbacks.tables import BusyAtom, Counsellor
from helpline.callbacks.talk import cancel_by_visitor
from helpline.clock.lease import read_state
from helpline.clock.ticking import Clock
from helpline.crypto.opening import CannotOpenError, open_sealed
from helpline.staff.audit import Deed, append
from helpline.staff.tables import Act, StaffId
from helpline.store.engine import PRAGMAS
from tests.clock.conftest import Noted, clock_over
from tests.support.canaries import CANARY_NUMBER, Ground, Trace, canary_desk, forms, told
from tests.support.counsellor import member
from tests.support.stores import Stores, copy_files, opened_stores
from tests.support.talks import TEN, TUESDAY, WISH, booking_of, bookings, envelopes, opened, request
from tests.support.watching import until
from tests.support.world import NOW, World, make_world, sign_roster

if TYPE_CHECKING:
    from tests.support.postgres import PostgresServer

MINUTE = timedelta(minutes=1)
GONE_AT = TEN + timedelta(minutes=30) + KEPT_AFTER_SLOT
CANARY = replace(WISH, number=CANARY_NUMBER)


@dataclass(frozen=True)
class House:
    """A helpline whose every byte can be searched."""

    stores: Stores
    world: World
    clock: Clock
    ground: Ground

    def book(self, *wishes: Wish, form: str = "", now: datetime = NOW) -> list[Receipt]:
        """Book *wishes* with a form each."""
        desk = canary_desk(self.world)
        return [
            request(self.stores.helpline, self.world, wanted, form=f"{form}{wanted.starts_at}", now=now, desk=desk)
            for wanted in wishes
        ]

    def cancel(self, receipt: Receipt) -> None:
        """Cancel a talk as its visitor does."""
        with self.stores.helpline.begin() as session:
            cancel_by_visitor(session, receipt.code, desk=self.world.desk, now=NOW)

    def trace(self, receipt: Receipt) -> Trace:
        """Return the bytes by which a booking can be found."""
        booking = booking_of(self.stores.helpline, self.world, receipt)
        return Trace(booking.id, booking.code_digest)

    def lying(self, traces: Iterable[Trace]) -> set[str]:
        """Return the ids of those of *traces* that lie in a file, by id or by digest."""
        return self.ground.lying({trace.id: list(trace.forms()) for trace in traces})

    def tick(self, now: datetime) -> None:
        """Let the clock tick at *now*; nothing is in its way."""
        with self.stores.helpline.begin() as session:
            sign_roster(session, self.world.colleagues, day_keys=self.world.day_keys, now=now)
        self._say_goodbye()
        assert self.clock.tick(now)
        with self.stores.helpline.read() as session:
            assert read_state(session).swept_at == now.replace(microsecond=0)

    def _say_goodbye(self) -> None:
        """Close the visitors' connections: PostgreSQL's statistics then know at once what was deleted there.

        In a running house they know it within seconds, and the clock's next tick sweeps.
        """
        if self.stores.database_url is None:
            return
        with self.stores.helpline.read() as session:
            server = session.scalar(text("SELECT pg_backend_pid()"))
        self.stores.helpline.engine.dispose()

        def is_gone() -> bool:
            with self.stores.office.read() as session:
                is_there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
                return bool(session.scalar(is_there, {"pid": server}) == 0)

        until(is_gone)


@pytest.fixture
def ground(request: pytest.FixtureRequest, stores: Stores, world: World) -> Ground:
    """Give every folder in which a byte of a visitor could lie."""
    if stores.database_url is None:
        return Ground(stores.data_dir)
    server: PostgresServer = request.getfixturevalue("postgres")
    return Ground(stores.data_dir, old=[server.folder])


@pytest.fixture
def house(stores: Stores, world: World, ground: Ground) -> Iterator[House]:
    """Give a helpline with a clock."""
    with clock_over(stores, world, noted=Noted()) as clock:
        clock.tick(NOW - MINUTE)  # without a clock nothing is drawn, so nothing is booked
        yield House(stores, world, clock, ground)


def several() -> list[Wish]:
    """Return wishes for so many talks that the pages of the tables split and are merged again."""
    return [
        replace(CANARY, starts_at=TEN + timedelta(days=day, hours=hour)) for day, hour in product(range(6), range(4))
    ]


def test_what_a_visitor_typed_and_was_told_lies_nowhere_at_any_time(house: House) -> None:
    receipts = house.book(CANARY, replace(CANARY, starts_at=TEN + timedelta(hours=2)))
    stores, desk = house.stores, canary_desk(house.world)
    # What goes wrong is not told to a log either.
    with pytest.raises(AlreadyBookedError):
        request(stores.helpline, house.world, CANARY, form=f"{TEN}", desk=desk, now=NOW + timedelta(minutes=20))
    with pytest.raises(SlotTakenError):
        request(stores.helpline, house.world, replace(CANARY, starts_at=TEN - timedelta(hours=7)), form="x", desk=desk)
    words = told(receipts)
    assert house.ground.lying(words) == set()

    booking = bookings(stores.helpline)[0]
    envelope = next(it for it in envelopes(stores.helpline) if it.booking_id == booking.id)
    assert opened(house.world, booking, envelope).wish == CANARY
    house.cancel(receipts[1])
    house.tick(GONE_AT)

    assert bookings(stores.helpline) == []
    assert house.ground.lying(words) == set()


def test_the_search_finds_what_is_there(house: House) -> None:
    """Else the promises above and below would be worth nothing."""
    with house.stores.helpline.begin() as session:
        session.execute(update(Counsellor).where(Counsellor.id == "anna").values(alias=f"tel:{CANARY_NUMBER}"))

    assert house.ground.lying(told([])) == {"number"}


def test_a_refused_row_is_not_told_to_the_servers_log(house: House, request: pytest.FixtureRequest) -> None:
    with pytest.raises(IntegrityError), house.stores.helpline.begin() as session:
        session.execute(insert(BusyAtom), {"resource": "kanarieresourceqv", "atom": 1, "destroy_at": NOW})

    if house.stores.database_url is not None:
        log = request.getfixturevalue("postgres").log.read_text()
        assert "ck_busy_atom_one_cause" in log
        assert "kanarieresourceqv" not in log


def test_what_was_destroyed_lies_nowhere(house: House) -> None:
    receipts = house.book(*several())
    traces = {receipt.starts_at: house.trace(receipt) for receipt in receipts}
    if house.stores.database_url is not None:
        with house.stores.helpline.begin() as session:
            session.execute(text("ANALYZE"))  # as autovacuum does: samples of the rows go to the catalogue
    assert house.lying(traces.values()) == {trace.id for trace in traces.values()}

    cancelled = receipts[1::3]
    for receipt in cancelled:
        house.cancel(receipt)
    house.tick(NOW + MINUTE)
    assert house.lying(traces[receipt.starts_at] for receipt in cancelled) == set()

    for day in (0, 2, 5):
        house.tick(GONE_AT + timedelta(days=day, hours=3))
        left = {booking.id for booking in bookings(house.stores.helpline)}
        assert house.lying(traces.values()) == left
        assert bool(left) is (day < 5)


def test_what_the_audit_knew_of_a_destroyed_talk_lies_nowhere(house: House) -> None:
    (receipt,) = house.book(CANARY)
    trace = house.trace(receipt)
    with house.stores.office.begin() as session:
        session.add(member("anna"))
        session.flush()
        deed = Deed(StaffId("anna"), Act.OUTCOME_SENT, detail=trace.id, form_id="x", slot_end=receipt.ends_at)
        append(session, deed, now=NOW, zone=house.world.programme.zone)
    house.cancel(receipt)
    house.tick(NOW + MINUTE)
    assert house.lying([trace]) == {trace.id}

    house.tick(GONE_AT)
    assert house.lying([trace]) == set()


@pytest.mark.parametrize("secure_delete", ["OFF", "ON"])
def test_without_secure_delete_it_would_lie_in_the_file_until_the_clock_comes(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, secure_delete: str
) -> None:
    """What the pragma is for: a deleted row is overwritten where it lies, not only when the file is written anew."""
    pragmas = [pragma.replace("secure_delete=ON", f"secure_delete={secure_delete}") for pragma in PRAGMAS]
    monkeypatch.setattr("helpline.store.engine.PRAGMAS", pragmas)
    copy_files(sqlite_template, to=tmp_path)
    with opened_stores(tmp_path, database_url=None) as stores:
        world = make_world(stores.helpline, tmp_path)
        with clock_over(stores, world, noted=Noted()) as clock:
            house = House(stores, world, clock, Ground(tmp_path))
            receipts = house.book(*several())
            traces = [house.trace(receipt) for receipt in receipts]
            for receipt in receipts:
                house.cancel(receipt)
            with stores.helpline.outside() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

            # Where pages were merged, a copy of a row may stay behind even so.
            left = len(house.lying(traces))
            assert left <= 2 if secure_delete == "ON" else left > len(traces) // 2


@pytest.mark.long
def test_however_often_pages_split_and_merge_nothing_stays_behind(
    tmp_path: Path, sqlite_template: Path, record_property: Callable[[str, object], None]
) -> None:
    """Without the writing anew of the file, one destroyed talk in some hundred was still to be read here."""
    copy_files(sqlite_template, to=tmp_path)
    with opened_stores(tmp_path, database_url=None) as stores:
        change = ("booked_lines = 2", "booked_lines = 40")
        world = make_world(stores.helpline, tmp_path, names=[f"anna{number}" for number in range(20)], change=change)
        with clock_over(stores, world, noted=Noted()) as clock:
            house = House(stores, world, clock, Ground(tmp_path))
            destroyed: list[Trace] = []
            standing: dict[str, Receipt] = {}
            for quarter in range(32):
                now = NOW + quarter * timedelta(minutes=15)
                house.tick(now)
                for receipt in house.book(*several(), form=f"{quarter}", now=now):
                    standing[house.trace(receipt).id] = receipt
                # Half of all that stand, wherever chance has put them among those that stay.
                for found in sorted(standing)[::2]:
                    destroyed.append(house.trace(standing[found]))
                    house.cancel(standing.pop(found))
                house.tick(now + MINUTE)
                assert house.lying(destroyed) == set()
    record_property("destroyed", len(destroyed))


def test_without_a_sweep_it_would_lie_there(house: House) -> None:
    """What the clock's sweep is for: the WAL of both databases, and PostgreSQL's tables, keep what was deleted."""
    (receipt,) = house.book(CANARY)
    trace = house.trace(receipt)
    house.cancel(receipt)

    assert house.lying([trace]) == {trace.id}
    house.tick(NOW + MINUTE)
    assert house.lying([trace]) == set()


def test_a_thief_of_stores_and_passphrases_reads_no_number_when_the_day_is_over(house: House) -> None:
    """She has every envelope, copied while it could be opened, and then every key but the days'."""
    receipts = house.book(CANARY, replace(CANARY, starts_at=TEN + timedelta(days=1)))
    stolen = [(it.counsellor_id, it.sealed) for it in envelopes(house.stores.helpline)]
    days = [TUESDAY, TUESDAY + timedelta(days=1)]
    destroyed = {day.isoformat(): house.world.day_keys.private(day) for day in days}
    assert house.ground.lying({day: forms(key) for day, key in destroyed.items()}) == set(destroyed)

    house.tick(GONE_AT + timedelta(days=1))

    keys = [house.world.colleague(name).keys.private for name in ("anna", "bram")]
    left = [house.world.day_keys.private(day) for day in house.world.day_keys.days()]
    assert len(stolen) == 2 * len(receipts)
    assert len(left) > 40
    for (_, sealed), reader, day in product(stolen, keys, [*left, *keys]):
        with pytest.raises(CannotOpenError):
            open_sealed(sealed, reader=reader, day=day)
    assert house.ground.lying({day: forms(key) for day, key in destroyed.items()}) == set()
    # With the keys that were destroyed she would read all of it: it is they that keep the promise.
    for name, sealed in stolen:
        reader = house.world.colleague(name).keys.private
        assert CANARY_NUMBER.encode() in b"".join(_opened(sealed, reader=reader, days=destroyed.values()))


def _opened(sealed: bytes, *, reader: bytes, days: Iterable[bytes]) -> Iterator[bytes]:
    for day in days:
        with suppress(CannotOpenError):
            yield open_sealed(sealed, reader=reader, day=day)
