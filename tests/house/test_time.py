"""Below the web and the clock, `now` is an argument: what asks for the time cannot be tried at another."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
WHERE_TIME_ENTERS = {"web", "clock", "demo", "chores.py"}  # rooms, and the chores of any room
ASKING = {"datetime.now", "time.time", "time.time_ns", "date.today"}


def rules() -> list[Path]:
    """Return the modules of the helpline in which time has no place."""
    room = ROOT / "helpline"
    return [path for path in sorted(room.rglob("*.py")) if not WHERE_TIME_ENTERS & {*path.relative_to(room).parts}]


def asks(path: Path) -> list[str]:
    """Name the places of *path* that ask the machine for the time."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [f"{path.relative_to(ROOT)}:{call.lineno}" for call in calls if ast.unparse(call.func) in ASKING]


def test_no_rule_asks_for_the_time() -> None:
    assert [place for path in rules() for place in asks(path)] == []


def test_asking_is_noticed_where_it_is_allowed() -> None:
    assert any(asks(path) for path in (ROOT / "helpline" / "clock").rglob("*.py"))
