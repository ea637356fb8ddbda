"""What is installed is what was looked at: each line pinned and hashed, from nowhere in particular."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
AUDIT = ROOT / "audit"
LOCKS = ("base.txt", "dev.txt", "audit.txt")
OURS = {"app", "helpline", "selfhelp", "counsellors"}
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)(?:\[[a-z,]+\])?==(?P<version>[0-9][A-Za-z0-9.+]*)(?P<condition> ; [^\\]+)?$")
EXACT = re.compile(r"^[0-9]+\.[0-9]+\.[0-9]+$")
INTEGRITY = re.compile(r"^sha512-[A-Za-z0-9+/]{86}==$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def entries(name: str) -> list[str]:
    """Return the requirements of the lock *name*, each with its hashes, in one line."""
    text = (REQUIREMENTS / name).read_text(encoding="utf-8").replace("\\\n", "")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def npm_packages() -> dict[str, dict[str, Any]]:
    """Return what the audit's lock says of each package, by where it lies; whom to pay for it is left out."""
    lock: dict[str, Any] = json.loads((AUDIT / "package-lock.json").read_text(encoding="utf-8"))
    return {
        where: {key: value for key, value in said.items() if key != "funding"}
        for where, said in lock["packages"].items()
        if where
    }


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
@pytest.mark.parametrize("word", ["http", "--extra", "--index", "--find", "file:", "@ "])
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


def test_the_lock_of_the_audit_names_no_place_and_a_digest_for_every_package() -> None:
    packages = npm_packages()

    assert len(packages) > 100
    for where, said in packages.items():
        assert "resolved" not in said, where
        assert "://" not in json.dumps(said), where
        assert INTEGRITY.match(said["integrity"]), where
        assert EXACT.match(said["version"].partition("-")[0]), where


def test_the_audit_asks_for_exact_versions_and_gets_them() -> None:
    asked = json.loads((AUDIT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    given = npm_packages()

    assert asked
    assert all(EXACT.match(version) for version in asked.values())
    assert {name: given[f"node_modules/{name}"]["version"] for name in asked} == asked


def test_no_address_is_in_what_configures_npm() -> None:
    assert "://" not in (AUDIT / ".npmrc").read_text(encoding="utf-8") + (AUDIT / "package.json").read_text("utf-8")


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
