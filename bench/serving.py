"""Start what is measured: one sync worker each, with the commands of production."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.load import ask, getting, workers_cpu
from helpline.demo.folder import DemoFolder
from helpline.demo.opening import open_demo
from helpline.settings.environment import OFFICE_ONLY, inherited

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: the master's process id, and its port."""

    process: int
    port: int
    started: float
    """Seconds of CPU until it answered."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo programme in a folder of its own."""

    folder: DemoFolder
    data_dir: Path
    run_dir: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the visitors' process."""
        return self.folder.environment(without=OFFICE_ONLY, data_dir=self.data_dir, run_dir=self.run_dir)


@contextmanager
def fresh_demo() -> Iterator[Demo]:
    """Make a demo programme; it is gone in the end."""
    with tempfile.TemporaryDirectory(prefix="kentering-bench-") as name:
        data_dir, run_dir = Path(name) / "var", Path(name) / "run"
        yield Demo(open_demo(data_dir, run_dir=run_dir, now=datetime.now(UTC)), data_dir, run_dir)
        shutil.rmtree(run_dir, ignore_errors=True)


@contextmanager
def serving(application: str, *, port: int, environment: dict[str, str], folder: Path) -> Iterator[Served]:
    """Serve *application* of *folder* by one sync worker, with the gunicorn.conf.py that lies there, if one does.

    The worker is not exchanged for a fresh one meanwhile: what its start costs is told apart.
    """
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--max-requests", "0"]
    process = subprocess.Popen(command, cwd=folder, env=inherited() | environment)
    try:
        _await_answer(port, process)
        yield Served(process.pid, port, started=workers_cpu(process.pid))
    finally:
        process.terminate()
        process.wait()


def _await_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            ask(port, getting("/"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the server does not answer"
    raise RuntimeError(message)
