"""Measure what counting costs a request, and closing a period the night, against baselines in the same run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.hello import hello
from helpline.usage import codebook_rules, counting
from helpline.usage.codebook import ARRIVAL_TABLE
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counters
from helpline.usage.release import Release, close, flush
from selfhelp.counting import Arrivals
from selfhelp.site import now_in_utc
from tests.support.stores import opened_stores, upgrade_all
from tests.support.world import programme
from tests.usage.counted import AMSTERDAM, MONDAY

STEPS, REQUESTS, TRIES, RUNS = 2_000, 200, 50, 7
CELLS = 300
WITHIN = {"PATH_INFO": "/nl/", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_SITE": "same-origin"}
CAME = {"HTTP_SEC_FETCH_SITE": "none", "HTTP_SEC_FETCH_USER": "?1"}
MOST_OF_A_REQUEST = 1 / 8
"""How much of a bare Flask "hello" counting may cost: 5 of its 40 microseconds or more."""

MOST_OF_A_CLOSE = 50
"""How much dearer than writing its rows once closing a period may be."""

MOST_SECONDS = 1.0


def main() -> int:
    """Print a table; return 1 when a bar is missed."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        request, read = least(hellos), least(lambda: steps(Path(folder), WITHIN))
        arrived = least(lambda: steps(Path(folder), WITHIN | CAME))
    with tempfile.TemporaryDirectory() as folder:
        written, closed = nights(Path(folder))
    said = (
        ("a bare Flask hello", request, 1.0),
        ("counting a page that is read", read, read / request),
        ("the same, and an arrival", arrived, arrived / request),
        (f"writing {CELLS} rows", written, 1.0),
        (f"closing {CELLS} cells", closed, closed / written),
    )
    for name, seconds, ratio in said:
        sys.stdout.write(f"{name:30} {seconds * 1_000_000:12.1f} us  x {ratio:.2f}\n")
    is_missed = arrived > MOST_OF_A_REQUEST * request
    return int(is_missed or closed > MOST_OF_A_CLOSE * written or closed > MOST_SECONDS)


def least(measured: Callable[[], float]) -> float:
    """Return the least of TRIES: of a few microseconds, all that is more was something else that the machine did."""
    return min(measured() for _ in range(TRIES))


def median(measured: Callable[[], float]) -> float:
    """Return the median of RUNS; the first one is not counted, for it fills caches."""
    measured()
    return statistics.median(measured() for _ in range(RUNS))


def timed(work: Callable[[], object], *, times: int) -> float:
    """Return the seconds of doing *work* once, out of so many *times*."""
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times


def hellos() -> float:
    """Return the seconds of one request to the smallest Flask application."""
    app, environ = hello(), EnvironBuilder("/").get_environ()
    return timed(lambda: run_wsgi_app(app, environ, buffered=True), times=REQUESTS)


def steps(folder: Path, environ: Mapping[str, str]) -> float:
    """Return the seconds of counting one request: what counts of it, and that, without ever coming to the clamp."""
    found = programme(folder)
    counting.MOST_STEPS = sys.maxsize
    counters = Counters.open(folder, read_codebook(found))
    arrivals, request = Arrivals(found, clock=now_in_utc), dict(environ)
    try:
        return timed(lambda: counters.count(("page", "home"), *arrivals(request)), times=STEPS)
    finally:
        counters.close()


def nights(folder: Path) -> tuple[float, float]:
    """Return the seconds of writing CELLS rows in one transaction, and of closing a period with as many cells."""
    found = programme(folder)
    cap = codebook_rules.CAPS[ARRIVAL_TABLE]
    wide = {ARRIVAL_TABLE: replace(cap, cells=CELLS)}
    codebook_rules.CAPS = {**codebook_rules.CAPS, **wide}
    channels = {f"c{number:03}": f"Channel {number}" for number in range(CELLS // len(found.languages) - 1)}
    whole = read_codebook(replace(found, channels=channels))
    codebook = replace(whole, tables=tuple(table for table in whole.tables if table.id == ARRIVAL_TABLE))
    with opened_stores(folder, database_url=None) as stores:
        upgrade_all(stores)
        release = Release(sessions=stores.counts, run_dir=folder / "run", codebook=codebook, host="one", zone=AMSTERDAM)
        weeks = count()
        return median(lambda: rows_written(release)), median(lambda: week_closed(release, number=next(weeks)))


def rows_written(release: Release) -> float:
    """Return the seconds of a transaction that writes as many plain rows as there are cells."""
    with release.sessions.begin() as session:
        session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS plain (cell TEXT PRIMARY KEY, value INTEGER)")
        session.connection().exec_driver_sql("DELETE FROM plain")
    rows = [(cell.id, 0) for cell in release.codebook.tables[0].cells]
    begun = time.perf_counter()
    with release.sessions.begin() as session:
        session.connection().exec_driver_sql("INSERT INTO plain VALUES (?, ?)", rows)
    return time.perf_counter() - begun


def week_closed(release: Release, *, number: int) -> float:
    """Return the seconds of closing the week that ends on the Monday *number* weeks on, after its last flush."""
    monday = MONDAY + number * timedelta(days=7)
    flush(release, now=monday - timedelta(days=1))
    flush(release, now=monday)
    begun = time.perf_counter()
    closed = close(release, now=monday)
    taken = time.perf_counter() - begun
    if len(closed) != 1 or len(release.codebook.places) != CELLS:
        raise RuntimeError(closed)
    return taken


if __name__ == "__main__":
    sys.exit(main())
