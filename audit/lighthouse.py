"""Lighthouse on the pages that most people see, with its own defaults: a cheap telephone on a slow line."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any

from audit.line import Line
from audit.node import FOLDER, MODULES, ToolError, said_by
from tests.support.browser import CHROMIUM
from tests.support.caller import Caller
from tests.support.running import Running

TOOL = "Lighthouse"
SCRIPT = MODULES / "lighthouse" / "cli" / "index.js"
LANGUAGES = ("nl", "en")
PLACES = ("", "read/0/1", "talk/", "now")
CATEGORIES = ("performance", "accessibility", "best-practices")
SEARCHED = "seo"
FULL_SCORE = 100
MOST_LCP_SECONDS = 0.8
RUNS = 3
"""A page that misses is measured again; of three the middle counts. A busy machine spoils single runs."""
ATTEMPTS = 5
"""How often a run is begun again whose beginning the browser has lost."""
SKIPPED = ("robots-txt",)
"""Lighthouse asks for robots.txt out of the page, and our pages may ask for nothing (default-src 'none'). So its rule
gets the file from us instead: robots.mjs."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run says: scores out of a hundred, seconds until the largest text stood there, and what cost points.

    *machine* is how quick this computer was just then (Lighthouse's benchmark index).
    """

    scores: Mapping[str, int]
    lcp: float
    machine: float
    findings: tuple[str, ...]

    @property
    def is_missed(self) -> bool:
        """Whether it misses a bar."""
        return min(self.scores.values()) < FULL_SCORE or self.lcp > MOST_LCP_SECONDS


def lit(site: Running, *, home: Path) -> list[Line]:
    """Return a line for each page, and one for robots.txt."""
    pages = [f"/{language}/{place}" for language, place in product(LANGUAGES, PLACES)]
    return [*(_line(site, path, home=home) for path in pages), _robots(site, home=home)]


def _line(site: Running, path: str, *, home: Path) -> Line:
    wanted = _wanted(site, path)
    bar = " ".join(str(FULL_SCORE) for _ in wanted) + f"  LCP {MOST_LCP_SECONDS:.2f} s"
    try:
        reports = [_report(site.url + path, wanted=wanted, home=home)]
        while reports[0].is_missed and len(reports) < RUNS:
            reports.append(_report(site.url + path, wanted=wanted, home=home))
    except ToolError as fault:
        return Line(TOOL, path, "not measured", bar, is_missed=True, findings=(str(fault),))
    middle = _middle(reports)
    scores = " ".join(f"{middle.scores[it]:>3}" for it in wanted)
    reached = f"{scores}  LCP {middle.lcp:.2f} s (machine {middle.machine:.0f}, {len(reports)} runs)"
    return Line(TOOL, path, reached, bar, middle.is_missed, middle.findings if middle.is_missed else ())


def _wanted(site: Running, path: str) -> tuple[str, ...]:
    """Return the categories that have a bar at *path*: being found is asked of pages that may be found."""
    is_to_be_found = "noindex" not in Caller(site).get(path).response.headers.get("X-Robots-Tag", "")
    return (*CATEGORIES, SEARCHED) if is_to_be_found else CATEGORIES


def _middle(reports: Sequence[Report]) -> Report:
    """Return the middle of *reports*, for each score and the seconds by itself."""
    scores = {name: round(statistics.median(it.scores[name] for it in reports)) for name in reports[0].scores}
    findings = tuple(dict.fromkeys(finding for it in reports for finding in it.findings))
    lcp, machine = (statistics.median(it) for it in zip(*((it.lcp, it.machine) for it in reports), strict=True))
    return Report(scores, lcp, machine, findings)


def _report(url: str, *, wanted: Sequence[str], home: Path) -> Report:
    arguments = [
        url,
        "--output=json",
        "--quiet",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(wanted)}",
        f"--skip-audits={','.join(SKIPPED)}",
        "--chrome-flags=--headless=new --no-sandbox",  # root, in a container, on our own pages only
    ]
    said = _said(arguments, home=home)
    scores = {name: round(said["categories"][name]["score"] * FULL_SCORE) for name in wanted}
    lcp = said["audits"]["largest-contentful-paint"]["numericValue"] / 1000
    return Report(scores, lcp, said["environment"]["benchmarkIndex"], tuple(_findings(said, wanted=wanted)))


def _said(arguments: Sequence[str], *, home: Path) -> dict[str, Any]:
    """Return the report of one run, begun again when the browser lost the beginning of it, which a busy one does.

    Raises:
        ToolError: it lost it every time.
    """
    lost = ""
    for _ in range(ATTEMPTS):
        said: dict[str, Any] = json.loads(said_by(SCRIPT, arguments, home=home, more={"CHROME_PATH": str(CHROMIUM)}))
        if not said.get("runtimeError"):
            return said
        lost = said["runtimeError"]["message"]
    raise ToolError(f"{TOOL} at {arguments[0]}: {lost}")


def _findings(said: dict[str, Any], *, wanted: Sequence[str]) -> list[str]:
    """Return what cost points, in Lighthouse's own words."""
    costly = [it["id"] for name in wanted for it in said["categories"][name]["auditRefs"] if it["weight"]]
    audits = [said["audits"][name] for name in costly]
    return [
        f"{it['title']} {it.get('displayValue', '')}".strip()
        for it in audits
        if it["score"] is not None and it["score"] < 1
    ]


def _robots(site: Running, *, home: Path) -> Line:
    said = json.loads(said_by(FOLDER / "robots.mjs", [f"{site.url}/robots.txt"], home=home))
    reached = f"{said['status']}, {'valid' if said['isRight'] else 'not valid'}"
    is_missed = not (said["isRight"] and said["status"] == HTTPStatus.OK)
    return Line(TOOL, "/robots.txt", reached, "200, valid", is_missed, tuple(said["faults"]))
