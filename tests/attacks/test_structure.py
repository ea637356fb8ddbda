"""With real noise: but for the numbers themselves, files and store are the same whether somebody came or not."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from werkzeug.test import Client

from helpline.clock.metadatas import METADATA
from helpline.store.engine import StoreName
from helpline.usage.export import file_of
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


def blanked(content: bytes) -> str:
    """Return a file without its noisy fields, after looking that three of them say nothing but the fourth."""
    lines = content.decode("utf-8-sig").split("\r\n")
    at = lines.index(",".join(COLUMNS)) + 1
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(line for line in lines[at:] if line)]
    for row in rows:
        value, margin = int(row["value"]), int(row["margin95"])
        follows = (str(value - margin), str(value + margin), quality(value, margin=margin))
        assert tuple(row[name] for name in NOISY[1:]) == follows
    written = io.StringIO(newline="")
    csv.DictWriter(written, COLUMNS, lineterminator="\r\n").writerows(row | dict.fromkeys(NOISY, "*") for row in rows)
    return "\r\n".join(lines[:at]) + written.getvalue()


def files_of(site: PlayedSite, *, now: datetime) -> list[bytes]:
    """Return every file that there is, in both languages."""
    with site.stores.counts.read() as session:
        periods = [released_periods(session, table=table.id, now=now) for table in site.codebook.tables]
        return [file_of(session, periods=it, language=language) for it in periods for language in ("nl", "en")]


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
    assert all(b"2027-Q1" in content or b"2027-W" in content for content in files[0])
    assert rows[0] == rows[1] == rows[2]
