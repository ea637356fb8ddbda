"""A programme with thousands of channels: a cell for each canary, and the real way from a visit to a file."""

import csv
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from helpline.settings.programme import Programme
from helpline.store.engine import StoreName
from helpline.usage import codebook_rules
from helpline.usage.codebook import ARRIVAL_TABLE, CountedCell
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counter, Counters, count_nothing
from helpline.usage.export import file_of
from helpline.usage.release import Noise, Release, add_noise, close, flush, run
from helpline.usage.released import released_periods
from helpline.usage.tables import Flush
from helpline.web.visitors import VisitorsSite
from selfhelp.site import create_app
from tests.support.stores import Stores
from tests.support.visitors import Clock, visitors_settings
from tests.support.world import programme
from tests.usage.counted import AMSTERDAM, MONDAY

CANARIES = 5_000
WEEK, DAY = timedelta(days=7), timedelta(days=1)
NIGHTS = 7
TO_TUESDAY = timedelta(hours=30)
FROM_OUTSIDE = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none", "Sec-Fetch-User": "?1"}
LANGUAGE = "en"


@dataclass
class Switch:
    """Counts by whatever it is set to: the site is made once, counters are each test's own."""

    to: Counter = count_nothing

    def count(self, *cells: CountedCell) -> None:
        """Count as it is set."""
        self.to(*cells)


@dataclass(frozen=True)
class CanarySite:
    """The visitors' site of a programme with CANARIES channels."""

    site: VisitorsSite
    switch: Switch
    programme: Programme


@contextmanager
def canary_site(folder: Path) -> Iterator[CanarySite]:
    """Serve the real site with as many channels as there are canaries, and a codebook that may hold them."""
    cap = replace(codebook_rules.CAPS[ARRIVAL_TABLE], cells=CANARIES + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codebook_rules, "CAPS", {**codebook_rules.CAPS, ARRIVAL_TABLE: cap})
        found = replace(programme(folder), languages=(LANGUAGE,), channels={it: it.upper() for it in channels()})
        switch = Switch()
        site = create_app(visitors_settings(found, data_dir=folder), clock=Clock(), count=switch.count)
        yield CanarySite(site, switch, found)


def channels() -> list[str]:
    """Return the channels, each the path of one canary."""
    return [f"c{number:04}" for number in range(CANARIES)]


def coins(label: str, *, count: int = CANARIES) -> list[bool]:
    """Return *count* fair coins, the same for the same *label*."""
    drawn = hashlib.shake_256(label.encode()).digest(count)
    return [bool(byte & 1) for byte in drawn]


@dataclass
class Canaries:
    """Weeks of visits by canaries, and what they leave in files and in copies of the counts."""

    site: CanarySite
    release: Release
    counters: Counters
    folder: Path
    client: Client = field(init=False)
    monday: datetime = MONDAY

    def __post_init__(self) -> None:
        """Let the host have flushed a week ago, so that each week can have one flush: the least noise there can be."""
        self.client = Client(self.site.site)
        self.site.switch.to = self.counters.count
        with self.release.sessions.begin() as session:
            session.add(Flush(host=self.release.host, day=(self.monday - WEEK).date(), codebook="an older one"))

    def week(self, there: Sequence[bool]) -> None:
        """Let a visitor come by the channel of each canary that is *there*, and release the week."""
        self._visits(there)
        assert f"{ARRIVAL_TABLE}/{self._week}" in run(self.release, now=self.monday).closed
        self.monday += WEEK

    def nights(self, there: Sequence[bool]) -> list[list[int]]:
        """Do the same, each canary on its own night (`night_of`); return the working numbers in each night's copy."""
        copies = [[0] * CANARIES]
        for night in range(NIGHTS):
            self._visits([it and night_of(number) == night for number, it in enumerate(there)])
            now = self.monday - (NIGHTS - 1 - night) * DAY
            assert flush(self.release, now=now)
            copies.append(self._copied())
        assert f"{ARRIVAL_TABLE}/{self._week}" in close(self.release, now=self.monday)
        self.monday += WEEK
        return copies

    def exported(self) -> list[int]:
        """Return the number of each canary's cell in the file of the last week."""
        now = self.monday - WEEK + TO_TUESDAY
        with self.release.sessions.read() as session:
            newest = released_periods(session, table=ARRIVAL_TABLE, now=now)[-1:]
            content = file_of(session, periods=newest, language=LANGUAGE).decode("utf-8-sig")
        rows = csv.DictReader(line for line in content.splitlines() if not line.startswith("# "))
        values = {row["cell"]: int(row["value"]) for row in rows}
        return [values[cell_of(channel)] for channel in channels()]

    @property
    def _week(self) -> str:
        year, week, _ = (self.monday - DAY).isocalendar()
        return f"{year}-W{week:02}"

    def _visits(self, there: Sequence[bool]) -> None:
        for channel, comes in zip(channels(), there, strict=True):
            if comes:
                assert self.client.get(f"/{channel}", headers=FROM_OUTSIDE).status_code == 200

    def _copied(self) -> list[int]:
        """Return the working numbers of the week out of a copy of the store's files, as a backup is one."""
        origin, copy = self.folder / StoreName.COUNTS, self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(origin, copy)
        with closing(sqlite3.connect(copy / f"{StoreName.COUNTS}.sqlite")) as connection:
            asked = "SELECT cell, value FROM cell WHERE period_id = ?"
            values = dict(connection.execute(asked, [f"{ARRIVAL_TABLE}/{self._week}"]))
        return [values[cell_of(channel)] for channel in channels()]


def cell_of(channel: str) -> str:
    """Return the cell of the table of arrivals that a visit by *channel* counts in."""
    return f"{LANGUAGE}.{channel}"


def beside(cell: str) -> str:
    """Return the cell after *cell*."""
    name = cell.removeprefix(f"{LANGUAGE}.c")
    return cell_of(f"c{(int(name) + 1) % CANARIES:04}") if name.isdecimal() else cell


def night_of(number: int) -> int:
    """Return on which night of the week canary *number* comes, if it does; everybody knows that."""
    return number % NIGHTS


@contextmanager
def opened_canaries(site: CanarySite, stores: Stores, folder: Path, *, noise: Noise = add_noise) -> Iterator[Canaries]:
    """Give canaries over *stores*, whose counts are released with *noise*."""
    codebook = read_codebook(site.programme)
    counters = Counters.open(folder / "run", codebook)
    release = Release(
        sessions=stores.counts, run_dir=folder / "run", codebook=codebook, host="one", zone=AMSTERDAM, noise=noise
    )
    try:
        yield Canaries(site, release, counters, folder)
    finally:
        site.switch.to = count_nothing
        counters.close()
