"""Measure the CPU of the screens of figures with ten years in the store, against one year in the same run."""

import statistics
import sys
import tempfile
import time
from datetime import date
from http import HTTPStatus
from pathlib import Path

from helpline.usage.invented import fill_counts
from tests.support.office import Office, Person, opened_office
from tests.support.stores import opened_stores, upgrade_all

YEAR = 2026
YEARS = 10
RUNS = 9
MOST = 1.5
"""How much dearer ten years may make any screen."""

PATHS = (
    "/counts",
    f"/counts/arrival/week/{YEAR}",
    f"/counts/path/quarter/{YEAR}",
    f"/counts/callback/quarter/{YEAR}",
    f"/counts/arrival/period/week/{YEAR}-W20",
    f"/counts/arrival/compare/week/{YEAR}-W20/{YEAR}-W21",
)


def main() -> int:
    """Print a table; return 1 when the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        one, ten = (measured(Path(folder) / str(years), years=years) for years in (1, YEARS))
    is_missed = False
    for path in PATHS:
        ratio = ten[path] / one[path]
        is_missed = is_missed or ratio > MOST
        sys.stdout.write(f"{path:50} {one[path]:7.1f} ms {ten[path]:7.1f} ms  x {ratio:.2f}\n")
    return int(is_missed)


def measured(folder: Path, *, years: int) -> dict[str, float]:
    """Return the milliseconds of CPU of each screen, the median of RUNS, with so many years in the store."""
    folder.mkdir()
    with opened_stores(folder, database_url=None) as stores:
        upgrade_all(stores)
        with opened_office(stores, folder) as office:
            fill(office, years=years)
            person = office.person(office.cast.programme_staff)
            return {path: cpu(person, path) for path in PATHS}


def fill(office: Office, *, years: int) -> None:
    """Write invented periods of so many years until now."""
    with office.stores.counts.begin() as session:
        since = date(YEAR - years + 1, 1, 1)
        fill_counts(session, programme=office.services.programme, now=office.clock.now, since=since)


def cpu(person: Person, path: str) -> float:
    """Return what opening *path* costs; the first time is not counted, for it fills caches."""
    person.get(path)
    costs = list[float]()
    for _ in range(RUNS):
        begun = time.process_time()
        answer = person.answer(path)
        costs.append(1000 * (time.process_time() - begun))
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(path)
    return statistics.median(costs)


if __name__ == "__main__":
    sys.exit(main())
