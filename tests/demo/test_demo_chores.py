"""The demo's chores in a terminal: prepare, a code without a telephone, throw away; a real folder is never touched."""

from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result

from helpline.chores import chores
from helpline.demo import chores as demo_chores
from helpline.demo.serving import NotServingError
from tests.support.demo import OpenedDemo
from tests.support.terminal import umask

__all__ = ["umask"]


def run(*words: str) -> Result:
    return CliRunner().invoke(chores, ["demo", *words])


@pytest.fixture
def folder(demo: OpenedDemo, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a demo that is there already."""
    monkeypatch.setenv("DATA_DIR", str(demo.data_dir))
    monkeypatch.setenv("RUN_DIR", str(demo.run_dir))
    return demo.data_dir


@pytest.fixture
def precious(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a file of a helpline that is no demo."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RUN_DIR", str(tmp_path / "run"))
    path = tmp_path / "programme.toml"
    path.write_text("precious", encoding="utf-8")
    return path


def test_a_code_is_printed_for_whoever_is_named(demo: OpenedDemo, folder: Path) -> None:
    anna = next(it for it in demo.folder.sign_ins if it.name == "anna")

    printed = run("totp", "anna").output.strip()

    assert pyotp.TOTP(anna.factor).verify(printed, valid_window=1)
    nobody = run("totp", "nobody")
    assert nobody.exit_code == 1
    assert "anna" in nobody.output


def test_a_demo_is_prepared_and_thrown_away(demo: OpenedDemo, folder: Path) -> None:
    assert "5 sign-ins and 6 talks" in run("prepare").output
    assert run("reset").output == "The demo is gone.\n"
    assert not folder.exists()
    assert run("reset").output == "There was no demo.\n"


@pytest.mark.parametrize("chore", ["prepare", "reset", "serve"])
def test_a_folder_that_is_no_demo_is_refused(precious: Path, chore: str) -> None:
    refused = run(chore)

    assert refused.exit_code == 1
    assert "Nothing was touched" in refused.output
    assert precious.read_text(encoding="utf-8") == "precious"


def test_a_site_that_does_not_answer_ends_the_demo_with_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        message = "it does not answer; is the port taken?"
        raise NotServingError(message)

    monkeypatch.setattr(demo_chores, "serve", refuse)

    ended = run("serve")

    assert ended.exit_code == 1
    assert "is the port taken?" in ended.output
