"""What a PostgreSQL must be set to before anything can be booked."""

from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import make_url

from helpline.store.demands import DEMANDS, unmet_demands
from helpline.store.engine import StoreName, open_store
from tests.support.postgres import PostgresServer
from tests.support.stores import Stores


def test_the_servers_of_these_tests_meet_every_demand(stores: Stores) -> None:
    assert unmet_demands(stores.helpline) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [("wal_recycle", "on"), ("log_error_verbosity", "default"), ("log_min_error_statement", "error")],
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
