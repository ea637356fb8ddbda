"""What a PostgreSQL must be set to before anything can be booked."""

from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import make_url

from helpline.store.demands import DEMANDS, NO_SLOT, unmet_demands
from helpline.store.engine import StoreName, open_store
from tests.support.postgres import PostgresServer
from tests.support.stores import Stores


def test_the_servers_of_these_tests_meet_every_demand(stores: Stores) -> None:
    assert unmet_demands(stores.helpline) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("wal_recycle", "on"),
        ("log_error_verbosity", "default"),
        ("log_min_error_statement", "error"),
        ("log_min_duration_sample", "0"),
        ("log_transaction_sample_rate", "1"),
        ("log_parameter_max_length_on_error", "-1"),
    ],
)
def test_a_setting_that_keeps_what_must_go_is_named(
    postgres: PostgresServer, tmp_path: Path, setting: str, value: str
) -> None:
    with postgres.fresh_database() as url:
        change = sql.SQL("ALTER DATABASE {} SET {} = {}")
        name = sql.Identifier(str(make_url(url).database))
        postgres.execute(change.format(name, sql.Identifier(setting), sql.Literal(value)))
        sessions = open_store(StoreName.HELPLINE, data_dir=tmp_path, database_url=url)
        (said,) = unmet_demands(sessions)
        sessions.engine.dispose()

    assert said == f"PostgreSQL's {setting} must be {DEMANDS[setting]}, not {value}"


def test_a_server_that_keeps_its_log_or_the_time_of_each_row_is_named(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """These are the server's own: no database can have its own, so the demand is turned round."""
    monkeypatch.setitem(DEMANDS, "wal_keep_size", "1GB")
    monkeypatch.setitem(DEMANDS, "track_commit_timestamp", "on")
    with postgres.fresh_database() as url:
        sessions = open_store(StoreName.HELPLINE, data_dir=tmp_path, database_url=url)
        said = unmet_demands(sessions)
        sessions.engine.dispose()

    assert said == [
        "PostgreSQL's wal_keep_size must be 1GB, not 0",
        "PostgreSQL's track_commit_timestamp must be on, not off",
    ]


def test_a_replication_slot_is_named(postgres: PostgresServer, tmp_path: Path) -> None:
    postgres.execute(sql.SQL("SELECT pg_create_physical_replication_slot('a_copy', true)"))
    try:
        with postgres.fresh_database() as url:
            sessions = open_store(StoreName.HELPLINE, data_dir=tmp_path, database_url=url)
            said = unmet_demands(sessions)
            sessions.engine.dispose()
    finally:
        postgres.execute(sql.SQL("SELECT pg_drop_replication_slot('a_copy')"))

    assert said == [NO_SLOT]
