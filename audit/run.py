"""Serve a demo, let every tool look at it, and print one table."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from audit.figures import read_by_others
from audit.front import tls_front
from audit.lighthouse import lit
from audit.line import Line
from audit.node import ToolError
from audit.observatory import observed
from audit.validating import validated
from tests.support.running import House, filled_demo, running_sites

BEHIND_A_PROXY = {"TRUSTED_PROXY": "1"}
MOST_FINDINGS = 40


def main() -> int:
    """Print a table; return 1 when a bar is missed or a tool could not do its work."""
    began = time.monotonic()
    sys.stderr.write("Serving a demo and letting the tools look at it: some minutes.\n")
    with tempfile.TemporaryDirectory(prefix="kentering-audit-") as name:
        folder = Path(name)
        for place in ("filled", "house", "node"):
            (folder / place).mkdir()
        filled = filled_demo(folder / "filled")
        with running_sites(filled, folder / "house", visitors=BEHIND_A_PROXY) as house:
            try:
                lines = [*read_by_others(filled, home=folder / "node"), *looked_at(house, home=folder / "node")]
            except ToolError as fault:
                sys.stderr.write(f"{fault}\n")
                return 1
    return report(lines, seconds=time.monotonic() - began)


def looked_at(house: House, *, home: Path) -> list[Line]:
    """Return what the tools say of *house*; html-validate last, for its visits change the demo."""
    with tls_front(house.visitors.port, home) as front:
        observatory = observed(front, home=home)
    lighthouse = lit(house.visitors, home=home)
    return [*validated(house, home=home), *lighthouse, observatory]


def report(lines: Sequence[Line], *, seconds: float) -> int:
    """Print *lines* and what was found, and return 1 when a bar is missed."""
    width = max(len(it.what) for it in lines)
    reached = max(len(it.reached) for it in lines)
    sys.stdout.write(f"{'tool':<14} {'what':<{width}} {'reached':<{reached}}  bar\n")
    for it in lines:
        mark = "  MISSED" if it.is_missed else ""
        sys.stdout.write(f"{it.tool:<14} {it.what:<{width}} {it.reached:<{reached}}  {it.bar}{mark}\n")
    for it in lines:
        for finding in it.findings[:MOST_FINDINGS]:
            sys.stdout.write(f"\n{it.tool}, {it.what}: {finding}")
        if len(it.findings) > MOST_FINDINGS:
            sys.stdout.write(f"\n... and {len(it.findings) - MOST_FINDINGS} more")
    missed = sum(it.is_missed for it in lines)
    sys.stdout.write("\nLighthouse: performance, accessibility, best practices, and being found where a page may be.\n")
    sys.stdout.write("A machine below 1000 is slower than Lighthouse expects, which costs performance alone.\n")
    sys.stdout.write(f"{len(lines)} bars, {missed} missed, {seconds:.0f} seconds\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
