"""A file of each kind says the same numbers, in the same bytes on every database, and nothing that would be run."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from helpline.store.engine import Sessions
from helpline.usage.counting import Counters
from helpline.usage.export import FileKind, file_of
from helpline.usage.release import Release, run
from helpline.usage.released import released_periods
from helpline.usage.rows import ALL_CELLS, COLUMNS
from tests.support.stores import opened_stores, upgrade_all
from tests.usage.counted import MONDAY

WEEKS = 2
SEEN = MONDAY + timedelta(days=7, hours=30)
ARRIVALS = {"nl.direct": 300, "nl.k7": 500, "en.m2": 1}


@pytest.fixture
def two_weeks(release: Release, counters: Counters) -> Release:
    """Give a release after two weeks with the same ARRIVALS."""
    publish(release, counters)
    return release


def publish(release: Release, counters: Counters) -> None:
    """Count ARRIVALS in each of WEEKS, and release them."""
    run(release, now=MONDAY - timedelta(days=1))
    for week in range(WEEKS):
        for cell, many in ARRIVALS.items():
            for _ in range(many):
                counters.count(("arrival", cell))
        run(release, now=MONDAY + timedelta(days=7 * week))


def exported(sessions: Sessions, kind: FileKind, *, language: str = "en", table: str = "arrival") -> bytes:
    """Return a file of everything of *table* that can be seen."""
    with sessions.read() as session:
        periods = released_periods(session, table=table, now=SEEN)
        return file_of(session, periods=periods, language=language, kind=kind)


def workbook(sessions: Sessions, *, language: str = "en") -> Workbook:
    return load_workbook(io.BytesIO(exported(sessions, FileKind.XLSX, language=language)))


def sheet(book: Workbook, at: int) -> list[dict[str, object]]:
    """Return the rows of the sheet *at*, by the names in its first one."""
    head, *rows = book.worksheets[at].iter_rows(values_only=True)
    assert head == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def package(sessions: Sessions, *, language: str = "en") -> Mapping[str, object]:
    """Return what is in the zip, by name."""
    with zipfile.ZipFile(io.BytesIO(exported(sessions, FileKind.ZIP, language=language))) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def csv_rows(sessions: Sessions) -> list[dict[str, object]]:
    """Return the rows of the CSV, numbers as numbers."""
    lines = exported(sessions, FileKind.CSV).decode("utf-8-sig").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("# "))
    numbers = ("value", "margin95", "low", "high")
    return [{**row, **{name: int(row[name]) for name in numbers}} for row in rows]


def test_the_three_kinds_hold_the_same_rows(two_weeks: Release) -> None:
    rows = csv_rows(two_weeks.sessions)

    assert len(rows) == 6 * WEEKS
    assert sheet(workbook(two_weeks.sessions), 1) == rows
    assert package(two_weeks.sessions)["counts.json"] == rows


@pytest.mark.parametrize("kind", FileKind)
def test_the_same_bytes_come_from_every_database(two_weeks: Release, tmp_path: Path, kind: FileKind) -> None:
    other_dir = tmp_path / "other"
    other_dir.mkdir()
    with opened_stores(other_dir, database_url=None) as other:
        upgrade_all(other)
        again = replace(two_weeks, sessions=other.counts, run_dir=tmp_path / "other run")
        counters = Counters.open(again.run_dir, again.codebook)
        publish(again, counters)
        counters.close()
        assert exported(other.counts, kind) == exported(two_weeks.sessions, kind)


def test_sums_stand_beside_the_numbers_with_margins_of_their_own(two_weeks: Release) -> None:
    sums = sheet(workbook(two_weeks.sessions), 2)

    by_key = {(row["period"], row["cell"]): row for row in sums}
    week, whole = sum(ARRIVALS.values()), "2027-W08 - 2027-W09"
    assert [by_key[name, ALL_CELLS]["value"] for name in ("2027-W08", "2027-W09", whole)] == [week, week, 2 * week]
    assert by_key[whole, "nl.k7"]["value"] == 2 * ARRIVALS["nl.k7"]
    keys = (("2027-W08", ALL_CELLS), (whole, "nl.k7"), (whole, ALL_CELLS))
    one_week, one_cell, every = (int(str(by_key[key]["margin95"])) for key in keys)
    assert 6 < one_cell < one_week < every < 6 * 6 * WEEKS
    assert package(two_weeks.sessions)["totals.json"] == sums


def test_a_single_period_has_one_sum(release: Release, counters: Counters) -> None:
    run(release, now=MONDAY - timedelta(days=1))
    counters.count(("arrival", "nl.k7"))
    run(release, now=MONDAY)

    (row,) = sheet(workbook(release.sessions), 2)
    assert (row["cell"], row["label"], row["value"]) == (ALL_CELLS, "All together", 1)


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["Read me", "Counts", "Totals"]), ("nl", ["Lees mij", "Tellingen", "Totalen"])]
)
def test_a_workbook_begins_with_the_statement(two_weeks: Release, language: str, names: list[str]) -> None:
    book = workbook(two_weeks.sessions, language=language)
    lines = exported(two_weeks.sessions, FileKind.CSV, language=language).decode("utf-8-sig").splitlines()

    assert book.sheetnames == names
    said = [str(value) for (value,) in book.worksheets[0].iter_rows(values_only=True)]
    assert said == [line[2:] for line in lines if line.startswith("# ")]


def test_a_package_describes_every_column_cell_and_price(two_weeks: Release) -> None:
    said = package(two_weeks.sessions)["datapackage.json"]
    assert isinstance(said, dict)

    assert [resource["path"] for resource in said["resources"]] == ["counts.json", "totals.json"]
    for resource in said["resources"]:
        assert [field["name"] for field in resource["schema"]["fields"]] == list(COLUMNS)
    (table,) = said["definitions"]
    assert (table["table"], table["unit"], table["epsilon"], table["sensitivity"]) == ("arrival", "visit", "0.5", 1)
    assert [cell["cell"] for cell in table["cells"]] == ["nl.direct", "nl.k7", "nl.m2", "en.direct", "en.k7", "en.m2"]
    assert "Safari" in said["description"]


@pytest.mark.parametrize("table", ["arrival", "page", "path"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_cell_of_a_workbook_is_a_formula_or_begins_like_one(two_weeks: Release, table: str, language: str) -> None:
    content = exported(two_weeks.sessions, FileKind.XLSX, language=language, table=table)
    cells = [cell for page in load_workbook(io.BytesIO(content)) for row in page.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(str(cell.value)[0].isalnum() for cell in cells if cell.data_type == "s")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in written
    assert b"hyperlink" not in written


@pytest.mark.parametrize("kind", [FileKind.XLSX, FileKind.ZIP])
def test_a_file_says_nothing_of_when_and_where_it_was_made(two_weeks: Release, kind: FileKind) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(two_weeks.sessions, kind))) as archive:
        assert {it.date_time for it in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        if kind is FileKind.XLSX:
            said = archive.read("docProps/core.xml").decode()
            assert set(_dates(said)) == {"2000-01-01T00:00:00Z"}


def _dates(said: str) -> Iterator[str]:
    """Yield the moments in the words of a workbook about itself."""
    return (part.partition("<")[0] for part in said.split('W3CDTF">')[1:])
