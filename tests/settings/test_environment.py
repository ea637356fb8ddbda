"""A process starts with everything it needs, or says at once all that is missing, and holds no other's secret."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline.settings.environment import (
    DEMO_MARKER,
    LOOPBACK,
    Mode,
    OfficeSettings,
    Settings,
    VisitorsSettings,
    folders,
    inherited,
    office_settings,
    port,
    visitors_settings,
)
from helpline.settings.faults import SettingsError
from tests.support.keys import CODE_KEY, FORM_KEY, OFFICE_PEPPER, SESSION_KEY, fixed, written
from tests.support.world import PROGRAMME_FILE

Environment = dict[str, str]
Reader = Callable[[Environment], Settings]

VERIFY_KEYS = (fixed("one signer"), fixed("another signer"))
VISITORS = {"FORM_KEY": written(FORM_KEY)}
OFFICE = {"SESSION_KEY": written(SESSION_KEY), "OFFICE_PEPPER": written(OFFICE_PEPPER)}
PROCESSES = pytest.mark.parametrize(
    ("read", "own", "others"),
    [(visitors_settings, VISITORS, OFFICE), (office_settings, OFFICE, VISITORS)],
    ids=["visitors", "office"],
)


@pytest.fixture
def common(tmp_path: Path) -> Environment:
    """Give what both processes need, with a programme in its folder."""
    (tmp_path / "programme.toml").write_text(PROGRAMME_FILE, encoding="utf-8")
    return {
        "DATA_DIR": str(tmp_path),
        "RUN_DIR": str(tmp_path / "run"),
        "CODE_KEY": written(CODE_KEY),
        "ROSTER_VERIFY_KEYS": " ".join(written(key) for key in VERIFY_KEYS),
        "ALLOWED_HOSTS": "help.example www.help.example",
    }


def faults(read: Reader, environment: Environment) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as error:
        read(environment)
    return error.value.faults


def test_the_visitors_process_knows_what_it_was_told(common: Environment, tmp_path: Path) -> None:
    settings = visitors_settings(common | VISITORS | {"TRUSTED_PROXY": "1", "DATABASE_URL": "postgresql://db/x"})

    assert isinstance(settings, VisitorsSettings)
    assert settings.form_key == FORM_KEY
    assert settings.code_key == CODE_KEY
    assert settings.roster_verify_keys == VERIFY_KEYS
    assert settings.allowed_hosts == ("help.example", "www.help.example")
    assert (settings.data_dir, settings.run_dir) == (tmp_path, tmp_path / "run")
    assert settings.database_url == "postgresql://db/x"
    assert settings.trusted_proxy
    assert settings.programme.name == "The invented line"


def test_the_back_office_knows_its_own_secrets(common: Environment) -> None:
    settings = office_settings(common | OFFICE)

    assert isinstance(settings, OfficeSettings)
    assert (settings.session_key, settings.office_pepper) == (SESSION_KEY, OFFICE_PEPPER)
    assert settings.database_url is None
    assert not settings.trusted_proxy


@PROCESSES
def test_everything_missing_is_said_at_once(
    read: Reader, own: Environment, others: Environment, tmp_path: Path
) -> None:
    found = "\n".join(faults(read, {"DATA_DIR": str(tmp_path)}))

    for name in ("CODE_KEY", "ROSTER_VERIFY_KEYS", "ALLOWED_HOSTS", "programme.toml", *own):
        assert name in found
    for name in others:
        assert name not in found


@PROCESSES
def test_every_fault_stands_in_the_words_of_the_error(
    read: Reader, own: Environment, others: Environment, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as error:
        read({"DATA_DIR": str(tmp_path)})

    assert all(fault in str(error.value) for fault in error.value.faults)


@PROCESSES
def test_a_secret_of_the_other_process_is_refused(
    read: Reader, own: Environment, others: Environment, common: Environment
) -> None:
    for name, secret in others.items():
        found = faults(read, common | own | {name: secret})
        assert len(found) == 1
        assert found[0].startswith(name)


@PROCESSES
def test_no_secret_shows_in_a_repr_or_in_a_fault(
    read: Reader, own: Environment, others: Environment, common: Environment
) -> None:
    password = "postgresql://user:a-password@db/x"
    shown = repr(read(common | own | {"DATABASE_URL": password}))
    said = "\n".join(faults(read, common | own | others | {"CODE_KEY": "bm90IGxvbmcgZW5vdWdo"}))

    assert "a-password" not in shown
    for key in (CODE_KEY, FORM_KEY, SESSION_KEY, OFFICE_PEPPER):
        assert repr(key) not in shown
        assert written(key) not in said
    assert "bm90IGxvbmcgZW5vdWdo" not in said


@pytest.mark.parametrize("value", ["", "short", written(CODE_KEY)[:-4], written(CODE_KEY * 2), "é" * 44, "!" * 44])
@pytest.mark.parametrize("name", ["CODE_KEY", "FORM_KEY", "ROSTER_VERIFY_KEYS"])
def test_a_key_of_another_length_is_refused(common: Environment, name: str, value: str) -> None:
    found = faults(visitors_settings, common | VISITORS | {name: value})

    assert len(found) == 1
    assert found[0].startswith(name)


def test_production_is_what_nothing_else_was_said_to_be(common: Environment) -> None:
    settings = visitors_settings(common | VISITORS)

    assert settings.mode is Mode.PRODUCTION
    assert not settings.is_demo


def test_a_demo_needs_both_its_marker_and_its_word(common: Environment, tmp_path: Path) -> None:
    (tmp_path / DEMO_MARKER).touch()

    settings = visitors_settings(common | VISITORS | {"MODE": "demo"})

    assert settings.is_demo


def test_a_demo_answers_to_loopback_whatever_is_set(common: Environment, tmp_path: Path) -> None:
    (tmp_path / DEMO_MARKER).touch()

    assert visitors_settings(common | VISITORS | {"MODE": "demo"}).allowed_hosts == LOOPBACK


def test_a_production_folder_never_becomes_a_demo(common: Environment) -> None:
    found = faults(visitors_settings, common | VISITORS | {"MODE": "demo"})

    assert len(found) == 1
    assert "MODE" in found[0]
    assert "not the folder of a demo" in found[0]


@pytest.mark.parametrize("said", [{}, {"MODE": "production"}])
def test_a_demo_folder_never_becomes_production(common: Environment, tmp_path: Path, said: Environment) -> None:
    (tmp_path / DEMO_MARKER).touch()

    found = faults(visitors_settings, common | VISITORS | said)

    assert len(found) == 1
    assert "MODE" in found[0]
    assert "is the folder of a demo" in found[0]


def test_an_unknown_mode_is_refused(common: Environment) -> None:
    assert faults(visitors_settings, common | VISITORS | {"MODE": "staging"}) == ("MODE must be production or demo",)


@pytest.mark.parametrize("value", ["", "0", "true", "yes", "10.0.0.1"])
def test_a_proxy_is_trusted_only_when_that_is_said_exactly(common: Environment, value: str) -> None:
    assert not visitors_settings(common | VISITORS | {"TRUSTED_PROXY": value}).trusted_proxy


def test_the_folders_have_a_default_and_are_absolute() -> None:
    data_dir, run_dir = folders({})

    assert data_dir == Path("var").absolute()
    assert run_dir.is_absolute()
    assert folders({"DATA_DIR": "elsewhere"})[0] == Path("elsewhere").absolute()


def test_a_port_has_a_default_and_can_be_set() -> None:
    assert port("SITE_PORT", default=8000, environment={}) == 8000
    assert port("SITE_PORT", default=8000, environment={"SITE_PORT": "65535"}) == 65535


@pytest.mark.parametrize("text", ["", "0", "-1", "65536", "eighty", "80.0", " 80"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="SITE_PORT"):
        port("SITE_PORT", default=8000, environment={"SITE_PORT": text})


def test_a_child_inherits_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODE_KEY", written(CODE_KEY))
    monkeypatch.setenv("PATH", os.environ["PATH"])

    assert "CODE_KEY" not in inherited()
    assert inherited()["PATH"] == os.environ["PATH"]


def test_a_process_reads_its_own_environment(common: Environment) -> None:
    script = (
        "from helpline.settings.environment import folders, port, visitors_settings as read;"
        "print(read().code_key.hex(), folders()[0], port('SITE_PORT', default=1))"
    )
    environment = inherited() | common | VISITORS | {"SITE_PORT": "8123"}

    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.split() == [CODE_KEY.hex(), common["DATA_DIR"], "8123"]
