"""What an editor is told: each kind of fault that can be planted in a copy of the texts is refused by name."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpline import chores
from helpline.programme.pages import CONTENT, load_pages
from helpline.programme.checking import standings

JURISDICTIONS = Path(__file__).parents[2] / "jurisdictions"
TODAY = datetime.now(UTC).date()

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a copy of all texts and packs."""
    folder = tmp_path_factory.mktemp("copied")
    shutil.copytree(CONTENT, folder / "content")
    shutil.copytree(JURISDICTIONS, folder / "jurisdictions")
    return folder


@pytest.fixture
def run(copied: Path) -> Run:
    """Run a chore over the copy."""
    places = ("--texts", str(copied / "content"), "--packs", str(copied / "jurisdictions"))
    return lambda name: CliRunner().invoke(chores.chores, ["content", name, *places])


class Planted:
    """A change of one file of the copy, undone afterwards."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = path.read_bytes()

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None:
        self._path.write_bytes(self._before)


def added(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text + "\n", encoding="utf-8")


def test_what_ships_has_no_fault(run: Run) -> None:
    result = run("check")

    assert result.output == "0 faults\n"
    assert result.exit_code == 0


LONG = "This sentence goes on and on and on until it has one word more than a tired reader can hold now."
PLANTED = {
    "forbidden word": ("content/en/00*/2-*.md", "This is about predators.", "en/0/2: a word we do not use: predators"),
    "forbidden Dutch word": ("content/nl/00*/2-*.md", "Zo gaat een dader om.", "nl/0/2: a word we do not use: dader"),
    "polite form": ("content/nl/00*/2-*.md", "Neemt u de tijd.", "nl/0/2: the polite form: u"),
    "long sentence": ("content/en/00*/2-*.md", LONG, f"en/0/2: a sentence of more than 20 words: {LONG}"),
    "dead link": ("content/en/00*/2-*.md", "[Here](0/9)", "a link leads to '0/9', which is no page of this site"),
    "raw HTML": ("content/en/00*/2-*.md", "<b>Stop</b>.", "en/0/2: raw HTML: <b"),
    "script link": (
        "content/en/00*/2-*.md",
        "[Here](javascript:alert)",
        "a link leads to 'javascript:alert', which is no",
    ),
    "unsourced figure": (
        "content/en/00*/1-*.md",
        "Of all, 40 % stop.",
        "en/0/1: a figure without a source: Of all, 40 %",
    ),
    "number": ("content/en/00*/2-*.md", "Ring 0800 2000.", "en/0/2: digits that look like a number: 0800 2000"),
    "address": ("content/en/00*/2-*.md", "See help.nl today.", "en/0/2: an address: help.nl"),
    "scheme": ("content/en/00*/2-*.md", "Ask for INDIGO.", "en/0/2: a name that only a pack may know: INDIGO"),
    "service": ("content/en/00*/2-*.md", "Ask Veilig Thuis.", "en/0/2: a name that only a pack may know: Veilig Thuis"),
    "statute": ("content/nl/00*/2-*.md", "Lees artikel 12.", "nl/0/2: a statute: artikel 12"),
    "harm where somebody may be suicidal": (
        "content/en/12*/1-*.md",
        "It harms.",
        "en/12/1: a word that has no place here: harms",
    ),
    "advice to erase": ("content/en/00*/2-*.md", "Delete the history.", "en/0/2: advice to erase: Delete the history."),
    "harm named twice": (
        "content/en/00*/2-*.md",
        "It does harm.",
        "en/0: 2 pages of the module name the child's harm, not one: 0/1, 0/2",
    ),
}


@pytest.mark.parametrize("kind", list(PLANTED))
def test_a_planted_fault_is_refused_by_name(run: Run, copied: Path, kind: str) -> None:
    where, text, wanted = PLANTED[kind]
    with Planted(next(iter(sorted(copied.glob(where))))) as path:
        added(path, text)
        result = run("check")

    assert result.exit_code == 1
    assert wanted in result.output
