"""The clock as a process of its own, and the chores beside it."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import make_url

from helpline.clock.lease import read_state, take_lease
from helpline.clock.process import chore, end, make_clock, release_counts
from helpline.clock.tables import Lease
from helpline.settings.environment import inherited
from tests.clock.conftest import settings_of
from tests.support.keys import CODE_KEY, OFFICE_PEPPER, SESSION_KEY, written
from tests.support.postgres import PostgresServer
from tests.support.stores import Stores
from tests.support.watching import PATIENCE_SECONDS, running, until
from tests.support.world import NOW, VERIFY_KEY, World, make_world, programme


def environment_of(data_dir: Path, *, database_url: str | None) -> dict[str, str]:
    """Return the environment of a back office whose programme lies in *data_dir*."""
    found = {
        "DATA_DIR": str(data_dir),
        "RUN_DIR": str(data_dir / "run"),
        "CODE_KEY": written(CODE_KEY),
        "SESSION_KEY": written(SESSION_KEY),
        "OFFICE_PEPPER": written(OFFICE_PEPPER),
        "ROSTER_VERIFY_KEYS": written(VERIFY_KEY),
        "ALLOWED_HOSTS": "office.example",
    }
    return inherited() | found | ({"DATABASE_URL": database_url} if database_url else {})


@pytest.fixture
def environment_of_files(stores_in_files: Stores) -> dict[str, str]:
    """Give the environment of a back office over *stores_in_files*."""
    make_world(stores_in_files.helpline, stores_in_files.data_dir)
    return environment_of(stores_in_files.data_dir, database_url=None)


@pytest.fixture
def environment(stores: Stores, world: World) -> dict[str, str]:
    """Give the environment of a back office over *stores*."""
    return environment_of(stores.data_dir, database_url=stores.database_url)


def lease(stores: Stores) -> Lease | None:
    with stores.helpline.read() as session:
        return session.get(Lease, "clock")


def has_ticked(stores: Stores) -> bool:
    with stores.helpline.read() as session:
        return read_state(session).ticked_at is not None


def test_the_clock_ticks_as_soon_as_it_starts_and_gives_its_lease_back(
    stores: Stores, environment: dict[str, str]
) -> None:
    with running(*chore("clock"), environment=environment) as clock:
        until(lambda: has_ticked(stores))
        mine = lease(stores)
        assert mine is not None
        clock.terminate()

        assert clock.wait(PATIENCE_SECONDS) == 0
    given_back = lease(stores)
    assert given_back is not None
    assert given_back.until < mine.until


def test_the_guarded_clock_ticks_and_goes_with_its_guard(
    stores_in_files: Stores, environment_of_files: dict[str, str]
) -> None:
    with running(*chore("clock", "--guard"), environment=environment_of_files) as guard:
        until(lambda: has_ticked(stores_in_files))
        assert guard.stdin is not None
        guard.stdin.close()

        assert guard.wait(PATIENCE_SECONDS) == 0


def test_a_clock_whose_database_is_away_says_the_kind_of_error_only_and_goes_on(
    environment_of_files: dict[str, str], tmp_path: Path
) -> None:
    """A store without tables: each tick fails, the process stays."""
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(Path(environment_of_files["DATA_DIR"]) / "programme.toml", away)
    log = tmp_path / "log"
    without = environment_of_files | {"DATA_DIR": str(away)}
    with log.open("w") as words, running(*chore("clock"), environment=without, words=words) as clock:
        until(lambda: "\n" in log.read_text())
        assert clock.poll() is None
        clock.terminate()

        assert clock.wait(PATIENCE_SECONDS) == 0
    assert "OperationalError" in log.read_text()
    assert "lease" not in log.read_text()


def test_a_purge_by_hand_does_what_the_clock_does_and_leaves_the_lease_free(
    stores: Stores, environment: dict[str, str]
) -> None:
    done = subprocess.run(chore("purge"), env=environment, capture_output=True, text=True, check=True)

    assert done.stdout == "done\n"
    assert has_ticked(stores)
    with stores.helpline.begin() as session:
        assert take_lease(session, holder="the clock", now=datetime.now(UTC))


def test_a_purge_by_hand_leaves_the_work_to_a_running_clock(stores: Stores, environment: dict[str, str]) -> None:
    with stores.helpline.begin() as session:
        take_lease(session, holder="a running clock", now=datetime.now(UTC))

    done = subprocess.run(chore("purge"), env=environment, capture_output=True, text=True, check=True)

    assert done.stdout == "another clock is running and does it\n"


def test_the_release_runs_in_a_process_of_its_own_and_says_whether_it_worked(
    environment_of_files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of_files.items():
        monkeypatch.setenv(name, value)
    assert release_counts()

    monkeypatch.delenv("CODE_KEY")
    assert not release_counts()


def test_a_release_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpline.clock.process.RELEASE_SECONDS", 0.01)

    assert not release_counts()


def test_a_clock_is_made_over_the_stores_of_its_settings(stores: Stores, world: World) -> None:
    clock = make_clock(settings_of(stores, world))

    assert clock.tick(NOW)
    end(clock)
    for sessions in clock.stores.values():
        sessions.engine.dispose()
    with stores.helpline.read() as session:
        assert read_state(session).ticked_at == NOW.replace(microsecond=0)


def test_a_clock_does_not_start_over_a_server_that_keeps_what_must_go(
    postgres: PostgresServer, postgres_template: str, tmp_path: Path
) -> None:
    programme(tmp_path)
    with postgres.fresh_database(template=postgres_template) as url:
        name = sql.Identifier(str(make_url(url).database))
        postgres.execute(sql.SQL("ALTER DATABASE {} SET wal_recycle = on").format(name))
        postgres.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(name))

        environment = environment_of(tmp_path, database_url=url)
        done = subprocess.run(chore("clock"), env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "wal_recycle must be off, not on" in done.stderr
    assert "log_statement must be none, not all" in done.stderr
