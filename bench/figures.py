"""Measure the CPU of the screens and files of figures with ten years in the store, against one year in the same run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
    is_missed = False
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        people = [opened.enter_context(filled(Path(name) / str(years), years=years)) for years in (1, YEARS)]
        for what, does in asked().items():
            one, ten = in_turn([partial(does, person) for person in people])
            is_missed = is_missed or ten / one > MOST
            sys.stdout.write(f"{what:50} {one:7.1f} ms {ten:7.1f} ms  x {ten / one:.2f}\n")
    return int(is_missed)


def asked() -> dict[str, Callable[[Person], int]]:
    """Return every screen and file, by name."""
    screens: dict[str, Callable[[Person], int]] = {path: partial(look, path=path) for path in PATHS}
    return screens | {f"{path} as {kind}": partial(take, path=path, kind=kind) for path, kind in FILES}


@contextmanager
def filled(folder: Path, *, years: int) -> Iterator[Person]:
    """Give somebody of the programme staff, with so many years in the store."""
    folder.mkdir()
    with opened_stores(folder, database_url=None) as stores:
        upgrade_all(stores)
        with opened_office(stores, folder) as office:
            fill(office, years=years)
            yield office.person(office.cast.programme_staff)


def look(person: Person, *, path: str) -> int:
    """Open a page."""
    return person.answer(path).status_code


def take(person: Person, *, path: str, kind: str) -> int:
    """Download a file."""
    return person.post(path, {"csrf_token": person.token(), "kind": kind}).status


def fill(office: Office, *, years: int) -> None:
    """Write invented periods of so many years until now."""
    with office.stores.counts.begin() as session:
        since = date(YEAR - years + 1, 1, 1)
        fill_counts(session, programme=office.services.programme, now=office.clock.now, since=since)


def in_turn(asks: Sequence[Callable[[], int]]) -> list[float]:
    """Return what each costs, asked in turn: a machine that slows down slows all of them.

    The first time is not counted, for it fills caches.
    """
    for ask in asks:
        cpu(ask)
    rounds = [[cpu(ask) for ask in asks] for _ in range(RUNS)]
    return [statistics.median(costs) for costs in zip(*rounds, strict=True)]


def cpu(ask: Callable[[], int]) -> float:
    """Return the milliseconds of CPU that asking costs."""
    begun = time.process_time()
    status = ask()
    cost = 1000 * (time.process_time() - begun)
    if status not in {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}:
        raise RuntimeError(status)
    return cost


if __name__ == "__main__":
    sys.exit(main())
