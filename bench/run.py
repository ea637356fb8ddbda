"""Measure the visitors' pages against a bare Flask "hello" in the same run, and print the ratios."""

import re
import statistics
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlencode

from bench.hostile import MOST_MILLISECONDS, cost_of_uploads
from bench.load import Cost, ask, getting, measure, posting, token_in
from bench.serving import ROOT, Served, fresh_demo, serving

HELLO_PORT, SITE_PORT = 18480, 18481
RUNS = 5
REQUESTS = 2000
BOOKINGS = 20
YOUNG_SECONDS = 3.5
"""A form is not taken within three seconds of being shown."""

PAGES = {
    "home": "/nl/",
    "module page": "/nl/read/0/1",
    "times": "/nl/talk/",
    "code page (empty)": "/nl/talk/code",
}
BARS = {"home", "module page"}
MOST_CPU, LEAST_RATE = 2.0, 0.5
SHOWN = 3


def main() -> int:
    """Print a table; return 1 when a bar is missed."""
    with (
        fresh_demo() as demo,
        serving("hello:hello()", port=HELLO_PORT, environment={}, folder=ROOT / "bench") as hello,
        serving("app:visitors()", port=SITE_PORT, environment=demo.environment, folder=ROOT) as site,
    ):
        costs = alternate(hello, site)
        answers = post_answers(site, codes=[talk.code for talk in demo.folder.talks])
        uploads = cost_of_uploads(site)
    sys.stdout.write(f"start of a worker: {site.started:.2f} s of CPU, every 5,000 to 6,000 requests\n")
    return report(costs, answers) | report_uploads(uploads)


def alternate(hello: Served, site: Served) -> dict[str, list[tuple[Cost, Cost]]]:
    """Return for each page RUNS pairs of costs, the baseline's and the page's, measured one after the other."""
    costs = dict[str, list[tuple[Cost, Cost]]]()
    for served in (hello, site):
        measure(served.port, [getting("/")] * REQUESTS, master=served.process)
    for _ in range(RUNS):
        for name, path in PAGES.items():
            baseline = measure(hello.port, [getting("/")] * REQUESTS, master=hello.process)
            page = measure(site.port, [getting(path)] * REQUESTS, master=site.process)
            costs.setdefault(name, []).append((baseline, page))
    return costs


def post_answers(site: Served, *, codes: Sequence[str]) -> dict[str, list[float]]:
    """Return the milliseconds of answers that are made anew: bookings, and looking up a code."""
    pages = [ask(site.port, getting("/nl/talk/")).data.decode() for _ in range(BOOKINGS)]
    lookups = [ask(site.port, getting("/nl/talk/code")).data.decode() for _ in range(BOOKINGS)]
    time.sleep(YOUNG_SECONDS)
    times = re.findall(r'name="?time"? value="?(\d+)', pages[0])
    chosen = times[:: max(1, len(times) // BOOKINGS)]
    booking = [
        {"token": token_in(page), "time": chosen[number % len(chosen)], "way": "you_ring", "about": "rather_not_say"}
        for number, page in enumerate(pages)
    ]
    looking = [{"token": token_in(page), "code": codes[0]} for page in lookups]
    return {
        "booking": [_answered(site, "/nl/talk/", fields=fields) for fields in booking],
        "looking up a code": [_answered(site, "/nl/talk/code", fields=fields) for fields in looking],
    }


def report(costs: dict[str, list[tuple[Cost, Cost]]], answers: dict[str, list[float]]) -> int:
    """Print ratios and times, and return 1 when a bar is missed."""
    missed = 0
    sys.stdout.write(f"median of {RUNS} alternating runs of {REQUESTS} requests, sync workers, one each\n\n")
    sys.stdout.write(f"{'page':<20}{'CPU us':>9}{'x hello':>9}{'req/s':>9}{'x hello':>9}\n")
    for name, pairs in costs.items():
        cpu = statistics.median(page.cpu / baseline.cpu for baseline, page in pairs)
        rate = statistics.median(page.rate / baseline.rate for baseline, page in pairs)
        own_cpu = statistics.median(page.cpu for _, page in pairs)
        own_rate = statistics.median(page.rate for _, page in pairs)
        is_missed = name in BARS and (cpu > MOST_CPU or rate < LEAST_RATE)
        missed += is_missed
        sys.stdout.write(f"{name:<20}{own_cpu:>9.0f}{cpu:>9.2f}{own_rate:>9.0f}{rate:>9.2f}")
        sys.stdout.write("  MISSED\n" if is_missed else "\n")
    hello = [baseline for pairs in costs.values() for baseline, _ in pairs]
    sys.stdout.write(f"{'hello':<20}{statistics.median(it.cpu for it in hello):>9.0f}{1:>9.2f}")
    sys.stdout.write(f"{statistics.median(it.rate for it in hello):>9.0f}{1:>9.2f}\n\n")
    for name, milliseconds in answers.items():
        middle, worst = statistics.median(milliseconds), max(milliseconds)
        sys.stdout.write(f"{name}: median {middle:.1f} ms, slowest of {len(milliseconds)} {worst:.1f} ms\n")
    sys.stdout.write(f"\nbars: {', '.join(sorted(BARS))}: CPU <= {MOST_CPU} x, req/s >= {LEAST_RATE} x\n")
    return 1 if missed else 0


def report_uploads(uploads: dict[str, dict[str, float]]) -> int:
    """Print what the dearest uploads of each kind cost, and return 1 when a bar is missed."""
    missed = 0
    for kind, costs in uploads.items():
        dearest = sorted(costs.items(), key=lambda cost: -cost[1])[:SHOWN]
        is_missed = dearest[0][1] > MOST_MILLISECONDS[kind]
        missed += is_missed
        said = ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in dearest)
        sys.stdout.write(
            f"{kind}: {len(costs)}, CPU of each: median {statistics.median(costs.values()):.0f} ms; {said}\n"
        )
        sys.stdout.write(f"bar: each <= {MOST_MILLISECONDS[kind]:.0f} ms{'  MISSED' if is_missed else ''}\n")
    return 1 if missed else 0


def _answered(site: Served, path: str, *, fields: dict[str, str]) -> float:
    """Return how many milliseconds the answer took.

    Raises:
        RuntimeError: it was no answer to a good form.
    """
    request = posting(path, urlencode(fields).encode())
    began = time.perf_counter()
    answer = ask(site.port, request)
    if answer.status not in (200, 203, 303, 409):
        message = f"{path} answered {answer.status}"
        raise RuntimeError(message)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
