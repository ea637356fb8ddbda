"""Whoever sets up a helpline needs three chores until somebody can sign in, and is told what is missing."""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpline import chores
from helpline.crypto.passwords import Cost
from helpline.settings.environment import office_settings
from helpline.staff.factors import current_code
from helpline.staff.keys import Door, StaffKeys
from helpline.staff.sign_in import Credentials, sign_in
from helpline.store.engine import StoreName, open_store
from tests.support.cast import CHEAP
from tests.support.keys import CODE_KEY, OFFICE_PEPPER, SESSION_KEY, written
from tests.support.stores import KINDS
from tests.support.terminal import umask
from tests.support.world import programme

__all__ = ["umask"]

Run = Callable[..., Result]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a database without tables; none for files."""
    return str(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else ""


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a chore with the settings of a new helpline: there is no table, and nobody who could sign."""
    programme(tmp_path)
    settings = {"DATA_DIR": str(tmp_path), "RUN_DIR": str(tmp_path / "run"), "DATABASE_URL": database_url}
    settings |= {"CODE_KEY": written(CODE_KEY), "SESSION_KEY": written(SESSION_KEY)}
    settings |= {"OFFICE_PEPPER": written(OFFICE_PEPPER), "ALLOWED_HOSTS": "office.example"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("helpline.staff.chores.Cost", lambda: CHEAP)
    return lambda *words: CliRunner().invoke(chores.chores, words)


def shown(result: Result, label: str) -> str:
    """Return what stands behind *label* in what a chore said."""
    found = re.search(rf"^{label} +(\S+)", result.output, re.MULTILINE)
    assert found is not None, result.output
    return found[1]


def test_a_new_helpline_gets_its_tables_and_a_coordinator_who_can_sign_in(run: Run) -> None:
    assert run("db", "upgrade").output.count("at the newest revision") == len(StoreName)
    assert run("db", "upgrade").exit_code == 0  # again: nothing happens
    made = run("staff", "add", "dirk", "--shown-name", "Dirk Visser", "--stands-in")

    assert made.exit_code == 0, made.output
    assert shown(made, "verifying key")
    assert shown(made, "fingerprint")
    now, settings = datetime.now(UTC), office_settings(signers=False)
    keys = StaffKeys.of(pepper=settings.office_pepper, session_key=settings.session_key)
    office = open_store(StoreName.OFFICE, data_dir=settings.data_dir, database_url=settings.database_url)
    typed = Credentials("dirk", shown(made, "passphrase"), current_code(shown(made, "one-time codes"), now=now))
    entered = sign_in(office, typed, door=Door.of(keys, cost=CHEAP, zone=settings.programme.zone), now=now)
    office.engine.dispose()
    assert entered.private.signing


def test_a_name_is_given_once_and_everybody_is_on_the_list(run: Run) -> None:
    run("db", "upgrade")
    run("staff", "add", "els", "--role", "programme_staff", "--shown-name", "Els Bakker", "--language", "en")
    again = run("staff", "add", "els", "--shown-name", "Another Els")

    assert again.exit_code == 1
    assert "Take another name" in again.output
    assert [line.split()[:2] for line in run("staff", "list").output.splitlines()] == [["els", "programme_staff"]]


def test_the_cost_of_a_real_account_is_the_one_of_production() -> None:
    assert Cost() == Cost(memory=65_536, passes=3, lanes=1)


@pytest.mark.parametrize("database_url", [""])
def test_everything_that_is_missing_is_said_at_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CODE_KEY", "OFFICE_PEPPER", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "argv", ["app.py", "db", "upgrade"])

    with pytest.raises(SystemExit) as ended:
        chores.main()

    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert all(name in said for name in ("CODE_KEY", "OFFICE_PEPPER", "ALLOWED_HOSTS"))


@pytest.mark.parametrize(
    "words", [[], ["db"], ["staff"], ["staff", "add"], ["clock"], ["purge"], ["demo"], ["demo", "serve"]]
)
def test_every_chore_says_what_it_does(words: list[str]) -> None:
    result = CliRunner().invoke(chores.chores, [*words, "--help"])

    assert result.exit_code == 0
    assert len(result.output.splitlines()[2].strip()) > len("Look after.")


def test_a_chore_that_does_not_exist_is_said_kindly() -> None:
    result = CliRunner().invoke(chores.chores, ["nothing"])

    assert result.exit_code == 2
    assert "No such command" in result.output
