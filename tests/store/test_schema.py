"""The migrations lead to the tables that the code declares, on both databases, and can be run again."""

from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import MetaData, inspect, text

from helpline.clock.metadatas import METADATA
from helpline.store import schema
from helpline.store.engine import Sessions, StoreName, open_store
from helpline.store.schema import check, upgrade
from tests.support.stores import Stores

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
        session.execute(text("DELETE FROM alembic_version"))
    try:
        with pytest.raises(CommandError, match="not up to date"):
            check(stores.helpline, name=StoreName.HELPLINE)
    finally:
        with stores.helpline.begin() as session:
            session.execute(text("INSERT INTO alembic_version (version_num) VALUES ('0001')"))


@NAMES
def test_a_migration_imports_nothing_of_ours(name: StoreName) -> None:
    """A migration must run as it was written, whatever the code becomes."""
    for path in (schema.MIGRATIONS / name / "versions").glob("*.py"):
        assert "helpline." not in path.read_text(encoding="utf-8")
