"""Measure the CPU of the screens and files of figures with ten years in the store, against one year in the same run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from pathlib import Path

from helpline.usage.export import FileKind
from helpline.usage.invented import fill_counts
from tests.support.office import Office, Person, opened_office
from tests.support.stores import opened_stores, upgrade_all

YEAR = 2026
YEARS = 10
RUNS = 9
MOST = 1.5
"""How much dearer ten years may make any screen or file."""

PATHS = (
    "/counts",
    f"/counts/arrival/week/{YEAR}",
    f"/counts/path/quarter/{YEAR}",
    f"/counts/callback/quarter/{YEAR}",
    f"/counts/arrival/period/week/{YEAR}-W20",
    f"/counts/arrival/compare/week/{YEAR}-W20/{YEAR}-W21",
    f"/counts/statement/{YEAR}",
    f"/counts/questions/{YEAR}",
    f"/counts/report/{YEAR}",
)

FILES = tuple((f"/counts/arrival/{YEAR}", kind.value) for kind in FileKind)
"""A year of a table, as a file of each kind."""


def main() -> int:
    """Print a table; return 1 when the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        one, ten = (measured(Path(folder) / str(years), years=years) for years in (1, YEARS))
    is_missed = False
    for path in one:
        ratio = ten[path] / one[path]
        is_missed = is_missed or ratio > MOST
        sys.stdout.write(f"{path:50} {one[path]:7.1f} ms {ten[path]:7.1f} ms  x {ratio:.2f}\n")
    return int(is_missed)


def measured(folder: Path, *, years: int) -> dict[str, float]:
    """Return the milliseconds of CPU of each screen and file, the median of RUNS, with so many years in the store."""
    folder.mkdir()
    with opened_stores(folder, database_url=None) as stores:
        upgrade_all(stores)
        with opened_office(stores, folder) as office:
            fill(office, years=years)
            person = office.person(office.cast.programme_staff)
            screens = {path: cpu(partial(look, person, path)) for path in PATHS}
            return screens | {f"{path} as {kind}": cpu(partial(take, person, path, kind=kind)) for path, kind in FILES}


def look(person: Person, path: str) -> int:
    """Open a page."""
    return person.answer(path).status_code


def take(person: Person, path: str, *, kind: str) -> int:
    """Download a file."""
    return person.post(path, {"csrf_token": person.token(), "kind": kind}).status


def fill(office: Office, *, years: int) -> None:
    """Write invented periods of so many years until now."""
    with office.stores.counts.begin() as session:
        since = date(YEAR - years + 1, 1, 1)
        fill_counts(session, programme=office.services.programme, now=office.clock.now, since=since)


def cpu(ask: Callable[[], int]) -> float:
    """Return what asking costs; the first time is not counted, for it fills caches."""
    costs = list[float]()
    for _ in range(RUNS + 1):
        begun = time.process_time()
        status = ask()
        costs.append(1000 * (time.process_time() - begun))
        if status not in {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}:
            raise RuntimeError(status)
    return statistics.median(costs[1:])


if __name__ == "__main__":
    sys.exit(main())
