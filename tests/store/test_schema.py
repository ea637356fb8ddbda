"""The migrations lead to the tables that the code declares, on both databases, and can be run again."""

from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

from helpline.callbacks.tables import TalkState
from helpline.clock.metadatas import METADATA
from helpline.staff.audit import Deed, append
from helpline.staff.tables import Act, StaffId
from helpline.store import schema
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.store.schema import check, upgrade
from tests.support.counsellor import member
from tests.support.stores import Stores
from tests.support.talks import AMSTERDAM
from tests.support.world import NOW

NAMES = pytest.mark.parametrize("name", StoreName)


def tables(sessions: Sessions) -> set[str]:
    with sessions.read() as session:
        return set(inspect(session.connection()).get_table_names()) - {"alembic_version"}


@NAMES
def test_the_migrations_lead_to_the_declared_tables(stores: Stores, name: StoreName) -> None:
    check(stores.sessions[name], name=name)

    assert tables(stores.sessions[name]) == set(METADATA[name].tables)


@NAMES
def test_a_store_that_is_up_to_date_stays_as_it_is(stores: Stores, name: StoreName) -> None:
    before = tables(stores.sessions[name])

    upgrade(stores.sessions[name], name=name)

    assert tables(stores.sessions[name]) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_store_is_made_from_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    for name in StoreName:
        sessions = open_store(name, data_dir=tmp_path, database_url=url)
        upgrade(sessions, name=name)
        found = tables(sessions)
        sessions.engine.dispose()
        assert found == set(METADATA[name].tables)


def test_a_table_that_nobody_migrated_is_noticed(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    grown = MetaData(naming_convention=schema.NAMES)
    for table in METADATA[StoreName.HELPLINE].tables.values():
        table.to_metadata(grown)
    METADATA[StoreName.OFFICE].tables["staff"].to_metadata(grown)
    monkeypatch.setitem(schema.METADATA, StoreName.HELPLINE, grown)

    with pytest.raises(CommandError, match="staff"):
        check(stores.helpline, name=StoreName.HELPLINE)


def test_a_store_behind_its_migrations_is_noticed(stores: Stores) -> None:
    with stores.helpline.begin() as session:
        newest = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("DELETE FROM alembic_version"))
    try:
        with pytest.raises(CommandError, match="not up to date"):
            check(stores.helpline, name=StoreName.HELPLINE)
    finally:
        with stores.helpline.begin() as session:
            session.execute(text("INSERT INTO alembic_version (version_num) VALUES (:newest)"), {"newest": newest})


BEFORE = (
    "INSERT INTO counsellor (id, alias, languages, youth, active) VALUES ('anna', 'Anna', 'nl', false, true)",
    """
    INSERT INTO booking
    (id, code_digest, counsellor_id, starts_at, ends_at, state, version, booked_hour, hour_until, destroy_at)
    VALUES ('young', '1', 'anna', 900000, 901800, 'booked', 1, 3600, 176400, 988200),
    ('old', '2', 'anna', 910000, 911800, 'booked', 1, NULL, 180000, 998200)
    """,
    "INSERT INTO envelope (booking_id, counsellor_id, sealed, destroy_at) VALUES ('young', 'anna', 'x', 988200)",
    "INSERT INTO busy_atom (resource, atom, booking_id, destroy_at) VALUES ('anna', 3000, 'young', 988200)",
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_of_the_first_revision_keeps_its_talks(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    sessions = open_store(StoreName.HELPLINE, data_dir=tmp_path, database_url=url)
    upgrade(sessions, name=StoreName.HELPLINE, revision="0001")
    with sessions.begin() as session:
        for statement in BEFORE:
            session.execute(text(statement))

    upgrade(sessions, name=StoreName.HELPLINE)

    with sessions.read() as session:
        hours = session.execute(text("SELECT id, booked_hour, hour_until FROM booking ORDER BY id")).all()
        hanging = session.execute(text("SELECT e.booking_id, a.booking_id FROM envelope e, busy_atom a")).all()
    sessions.engine.dispose()
    assert hours == [("old", None, None), ("young", 3600, 176400)]
    assert hanging == [("young", "young")]


ACTS = (
    """
    INSERT INTO staff (id, name, shown_name, role, language, stands_in, joined_on, active)
    VALUES ('anna', 'anna', 'Anna', 'counsellor', 'nl', false, '2027-03-01', true)
    """,
    """
    INSERT INTO audit (number, staff_id, act, day, detail_digest, link)
    VALUES (1, 'anna', 'signed_in', '2027-03-01', '1', '2')
    """,
)
HAND_OVER = "UPDATE audit SET act = 'hand_over_sent' WHERE number = 1"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_audit_of_the_first_revision_keeps_its_acts_and_learns_new_ones(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    sessions = open_store(StoreName.OFFICE, data_dir=tmp_path, database_url=url)
    upgrade(sessions, name=StoreName.OFFICE, revision="0001")
    with sessions.begin() as session:
        for statement in ACTS:
            session.execute(text(statement))

    upgrade(sessions, name=StoreName.OFFICE)

    with sessions.begin() as session:
        before = session.execute(text("SELECT number, staff_id, act FROM audit")).all()
        session.execute(text(HAND_OVER))
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.execute(text(HAND_OVER.replace("hand_over_sent", "looked_away")))
    sessions.engine.dispose()
    assert before == [(1, "anna", "signed_in")]


def test_every_state_of_a_talk_can_be_stored_and_no_other(stores: Stores) -> None:
    """A CHECK that lags behind its list is seen by no comparison of tables."""
    with stores.helpline.begin() as session:
        for statement in BEFORE[:2]:
            session.execute(text(statement))

    for state in TalkState:
        with stores.helpline.begin() as session:
            session.execute(text("UPDATE booking SET state = :state"), {"state": state})
    with pytest.raises(IntegrityError), stores.helpline.begin() as session:
        session.execute(text("UPDATE booking SET state = 'splendid'"))


def test_every_act_can_be_written_down_and_no_other(stores: Stores) -> None:
    with stores.office.begin() as session:
        session.add(member("anna"))
        session.flush()
        for act in Act:
            append(session, Deed(StaffId("anna"), act), now=NOW, zone=AMSTERDAM)

    with pytest.raises(IntegrityError), stores.office.begin() as session:
        session.execute(text("UPDATE audit SET act = 'splendid'"))


@NAMES
def test_a_migration_imports_nothing_of_ours(name: StoreName) -> None:
    """A migration must run as it was written, whatever the code becomes."""
    for path in (schema.MIGRATIONS / name / "versions").glob("*.py"):
        assert "helpline." not in path.read_text(encoding="utf-8")
