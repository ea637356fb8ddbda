"""Our files in other people's hands: LibreOffice opens CSV and workbook, pandas the CSV, frictionless the package."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from audit.line import Line
from audit.node import FOLDER, PATIENCE_SECONDS, ToolError
from helpline.settings.environment import inherited
from helpline.usage.export import FileKind, file_of
from helpline.usage.released import released_periods
from tests.support.demo import OpenedDemo

READER = FOLDER.parent / ".venv" / "readers" / "bin" / "python"
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Commas, quotes where needed, UTF-8, values as they are stored, one file for each sheet."""

OUR_CSV = "--infilter=CSV:44,34,76,1"
"""Commas, quotes, UTF-8, from the first line on: what its dialog proposes when somebody opens the file by hand."""


def read_by_others(demo: OpenedDemo, *, home: Path) -> list[Line]:
    """Return what LibreOffice, pandas and frictionless read of a year of every table of *demo*.

    Raises:
        ToolError: one of them is not there, or could not read at all.
    """
    folder = home / "figures"
    folder.mkdir()
    _write(demo, folder)
    text = (folder / "figures.csv").read_text(encoding="utf-8-sig")
    ours = _sum(list(csv.reader(line for line in text.splitlines() if not line.startswith("# "))))
    said = json.loads(_said([str(READER), str(Path(__file__).with_name("reading.py")), str(folder)], home=home))
    seen = {
        ("pandas", "CSV of a year"): (said["rows"], said["sum"]),
        ("LibreOffice", "CSV of a year"): _converted(folder / "figures.csv", "figures-figures.csv", home=home),
        ("LibreOffice", "workbook of a year"): _converted(folder / "figures.xlsx", "figures-Counts.csv", home=home),
    }
    lines = [_line(what, found, ours=ours) for what, found in seen.items()]
    faults = tuple(": ".join(fault) for fault in said["faults"])
    return [*lines, Line("frictionless", "data package of a year", f"{len(faults)} faults", "0", bool(faults), faults)]


def _write(demo: OpenedDemo, folder: Path) -> None:
    """Write a file of each kind, and what is in the package."""
    with demo.opened() as stores, stores.counts.read() as session:
        tables = ("path", "arrival", "callback", "page", "contact_channel", "contact_group")
        periods = [it for table in tables for it in released_periods(session, table=table, now=datetime.now(UTC))]
        for kind in FileKind:
            content = file_of(session, periods=periods, language="en", kind=kind)
            (folder / f"figures.{kind}").write_bytes(content)
            if kind is FileKind.ZIP:
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    archive.extractall(folder)


def _line(what: tuple[str, str], found: tuple[int, int], *, ours: tuple[int, int]) -> Line:
    (rows, total), (tool, read) = found, what
    return Line(tool, read, f"{rows} rows, sum {total}", f"{ours[0]} rows, sum {ours[1]}", found != ours)


def _converted(path: Path, name: str, *, home: Path) -> tuple[int, int]:
    """Return how many rows LibreOffice finds in *path*, and the sum of their values."""
    office, out = shutil.which("soffice"), home / f"from {path.name}"
    if office is None:
        raise ToolError("LibreOffice is not there: `make audit` installs it with apt")
    profile = f"-env:UserInstallation={(home / 'office').as_uri()}"
    how = ["--headless", OUR_CSV] if path.suffix == ".csv" else ["--headless"]
    _said([office, profile, *how, "--convert-to", EVERY_SHEET, "--outdir", str(out), str(path)], home=home)
    if not (out / name).exists():
        raise ToolError(f"LibreOffice made no {name}")
    with (out / name).open(encoding="utf-8", newline="") as file:
        return _sum([row for row in csv.reader(file) if not row[0].startswith("# ")])


def _sum(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    head, *body = rows
    return len(body), sum(int(row[head.index("value")]) for row in body)


def _said(words: Sequence[str], *, home: Path) -> str:
    """Return what a program prints.

    Raises:
        ToolError: it failed, or took too long.
    """
    try:
        done = subprocess.run(
            words,
            env=inherited() | {"HOME": str(home), "TMPDIR": str(home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as fault:
        raise ToolError(f"{Path(words[0]).name}: {fault}") from fault
    return done.stdout
