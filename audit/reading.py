"""Run by the audit in an environment of its own: what pandas and frictionless make of our files, as JSON."""

import json
import sys
from pathlib import Path

import pandas as pd
from frictionless import Package


def main() -> None:
    """Print what was read of the files in the folder that is named."""
    folder = Path(sys.argv[1])
    table = pd.read_csv(folder / "figures.csv", comment="#")
    report = Package(folder / "datapackage.json").validate()
    said = {"rows": len(table), "sum": int(table["value"].sum()), "faults": report.flatten(["title", "message"])}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
