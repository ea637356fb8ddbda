"""The guard keeps the clock running and ends with whoever started it: real processes, started and killed."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.watching import PATIENCE_SECONDS, is_running, running, until

GUARD = """
import sys
from helpline.clock import process
process.RESTART_SECONDS = 0.05
process.guard([sys.executable, "-c", sys.argv[1], sys.argv[2]])
"""
CHILD = """
import os, signal, sys
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
signal.pause()
"""
MASTER = """
import signal, subprocess, sys
subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdin=subprocess.PIPE, start_new_session=True)
signal.pause()
"""


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """Give a file in which each child writes its number."""
    path = tmp_path / "children"
    path.touch()
    return path


def children(diary: Path) -> list[int]:
    return [int(line) for line in diary.read_text().split()]


def until_born(diary: Path, number: int) -> None:
    until(lambda: len(children(diary)) == number)


def test_the_guard_starts_its_child_and_starts_it_again_when_it_dies(diary: Path) -> None:
    with running(sys.executable, "-c", GUARD, CHILD, str(diary)) as guard:
        for born in range(1, 4):
            until_born(diary, born)
            os.kill(children(diary)[-1], signal.SIGKILL)
        until_born(diary, 4)
        assert guard.poll() is None


def test_the_guard_ends_its_child_when_its_pipe_closes(diary: Path) -> None:
    with running(sys.executable, "-c", GUARD, CHILD, str(diary)) as guard:
        until_born(diary, 1)
        assert guard.stdin is not None
        guard.stdin.close()

        assert guard.wait(PATIENCE_SECONDS) == 0
    assert not is_running(children(diary)[0])


def test_words_on_the_pipe_do_not_end_the_guard(diary: Path) -> None:
    with running(sys.executable, "-c", GUARD, CHILD, str(diary)) as guard:
        until_born(diary, 1)
        assert guard.stdin is not None
        guard.stdin.write(b"still here")
        guard.stdin.flush()
        os.kill(children(diary)[0], signal.SIGKILL)

        until_born(diary, 2)
        assert guard.poll() is None


def test_the_guard_ends_its_child_when_it_is_asked_to_end(diary: Path) -> None:
    with running(sys.executable, "-c", GUARD, CHILD, str(diary)) as guard:
        until_born(diary, 1)
        guard.terminate()

        assert guard.wait(PATIENCE_SECONDS) == 0
    assert not is_running(children(diary)[0])


def test_the_guard_ends_when_whoever_started_it_is_killed(diary: Path) -> None:
    """Gunicorn's master, killed without a chance to say goodbye: the pipe closes with it."""
    with running(sys.executable, "-c", MASTER, GUARD, CHILD, str(diary)) as master:
        until_born(diary, 1)
        master.kill()

        until(lambda: not is_running(children(diary)[0]))
    assert len(children(diary)) == 1
