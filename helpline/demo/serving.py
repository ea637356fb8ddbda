"""Serve the demo: both sites with the commands of production, each with its own secrets only."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from helpline.demo.folder import DemoFolder
from helpline.settings.environment import OFFICE_ONLY, VISITORS_ONLY, inherited

FRONT_DOOR_FOLDER = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.2
END_SECONDS = 20


class NotServingError(Exception):
    """A site did not begin to answer, or ended by itself."""


@dataclass(frozen=True, slots=True)
class Site:
    """One of the two sites: what gunicorn loads, where it answers, which secrets it must not have."""

    application: str
    host: str
    port: int
    without: tuple[str, ...]

    @property
    def url(self) -> str:
        """Return where the site answers."""
        return f"http://{self.host}:{self.port}"


def sites(*, site_port: int, office_port: int) -> tuple[Site, Site]:
    """Return the visitors' site and the back office; the office needs a name for its cookies and passkeys."""
    return (
        Site("app:visitors()", "127.0.0.1", site_port, OFFICE_ONLY),
        Site("app:back_office()", "localhost", office_port, VISITORS_ONLY),
    )


def serve(folder: DemoFolder, served: Sequence[Site], *, data_dir: Path, run_dir: Path, announcement: str) -> None:
    """Serve until interrupted, after saying the *announcement* once both sites answer.

    Raises:
        NotServingError: a site does not answer, or has ended.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    processes = [
        _start(site, folder.environment(without=site.without, data_dir=data_dir, run_dir=run_dir)) for site in served
    ]
    try:
        for site, process in zip(served, processes, strict=True):
            _await_answer(site, process)
        sys.stdout.write(announcement)
        sys.stdout.flush()
        _watch(processes)
    except KeyboardInterrupt:
        sys.stdout.write("\nThe demo has ended. Its folder stays; `make demo-reset` throws it away.\n")
    finally:
        _end(processes)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


def _start(site: Site, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", site.application, "--bind", f"127.0.0.1:{site.port}"]
    return subprocess.Popen(
        command, cwd=FRONT_DOOR_FOLDER, env=inherited() | environment, stdin=subprocess.DEVNULL, process_group=0
    )


def _await_answer(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{site.url}/healthz", timeout=PATIENCE_SECONDS):
                return
        except (URLError, OSError):
            time.sleep(LOOK_SECONDS)
    message = f"{site.url} does not answer; is the port taken? SITE_PORT and OFFICE_PORT can be set."
    raise NotServingError(message)


def _watch(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait as long as both run."""
    while all(process.poll() is None for process in processes):
        time.sleep(1)
    message = "one of the sites has ended by itself; its last lines say why"
    raise NotServingError(message)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
