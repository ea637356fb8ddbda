"""What a visit leaves goes at its hour, by what the tables say of themselves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from helpline.callbacks.keeping import HOUR_OF_BOOKING_KEPT, KEPT_AFTER_SLOT, REPLAY_WINDOW, destroy_token_at
from helpline.callbacks.rota_keeping import add_absence
from helpline.callbacks.tables import Booking, BusyAtom, CounsellorId, Envelope, SpentToken
from helpline.clock.metadatas import METADATA
from helpline.retention import UnclearDeadlineError, holds_visitors, purge_expired, row_deadline
from helpline.store.engine import StoreName
from helpline.store.kept import UndeclaredColumnError, declarations, kept, ours
from helpline.store.types import Instant
from tests.support.stores import Stores
from tests.support.talks import TEN, TUESDAY, WISH, at, bookings, count, is_empty_of_talks, request
from tests.support.world import NOW, World

SECOND = timedelta(seconds=1)
GONE_AT = TEN + timedelta(minutes=30) + KEPT_AFTER_SLOT
HELPLINE = METADATA[StoreName.HELPLINE]


def purge(stores: Stores, *, now: datetime) -> int:
    with stores.helpline.begin() as session:
        return purge_expired(session, HELPLINE, now=now)


def rows(stores: Stores) -> dict[str, int]:
    with stores.helpline.read() as session:
        return {
            table.name: session.scalars(select(func.count()).select_from(table)).one()
            for table in HELPLINE.sorted_tables
        }


def test_all_that_a_booking_writes_is_born_with_its_hour(stores: Stores, world: World) -> None:
    before = rows(stores)

    request(stores.helpline, world)

    written = {name for name, many in rows(stores).items() if many > before[name]}
    assert written == {"booking", "busy_atom", "envelope", "spent_token"}
    with stores.helpline.read() as session:
        for name in written:
            deadline = row_deadline(HELPLINE.tables[name])
            assert deadline is not None
            assert set(session.scalars(select(deadline))) <= {GONE_AT, destroy_token_at(NOW)}


def test_a_table_of_our_own_has_no_hour_and_stays(stores: Stores, world: World) -> None:
    before = rows(stores)

    purge(stores, now=NOW + timedelta(days=4000))

    assert rows(stores) == before
    assert before["counsellor"] == 2


def test_a_talk_goes_at_its_hour_with_all_that_belongs_to_it(stores: Stores, world: World) -> None:
    request(stores.helpline, world)

    purge(stores, now=GONE_AT - SECOND)
    assert [count(stores.helpline, table) for table in (Booking, BusyAtom, Envelope)] == [1, 18, 2]

    purge(stores, now=GONE_AT)
    assert is_empty_of_talks(stores.helpline)


def test_a_talk_takes_its_envelopes_with_it_whatever_they_say(stores: Stores, world: World) -> None:
    """Whoever can write to the store cannot keep an envelope by moving its hour."""
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).values(destroy_at=GONE_AT + timedelta(days=900)))
        session.execute(update(BusyAtom).values(destroy_at=GONE_AT + timedelta(days=900)))

    purge(stores, now=GONE_AT)

    assert is_empty_of_talks(stores.helpline)


def test_an_envelope_goes_before_its_talk(stores: Stores, world: World) -> None:
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        session.execute(update(Envelope).values(destroy_at=TEN))

    purge(stores, now=TEN - SECOND)
    assert count(stores.helpline, Envelope) == 2
    purge(stores, now=TEN)
    assert (count(stores.helpline, Envelope), count(stores.helpline, Booking)) == (0, 1)


def test_the_purge_of_one_talk_leaves_the_others(stores: Stores, world: World) -> None:
    for number in range(2):
        wanted = replace(WISH, starts_at=TEN + timedelta(days=number))
        request(stores.helpline, world, wanted, form=f"form {number}")

    purge(stores, now=GONE_AT)

    (left,) = bookings(stores.helpline)
    assert left.starts_at == TEN + timedelta(days=1)
    assert (count(stores.helpline, BusyAtom), count(stores.helpline, Envelope)) == (18, 2)


def test_the_hour_of_booking_is_forgotten_and_the_booking_stays(stores: Stores, world: World) -> None:
    """When it is forgotten goes with it: that is the hour of booking and two days."""
    request(stores.helpline, world, replace(WISH, starts_at=TEN + timedelta(days=9)))
    booked = NOW.replace(minute=0, second=0)
    forgotten = booked + HOUR_OF_BOOKING_KEPT

    def hours() -> list[tuple[datetime | None, datetime | None]]:
        return [(booking.booked_hour, booking.hour_until) for booking in bookings(stores.helpline)]

    purge(stores, now=forgotten - SECOND)
    assert hours() == [(booked, forgotten)]
    purge(stores, now=forgotten)
    assert hours() == [(None, None)]


def test_a_spent_form_forgets_its_showing_again_and_then_goes(stores: Stores, world: World) -> None:
    request(stores.helpline, world)

    def replayed() -> list[datetime | None]:
        with stores.helpline.read() as session:
            return list(session.scalars(select(SpentToken.replay_until)))

    purge(stores, now=NOW + REPLAY_WINDOW - SECOND)
    assert replayed() == [NOW + REPLAY_WINDOW]
    purge(stores, now=NOW + REPLAY_WINDOW)
    assert replayed() == [None]
    purge(stores, now=destroy_token_at(NOW) - SECOND)
    assert replayed() == [None]
    purge(stores, now=destroy_token_at(NOW))
    assert replayed() == []


def test_the_atoms_of_an_absence_go_when_it_is_over(stores: Stores, world: World) -> None:
    ends = at(TUESDAY, "17:00")
    with stores.helpline.begin() as session:
        add_absence(session, CounsellorId("anna"), starts_at=at(TUESDAY, "09:00"), ends_at=ends)

    purge(stores, now=ends - SECOND)
    assert count(stores.helpline, BusyAtom) == 96
    purge(stores, now=ends)
    assert count(stores.helpline, BusyAtom) == 0


def test_a_purge_says_how_much_it_destroyed_and_a_second_finds_nothing(stores: Stores, world: World) -> None:
    request(stores.helpline, world)

    # Two envelopes, eighteen atoms, a booking and its hour, a form and its showing again.
    assert purge(stores, now=GONE_AT) == 2 + 18 + 1 + 1 + 1 + 1
    assert purge(stores, now=GONE_AT) == 0


def invented(*columns: Column[Any]) -> MetaData:
    metadata = MetaData()
    first = Column("id", Integer, primary_key=True, info=kept("an id", why="to find it", until="destroy_at"))
    destroy_at = Column("destroy_at", Instant, info=kept("its hour", why="the clock reads it", until="destroy_at"))
    Table("invented", metadata, first, destroy_at, *columns)
    return metadata


@pytest.mark.parametrize("info", [{}, {"declared": "a word"}, {"kept": ours("x")}])
def test_a_column_that_says_nothing_stops_the_purge(stores: Stores, info: dict[str, object]) -> None:
    metadata = invented(Column("secret", String, info=info))

    with pytest.raises(UndeclaredColumnError, match=r"invented\.secret"):
        list(declarations(metadata))
    with pytest.raises(UndeclaredColumnError), stores.helpline.begin() as session:
        purge_expired(session, metadata, now=NOW)


def test_a_table_with_two_hours_stops_the_purge_instead_of_being_kept_for_ever(stores: Stores) -> None:
    metadata = invented(
        Column("other", Instant, info=kept("another hour", why="it should not be", until="other")),
    )

    with pytest.raises(UnclearDeadlineError, match="invented"), stores.helpline.begin() as session:
        purge_expired(session, metadata, now=NOW)


def test_a_table_holds_something_of_a_visitor_when_one_of_its_columns_does() -> None:
    ours_only = Table("ours", MetaData(), Column("id", Integer, primary_key=True, info=ours("an id")))
    nulled = Table(
        "nulled",
        MetaData(),
        Column("id", Integer, primary_key=True, info=ours("an id")),
        Column("word", String, info=kept("a word", why="a while", until="until", nulled=True)),
        Column("until", Instant, info=ours("until when")),
    )

    assert not holds_visitors(ours_only)
    assert holds_visitors(nulled)
    assert row_deadline(nulled) is None
    assert holds_visitors(HELPLINE.tables["booking"])


def test_values_that_share_an_hour_go_together_although_it_is_one_of_them(stores: Stores) -> None:
    metadata = MetaData()
    table = Table(
        "together",
        metadata,
        Column("id", Integer, primary_key=True, info=ours("an id")),
        Column("one", String, info=kept("a word", why="a while", until="until", nulled=True)),
        Column("two", String, info=kept("another word", why="a while", until="until", nulled=True)),
        Column("until", Instant, info=kept("their hour", why="a while", until="until", nulled=True)),
    )
    with stores.helpline.begin() as session:
        metadata.create_all(session.connection())
        due = {"id": 1, "one": "a", "two": "b", "until": NOW}
        session.execute(insert(table), [due, due | {"id": 2, "one": None}, due | {"id": 3, "until": NOW + SECOND}])

        assert purge_expired(session, metadata, now=NOW) == 2

        left = session.execute(select(table).order_by(table.c.id)).all()
        metadata.drop_all(session.connection())
    assert [tuple(row) for row in left] == [(1, None, None, None), (2, None, None, None), (3, "a", "b", NOW + SECOND)]


def test_children_go_before_their_parents(stores: Stores) -> None:
    """A foreign key without ON DELETE must not keep an expired row alive."""
    metadata = invented()
    Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True, info=kept("an id", why="a while", until="destroy_at")),
        Column("of", ForeignKey("invented.id"), info=kept("whose", why="a while", until="destroy_at")),
        Column("destroy_at", Instant, info=kept("its hour", why="the clock", until="destroy_at")),
    )
    with stores.helpline.begin() as session:
        metadata.create_all(session.connection())
        session.execute(insert(metadata.tables["invented"]), {"id": 1, "destroy_at": NOW})
        session.execute(insert(metadata.tables["child"]), {"id": 1, "of": 1, "destroy_at": NOW})

        assert purge_expired(session, metadata, now=NOW) == 2
        metadata.drop_all(session.connection())
