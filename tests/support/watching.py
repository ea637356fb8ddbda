"""Start a process, wait for what it does, end it."""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PATIENCE_SECONDS = 180
LOOK_SECONDS = 0.02


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something *is_so*; fail when it never is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(LOOK_SECONDS)


def is_running(number: int) -> bool:
    """Return whether there is such a process; one that has ended and is not yet collected is not running."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def running(
    *command: str, environment: Mapping[str, str] | None = None, words: IO[str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* with a pipe to it; close the pipe in the end, which ends a guard and its child."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=words or subprocess.DEVNULL, env=environment)
    assert process.stdin is not None
    try:
        yield process
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(PATIENCE_SECONDS)
