"""What is installed is what was looked at: each line pinned and hashed, from nowhere in particular."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("base.txt", "dev.txt")
OURS = {"app", "helpline", "selfhelp", "counsellors"}
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[a-z,]+\])?==(?P<version>[0-9][A-Za-z0-9.+]*)(?P<condition> ; [^\\]+)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def entries(name: str) -> list[str]:
    """Return the requirements of the lock *name*, each with its hashes, in one line."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8").replace("\\\n", "")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def wishes(name: str) -> dict[str, str]:
    """Return the versions that the list *name* asks for, by distribution."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    found = [PIN.match(line) for line in text.splitlines() if line and not line.startswith(("#", "-"))]
    assert None not in found, f"{name} holds a line without an exact version"
    return {pin["name"]: pin["version"] for pin in found if pin}


def imported() -> set[str]:
    """Return the top-level names that the code we run imports, ours and Python's left out."""
    names = set[str]()
    for path in [ROOT / "app.py", *(path for room in OURS for path in (ROOT / room).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - OURS - sys.stdlib_module_names - {"_typeshed"}  # there for mypy alone


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("word", ["http", "--extra", "--index", "--find-links", "file:", "@ "])
def test_a_lock_names_no_place(name: str, word: str) -> None:
    assert word not in (REQUIREMENTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_pinned_and_hashed(name: str) -> None:
    lines = entries(name)

    assert lines
    for line in lines:
        pin, *hashes = re.split(r"\s+(?=--hash)", line)
        assert PIN.match(pin), pin
        assert hashes, pin
        assert all(HASH.match(it) for it in hashes), pin


@pytest.mark.parametrize(("wish", "lock"), [("base.in", "base.txt"), ("dev.in", "dev.txt")])
def test_a_lock_gives_what_was_asked_for(wish: str, lock: str) -> None:
    given = [line.partition(" ")[0] for line in entries(lock)]

    assert [f"{name}=={version}" for name, version in wishes(wish).items() if f"{name}=={version}" not in given] == []


def test_what_is_tested_is_what_runs() -> None:
    assert set(entries("base.txt")) - set(entries("dev.txt")) == set()


def test_the_code_imports_only_what_it_declares() -> None:
    suppliers = packages_distributions()
    needed = {name: {it.lower().replace("_", "-") for it in suppliers.get(name, [name])} for name in imported()}
    declared = set(wishes("base.in"))

    assert {name for name, owners in needed.items() if not owners & declared} == set()
