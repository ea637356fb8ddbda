"""The clock as a process, and the guard that restarts it."""

import logging
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from helpline.clock.lease import give_back
from helpline.clock.ticking import Clock
from helpline.settings.environment import OfficeSettings
from helpline.settings.faults import Faults
from helpline.store.demands import unmet_demands
from helpline.store.engine import StoreName, open_store
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counters

logger = logging.getLogger(__name__)

TICK_SECONDS = 60
RESTART_SECONDS = 5
"""A clock that dies is started again after this; long enough not to spin when the disk is full."""

RELEASE_SECONDS = 60
"""A release takes a second or two; the purge must not wait for one that hangs."""

FRONT_DOOR = Path(__file__).parents[2] / "app.py"


def chore(*words: str) -> list[str]:
    """Return the command line of a chore of ours."""
    return [sys.executable, str(FRONT_DOOR), *words]


def make_clock(settings: OfficeSettings) -> Clock:
    """Return the clock over the three stores of *settings*.

    Without a clock nothing is drawn, so nothing can be booked: what would keep deleted rows stops it here.

    Raises:
        SettingsError: the server of the database would keep or log what must go.
    """
    stores = {
        name: open_store(name, data_dir=settings.data_dir, database_url=settings.database_url) for name in StoreName
    }
    faults = Faults()
    for demand in unmet_demands(stores[StoreName.HELPLINE]):
        faults.add(demand)
    faults.finish()
    counters = Counters.open(settings.run_dir, read_codebook(settings.programme))
    return Clock(
        settings=settings,
        stores=stores,
        holder=secrets.token_hex(8),
        release=release_counts,
        count=counters.count,
    )


def release_counts() -> bool:
    """Run the release of counts in a process of its own, which alone loads the sampler; return whether it worked."""
    try:
        done = subprocess.run(chore("release-counts"), stdin=subprocess.DEVNULL, timeout=RELEASE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def run(clock: Clock) -> None:
    """Tick each minute until SIGTERM. A database that is away is tried again at the next minute.

    SIGTERM waits for the end of a tick: one that is cut in half could leave a lock, and then the lease is not given
    back.
    """
    os.umask(0o007)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        _tick(clock)
        while signal.sigtimedwait({signal.SIGTERM}, TICK_SECONDS - time.time() % TICK_SECONDS) is None:
            _tick(clock)
    finally:
        with suppress(SQLAlchemyError):  # a database that is away keeps no lease for long
            end(clock)


def end(clock: Clock) -> None:
    """Give the lease back, so that the next clock need not wait until it runs out."""
    with clock.stores[StoreName.HELPLINE].begin() as session:
        give_back(session, holder=clock.holder, now=datetime.now(UTC))


def _tick(clock: Clock) -> None:
    try:
        clock.tick(datetime.now(UTC))
    except (SQLAlchemyError, OSError) as error:
        # The kind of error only: its words could quote a row.
        logger.warning("the clock could not do its work (%s); it tries again in a minute", type(error).__name__)


def guard(command: Sequence[str]) -> None:
    """Keep *command* running until stdin closes: then whoever started the guard is gone, even by SIGKILL."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    child = _start(command)
    try:
        while not _is_closed(RESTART_SECONDS):
            if child.poll() is not None:
                child = _start(command)
    finally:
        child.terminate()
        child.wait()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _is_closed(seconds: float) -> bool:
    """Return whether stdin has closed, after waiting for it at most *seconds*."""
    readable, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)
