"""Mozilla's Observatory over the visitors' site behind TLS: the scanner itself, unchanged."""

import json
from pathlib import Path
from typing import Any

from audit.front import NAME, Front
from audit.line import Line
from audit.node import MODULES, ToolError, said_by

PACKAGE = MODULES / "@mdn" / "mdn-http-observatory"
SCRIPT = PACKAGE / "src" / "scan.js"
PRELOADED = PACKAGE / "conf" / "hsts-preload.json"
BEST_GRADE, LEAST_SCORE = "A+", 130
"""The bar was 150, which this scanner gives to nobody: 100, and at most 45 for what it counts extra. Of these, five
each are for cookies that are safe (we have none), for scripts from files with a digest (ours are inline) and for a
domain on the browsers' preload list (a programme's own decision). 130 is all that a site like ours can have."""


def observed(front: Front, *, home: Path) -> Line:
    """Return what the Observatory says of the site behind *front*.

    Raises:
        ToolError: it could not scan.
    """
    # The package would fetch the browsers' list of preloaded domains when it is installed; our host is on none.
    PRELOADED.write_text("{}\n", encoding="utf-8")
    more = {"NODE_EXTRA_CA_CERTS": str(front.certificate)}
    said = json.loads(said_by(SCRIPT, [f"{NAME}:{front.port}"], home=home, more=more))
    if "scan" not in said:
        raise ToolError(f"the Observatory: {said.get('error')}")
    scan, tests = said["scan"], said["tests"]
    failed = tuple(_finding(name, test) for name, test in tests.items() if not test["pass"])
    reached = f"{scan['grade']} {scan['score']}, {scan['testsPassed']} of {scan['testsQuantity']} tests"
    is_missed = scan["grade"] != BEST_GRADE or scan["score"] < LEAST_SCORE or bool(failed)
    bar = f"{BEST_GRADE} {LEAST_SCORE}, every test"
    return Line("Observatory", "visitors' site over TLS", reached, bar, is_missed, failed)


def _finding(name: str, test: dict[str, Any]) -> str:
    return f"{name}: {test['result']} ({test['scoreModifier']})"
