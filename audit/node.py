"""Run the tools that came from npm, each in a home of its own."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpline.settings.environment import inherited

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
PATIENCE_SECONDS = 300
MOST_WORDS = 2_000


class ToolError(Exception):
    """A tool could not do its work; its own words say why."""


def said_by(script: Path, arguments: Sequence[str], *, home: Path, more: Mapping[str, str] | None = None) -> str:
    """Return what the JavaScript file *script* prints. Nothing it writes outlives *home*; *more* adds variables.

    Raises:
        ToolError: it printed nothing, or took too long.
    """
    node = shutil.which("node")
    if node is None or not script.exists():
        raise ToolError(f"{script.name} is not there: `make audit` installs it")
    environment = inherited() | {"HOME": str(home), "TMPDIR": str(home)} | dict(more or {})
    said = home / "said"
    # Node writes to a file at once, and to a pipe later: a tool that exits in a hurry would cut its own words off.
    with said.open("wb") as file:
        try:
            done = subprocess.run(
                [node, str(script), *arguments],
                cwd=FOLDER,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.PIPE,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise ToolError(f"{script.name} took more than {PATIENCE_SECONDS} seconds") from late
    words = said.read_text(encoding="utf-8")
    if not words.strip():
        raise ToolError(f"{script.name} ended with {done.returncode}: {done.stderr.decode()[-MOST_WORDS:].strip()}")
    return words
