"""With real noise: but for the numbers themselves, files and store are the same whether somebody came or not."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from openpyxl import load_workbook
from werkzeug.test import Client

from helpline.clock.metadatas import METADATA
from helpline.store.engine import StoreName
from helpline.usage.export import FileKind, file_of
from helpline.usage.figures import quality
from helpline.usage.release import add_noise
from helpline.usage.released import released_periods
from helpline.usage.rows import COLUMNS
from tests.attacks.worlds import PlayedSite, Visitor
from tests.support.world import NOW

TYPED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1"}
WEEKS = 5
"""Until the quarter is over."""

NOISY = ("value", "low", "high", "quality")
DRAWN = {"id", "value"}
"""Columns of the store that hold noise or chance."""

AFTERWARDS = NOW + timedelta(days=60)


def blanked(content: bytes) -> object:
    """Return a file of any kind without its noisy fields, after looking that three of them follow from the fourth."""
    if not content.startswith(b"PK"):
        return _blanked_csv(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if "datapackage.json" in names:
            read = {name: json.loads(archive.read(name)) for name in names}
            rows = [[*map(_blanked_row, read[name])] for name in ("counts.json", "totals.json")]
            return read["datapackage.json"], rows
    read_me, *sheets = load_workbook(io.BytesIO(content)).worksheets
    said = list(read_me.iter_rows(values_only=True))
    return names, said, [_blanked_sheet(list(sheet.iter_rows(values_only=True))) for sheet in sheets]


def _blanked_csv(content: bytes) -> str:
    lines = content.decode("utf-8-sig").split("\r\n")
    at = lines.index(",".join(COLUMNS)) + 1
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(line for line in lines[at:] if line)]
    written = io.StringIO(newline="")
    csv.DictWriter(written, COLUMNS, lineterminator="\r\n").writerows(map(_blanked_row, rows))
    return "\r\n".join(lines[:at]) + written.getvalue()


def _blanked_sheet(rows: Sequence[Sequence[object]]) -> list[Mapping[str, object]]:
    assert tuple(rows[0]) == COLUMNS
    return [_blanked_row(dict(zip(COLUMNS, row, strict=True))) for row in rows[1:]]


def _blanked_row(row: Mapping[str, object]) -> Mapping[str, object]:
    value, margin = int(str(row["value"])), int(str(row["margin95"]))
    follows = (str(value - margin), str(value + margin), quality(value, margin=margin))
    assert tuple(str(row[name]) for name in NOISY[1:]) == follows
    return {**row, **dict.fromkeys(NOISY, "*")}


def files_of(site: PlayedSite, *, now: datetime) -> list[bytes]:
    """Return every file that there is, of each kind and in both languages."""
    with site.stores.counts.read() as session:
        periods = [released_periods(session, table=table.id, now=now) for table in site.codebook.tables]
        return [
            file_of(session, periods=it, language=language, kind=kind)
            for it in periods
            for language in ("nl", "en")
            for kind in FileKind
        ]


def rows_of(site: PlayedSite) -> list[tuple[str, str]]:
    """Return every row of the store, without what is drawn; a row's id says nothing of its order."""
    with site.stores.counts.read() as session:
        return sorted(
            (table.name, repr([value for name, value in row.items() if name not in DRAWN or table.name == "period"]))
            for table in METADATA[StoreName.COUNTS].sorted_tables
            for row in session.execute(table.select()).mappings()
        )


def test_but_for_its_numbers_no_file_and_no_row_depends_on_a_visit(site_to_play: PlayedSite) -> None:
    """A busy quarter, one visit, nobody at all: the same cells, words, margins, prices, dates and rows."""
    files, rows = list[list[bytes]](), list[list[tuple[str, str]]]()
    for visits in (0, 1, 50):
        with site_to_play.play() as world:
            for host in world.hosts:
                host.release = replace(host.release, noise=add_noise)
            world.night()
            for _ in range(visits):
                visitor = Visitor(Client(site_to_play.site))
                visitor.get("/k7", TYPED)
                visitor.press(visitor.get("/en/read/1/1", {}), {})
                visitor.press(visitor.get("/en/talk/", {}), {"none": "1"})
            for _ in range(WEEKS):
                world.night(weeks=True)
            files.append(files_of(site_to_play, now=AFTERWARDS))
            rows.append(rows_of(site_to_play))

    assert len(set(map(tuple, files))) == len(files)
    for one, other in pairwise(files):
        assert [blanked(it) for it in one] == [blanked(it) for it in other]
    assert all(b"2027-Q1" in it or b"2027-W" in it for it in files[0] if not it.startswith(b"PK"))
    assert rows[0] == rows[1] == rows[2]
