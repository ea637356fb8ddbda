"""The import rules catch what they are there for: each is broken once, in a copy of the house."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("helpline", "selfhelp", "counsellors")
KEPT, BROKEN = "Contracts: ", " BROKEN"

PLANTS = {
    "a view that imports SQL": ("selfhelp/views/home.py", "import sqlalchemy", "The sites touch no SQL"),
    "a view of the office that imports SQL": ("counsellors/site.py", "import sqlalchemy", "The sites touch no SQL"),
    "one site that imports the other": ("selfhelp/site.py", "import counsellors.site", "Two sites that know nothing"),
    "a visitors' module that opens": (
        "selfhelp/site.py",
        "import helpline.crypto.opening",
        "Visitors cannot open what they sealed",
    ),
    "a third room through which visitors open": (
        "helpline/callbacks/talk.py",
        "import helpline.crypto.opening",
        "Visitors cannot open what they sealed",
    ),
    "a visitors' module that reads the staff": (
        "selfhelp/site.py",
        "import helpline.staff.tables",
        "Visitors cannot open what they sealed",
    ),
    "a visitors' module that reads day keys": (
        "selfhelp/services.py",
        "import helpline.day_keys",
        "Visitors cannot open what they sealed",
    ),
    "a visitors' module that reads figures from outside": (
        "selfhelp/services.py",
        "import helpline.outside.missed",
        "Visitors cannot open what they sealed",
    ),
    "counts that know figures from outside": (
        "helpline/usage/figures.py",
        "import helpline.outside.missed",
        "The rooms of the helpline",
    ),
    "one subject that imports another": (
        "helpline/programme/pages.py",
        "import helpline.callbacks.rota",
        "The rooms of the helpline",
    ),
    "a rule that imports Flask": ("helpline/callbacks/rota.py", "import flask", "only its web room knows Flask"),
    "noise drawn outside the release": ("helpline/usage/counting.py", "import opendp", "Only the release draws noise"),
    "a second door to bleach": ("helpline/programme/pages.py", "import bleach", "One door to bleach"),
    "a second door to the holidays": (
        "helpline/programme/hours.py",
        "import holidays",
        "One door to the library of holidays",
    ),
    "a second door to calendar files": (
        "helpline/callbacks/rota.py",
        "import icalendar",
        "One door to the library of calendar files",
    ),
    "cryptography outside its room": ("helpline/callbacks/booking.py", "import nacl", "One room for cryptography"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Give a copy of the rooms and of the rules over them."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "content", "words"))
    (tmp_path / "helpline" / "words").mkdir()
    (tmp_path / "helpline" / "words" / "__init__.py").write_text('"""Words."""\n', encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _broken(house: Path) -> str:
    """Return the contracts that the linter finds broken in *house*, a line each."""
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=house, check=False, capture_output=True, text=True
    )
    assert KEPT in done.stdout, done.stdout + done.stderr
    return "\n".join(line for line in done.stdout.splitlines() if BROKEN in line)


def test_the_house_as_it_stands_breaks_no_rule(house: Path) -> None:
    assert _broken(house) == ""


@pytest.mark.parametrize("fault", PLANTS)
def test_a_planted_import_is_caught(house: Path, fault: str) -> None:
    module, statement, contract = PLANTS[fault]
    path = house / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{statement}\n", encoding="utf-8")

    assert contract in _broken(house)
