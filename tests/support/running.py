"""Both sites as they are shipped: real gunicorn processes over a demo's folder, on loopback."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from helpline.demo import opening
from helpline.demo.serving import FRONT_DOOR_FOLDER, Site, sites
from helpline.settings.environment import inherited
from tests.support.demo import OpenedDemo, opened_demo

LISTENING = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")
PATIENCE_SECONDS: Final = 180
LOOK_SECONDS: Final = 0.05
END_SECONDS: Final = 30

# One of them has daylight at any hour, so that "in 20 minutes" is today whenever the tests run.
ZONES = ("Europe/Amsterdam", "America/Los_Angeles", "Asia/Tokyo")
NOON = 12


@dataclass(frozen=True)
class Running:
    """One site that answers: where, as which process, and the file that it logs to."""

    port: int
    host: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class House:
    """Both sites over one folder, and every folder that they could write to."""

    demo: OpenedDemo
    folder: Path
    visitors: Running
    office: Running

    @property
    def logs(self) -> tuple[Path, Path]:
        """Return what the two sites, and the clock beside the back office, have logged."""
        return self.visitors.log, self.office.log


def filled_demo(folder: Path) -> OpenedDemo:
    """Return a demo that was filled now, in a zone that has daylight."""
    text = (Path(opening.__file__).parent / "programme.toml").read_text(encoding="utf-8")
    changed = folder / "changed"
    changed.mkdir()
    zone = f'zone = "{zone_with_daylight(datetime.now(UTC))}"'
    (changed / "programme.toml").write_text(re.sub(r'^zone = ".*"$', zone, text, flags=re.MULTILINE), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "files", lambda _: changed)
        return opened_demo(folder, now=datetime.now(UTC))


def zone_with_daylight(now: datetime) -> str:
    """Return the zone of ZONES whose clock is nearest to noon."""

    def from_noon(name: str) -> int:
        local = now.astimezone(ZoneInfo(name))
        return abs(local.hour * 60 + local.minute - NOON * 60)

    return min(ZONES, key=from_noon)


@contextmanager
def running_sites(
    filled: OpenedDemo,
    folder: Path,
    *,
    visitors: Mapping[str, str] | None = None,
    office: Mapping[str, str] | None = None,
) -> Iterator[House]:
    """Serve a copy of *filled* below *folder* until the end of the block; *visitors* and *office* add variables.

    Each process has its own secrets only, and a home and a folder for temporary files that can be searched.
    """
    demo = filled.copied(to=folder)
    visitors_site, office_site = sites(site_port=0, office_port=0)
    with ExitStack() as stack:
        started = [
            stack.enter_context(_started(site, environment | dict(more or {}), folder=folder))
            for site, environment, more in (
                (visitors_site, demo.visitors_environment, visitors),
                (office_site, demo.office_environment, office),
            )
        ]
        yield House(demo, folder, *(_answering(it) for it in started))


@contextmanager
def running_visitors_site(filled: OpenedDemo, folder: Path, *, workers: int = 1) -> Iterator[Running]:
    """Serve the visitors' site alone, over a copy of *filled* below *folder*, until the end of the block."""
    demo = filled.copied(to=folder)
    site, _ = sites(site_port=0, office_port=0)
    environment = demo.visitors_environment | {"WEB_CONCURRENCY": str(workers)}
    with _started(site, environment, folder=folder) as started:
        yield _answering(started)


@dataclass(frozen=True)
class _Started:
    site: Site
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def _started(site: Site, environment: Mapping[str, str], *, folder: Path) -> Iterator[_Started]:
    """Start gunicorn by the command that is shipped; it takes a free port itself and says so in its log."""
    name = site.application.removeprefix("app:").removesuffix("()")
    places = {variable: str(folder / place) for variable, place in (("HOME", "home"), ("TMPDIR", "tmp"))}
    for place in places.values():
        Path(place).mkdir(exist_ok=True)
    log = folder / f"{name}.log"
    command = [sys.executable, "-m", "gunicorn", site.application, "--bind", "127.0.0.1:0"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=FRONT_DOOR_FOLDER,
            env=inherited() | places | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield _Started(site, process, log)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End gunicorn as an init system does, and wait until its children have gone as well."""
    process.terminate()
    try:
        process.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answering(started: _Started) -> Running:
    """Return the site once it answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    said = None
    while said is None:
        assert started.process.poll() is None, started.log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, started.log.read_text(encoding="utf-8")
        said = LISTENING.search(started.log.read_text(encoding="utf-8"))
        time.sleep(LOOK_SECONDS)
    port = int(said[1])
    connection = HTTPConnection(started.site.host, port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200, started.log.read_text(encoding="utf-8")
    connection.close()
    return Running(port, started.site.host, started.process, started.log)
