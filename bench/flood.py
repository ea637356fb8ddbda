"""Measure the pages that a flood must not take from anybody, quiet and under one; and bookings that meet each other."""

import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from bench.growth import COUNSELLORS
from bench.load import ask, getting, posting, token_in
from helpline.callbacks.booking import request_callback
from helpline.callbacks.doors import Door
from helpline.settings.programme import Way
from helpline.store.engine import Sessions
from tests.support.postgres import running_postgres
from tests.support.racing import race
from tests.support.running import filled_demo, running_visitors_site
from tests.support.stores import opened_stores, upgrade_all
from tests.support.talks import WEDNESDAY, WISH, at
from tests.support.world import NOW, World, make_world, token

RUNS, SAMPLES = 5, 1000
WORKERS = 2
FLOOD_A_SECOND = 10
"""Three times as dense as the burst of scheduling.md, 10,000 forms in an hour."""

FORMS = 100
"""As many different ones, again and again."""

MOST = 2.0
"""How much slower a flood may make the slowest of twenty answers."""

YOUNG_SECONDS = 3.5
"""A form is not taken within three seconds of being shown."""

WRONG_CODE = "N00000000000000000"
CLERKS, BOOKINGS = 8, 40
MOST_MILLISECONDS = 1000.0
"""What a booking in a hundred took before writers waited for their turn."""

Times = dict[str, list[float]]
"""Milliseconds of answers, by page."""


def main() -> int:
    """Print two tables; return 1 when a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="kentering-bench-") as name:
        (Path(name) / "filled").mkdir()
        (Path(name) / "served").mkdir()
        filled = filled_demo(Path(name) / "filled")
        with running_visitors_site(filled, Path(name) / "served", workers=WORKERS) as site:
            quiet, flooded, answers = quiet_and_flooded(site.port)
            missed = report(quiet, flooded, answers=answers)
    missed |= report_bookings("SQLite", bookings(None))
    with running_postgres() as server, server.fresh_database() as url:
        return missed | report_bookings("PostgreSQL", bookings(url))


def quiet_and_flooded(port: int) -> tuple[Times, Times, list[int]]:
    """Return by page the milliseconds of answers, quiet and under a flood, in turn; and what the flood was answered."""
    quiet, flooded, answers = Times(), Times(), list[int]()
    for _ in range(RUNS):
        sample(port, into=quiet)
        with flood(port, answers):
            sample(port, into=flooded)
    return quiet, flooded, answers


def sample(port: int, *, into: Times) -> None:
    """Ask for each page SAMPLES times, one after the other, the pages in turn."""
    form = ask(port, getting("/nl/talk/code")).data.decode()
    fields = {"token": token_in(form), "code": WRONG_CODE}
    pages = {
        "content": getting("/nl/read/0/1"),
        "crisis": getting("/nl/now"),
        "code": getting("/nl/talk/code"),
        "code, looked up": posting("/nl/talk/code", urlencode(fields).encode()),
    }
    for _ in range(SAMPLES):
        for name, request in pages.items():
            began = time.perf_counter()
            ask(port, request)
            into.setdefault(name, []).append((time.perf_counter() - began) * 1000)


@contextmanager
def flood(port: int, answers: list[int]) -> Iterator[None]:
    """Send forms until the end of the block, FLOOD_A_SECOND, each with a token of its own that is old enough."""
    pages = [ask(port, getting("/nl/talk/")).data.decode() for _ in range(FORMS)]
    times = re.findall(r'name="?time"? value="?(\d+)', pages[0])
    fields = {"way": "you_ring", "about": "rather_not_say"}
    forms = [
        posting("/nl/talk/", urlencode(fields | {"token": token_in(page), "time": start}).encode())
        for page, start in zip(pages, cycle(times), strict=False)
    ]
    time.sleep(YOUNG_SECONDS)
    is_over = threading.Event()

    def send() -> None:
        for form in cycle(forms):
            if is_over.wait(1 / FLOOD_A_SECOND):
                return
            answers.append(ask(port, form).status)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        is_over.set()
        sender.join()


class BookMany:
    """Book a time after the other; the answer is how many milliseconds each took."""

    def __init__(self, clerk: int) -> None:
        """Keep whose forms these are."""
        self.clerk = clerk

    def __call__(self, helpline: Sessions, world: World) -> str:
        """Book BOOKINGS talks; all clerks want the same times at about the same moment."""
        return " ".join(f"{_book(helpline, world, clerk=self.clerk, number=number):.1f}" for number in range(BOOKINGS))


def _book(helpline: Sessions, world: World, *, clerk: int, number: int) -> float:
    """Return the milliseconds of one booking."""
    starts_at = at(WEDNESDAY, "09:00") + timedelta(days=number // 8, hours=number % 8)
    wish = replace(WISH, starts_at=starts_at, way=Way.YOU_RING, number=None)
    form = token(f"clerk {clerk} form {number}")

    def work(session: Session) -> None:
        request_callback(session, wish, token=form, desk=world.desk, now=NOW, door=Door.STAFF)

    began = time.perf_counter()
    helpline.transact(work)
    return (time.perf_counter() - began) * 1000


def bookings(url: str | None) -> list[float]:
    """Return the milliseconds of every booking of CLERKS processes that book at once."""
    names = [f"counsellor{number}" for number in range(COUNSELLORS)]
    change = ("booked_lines = 2", f"booked_lines = {COUNSELLORS}")
    with (
        tempfile.TemporaryDirectory(prefix="kentering-bench-") as name,
        opened_stores(Path(name), database_url=url) as stores,
    ):
        upgrade_all(stores)
        world = make_world(stores.helpline, Path(name), names=names, change=change)
        answers = race(stores, world, [BookMany(clerk) for clerk in range(CLERKS)])
    return [float(took) for answer in answers for took in answer.split()]


def report(quiet: Times, flooded: Times, *, answers: Sequence[int]) -> int:
    """Print the slowest of twenty answers by page, and return 1 when the bar is missed."""
    sys.stdout.write(f"{WORKERS} workers; a flood of {len(answers)} forms, {FLOOD_A_SECOND} a second, answered ")
    sys.stdout.write(", ".join(f"{answers.count(it)} x {it}" for it in sorted(set(answers))) + "\n")
    sys.stdout.write(f"{'p95, ms':<18}{'quiet':>9}{'flooded':>9}{'x':>7}\n")
    missed = 0
    for name, milliseconds in quiet.items():
        before, under = percentile(milliseconds, 95), percentile(flooded[name], 95)
        missed |= under > MOST * before
        mark = "  MISSED" if under > MOST * before else ""
        sys.stdout.write(f"{name:<18}{before:>9.1f}{under:>9.1f}{under / before:>7.2f}{mark}\n")
    sys.stdout.write(f"bar: <= {MOST} x\n\n")
    return missed


def report_bookings(database: str, milliseconds: Sequence[float]) -> int:
    """Print what bookings took that met each other, and return 1 when the bar is missed."""
    middle, slow = statistics.median(milliseconds), percentile(milliseconds, 99)
    is_missed = slow > MOST_MILLISECONDS
    sys.stdout.write(
        f"{database}: {len(milliseconds)} bookings by {CLERKS} at once: median {middle:.0f} ms, p99 {slow:.0f} ms, "
        f"slowest {max(milliseconds):.0f} ms; bar: p99 <= {MOST_MILLISECONDS:.0f} ms"
        f"{'  MISSED' if is_missed else ''}\n"
    )
    return int(is_missed)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent do not exceed."""
    return statistics.quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    sys.exit(main())
