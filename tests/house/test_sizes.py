"""Nothing grows beyond what a reader can hold: functions, modules, templates, and the top of the repository."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("helpline", "selfhelp", "counsellors")
TOP = {
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "LICENSE-texts", "publiccode.yml"),
    *("app.py", "gunicorn.conf.py", "pyproject.toml", "Makefile", "requirements", "typings"),
    *("helpline", "selfhelp", "counsellors", "jurisdictions", "templates", "static", "translations"),
    *("tests", "bench", "audit", "deploy", "docs", ".ci", ".editorconfig", ".gitignore"),
}
FRONT_DOOR = 80
FUNCTION = 40
MODULE = 300
TEMPLATE = 120
PLUMBING = 150  # tests/conftest.py
TYPICAL_FUNCTION = 10
TYPICAL_MODULE = 100


def sources(*places: str) -> list[Path]:
    """Return the modules under *places* that we wrote: Alembic writes the migrations, npm brings its own."""
    found = [path for place in places for path in sorted((ROOT / place).rglob("*.py"))]
    return [path for path in found if path.parent.name != "versions" and "node_modules" not in path.parts]


def lines(path: Path) -> int:
    """Return how many lines *path* has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name each function of *path* with its lines, from `def` to the last, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            spoken = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1 - spoken


def kept_at_the_top() -> set[str]:
    """Return what lies at the top of the repository and is not made there (.gitignore says what is)."""
    rules = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    made = [rule.strip("/") for rule in rules if rule.startswith("/")] + ["__pycache__", ".git"]
    return {path.name for path in ROOT.iterdir() if not any(fnmatch(path.name, rule) for rule in made)}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = dict(found for path in sources(*ROOMS, "tests", "bench", "audit") for found in functions(path))

    assert {name: length for name, length in lengths.items() if length > FUNCTION} == {}


def test_a_typical_function_is_short() -> None:
    assert median(length for path in sources(*ROOMS) for _, length in functions(path)) <= TYPICAL_FUNCTION


def test_no_module_is_too_long() -> None:
    lengths = {path.relative_to(ROOT): lines(path) for path in sources(*ROOMS, "tests", "bench", "audit")}

    assert {path: length for path, length in lengths.items() if length > MODULE} == {}


def test_a_typical_module_is_short() -> None:
    assert median(lines(path) for path in sources(*ROOMS)) <= TYPICAL_MODULE


def test_no_template_is_too_long() -> None:
    lengths = {path.relative_to(ROOT): lines(path) for path in (ROOT / "templates").rglob("*.html")}

    assert lengths
    assert {path: length for path, length in lengths.items() if length > TEMPLATE} == {}


@pytest.mark.parametrize(("name", "most"), [("app.py", FRONT_DOOR), ("tests/conftest.py", PLUMBING)])
def test_the_doors_stay_short(name: str, most: int) -> None:
    assert lines(ROOT / name) <= most


def test_the_top_of_the_repository_holds_what_was_agreed() -> None:
    assert kept_at_the_top() - TOP == set()


def test_nobody_writes_a_room_without_a_subject() -> None:
    nameless = re.compile(r"^(utils?|helpers?|common|misc)$")
    paths = [path.relative_to(ROOT) for path in sources(*ROOMS, "tests", "bench", "audit")]

    assert [path for path in paths if any(nameless.match(Path(part).stem) for part in path.parts)] == []
