"""Two worlds that differ by one visit: the same nights, the same others, and what each leaves in the counts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from http import HTTPStatus
from itertools import count
from pathlib import Path

from sqlalchemy import select
from werkzeug.test import Client

from helpline.clock.metadatas import METADATA
from helpline.store.engine import StoreName
from helpline.usage.codebook import STORE_EPSILON, Codebook, CountedCell, Unit
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counters
from helpline.usage.periods import TURN_OF_DAY
from helpline.usage.release import Release, run
from helpline.usage.tables import NoisedCell, Period, ReleasedCell
from selfhelp.counting import PebbleTrail
from selfhelp.site import create_app
from tests.support.keys import FORM_KEY
from tests.support.pages import Opened
from tests.support.stores import Stores
from tests.support.visitors import Clock, visitors_settings
from tests.support.world import NOW, World
from tests.usage.counted import AMSTERDAM

DAY = timedelta(days=1)
WEEK_DAYS = 7
Cells = Mapping[tuple[str, str], int]
"""Numbers by period and cell; the period begins with the name of its table."""


@dataclass(repr=False)
class Host:
    """One machine: its counters, and its release, whose noise is none and is written down."""

    name: str
    folder: Path
    stores: Stores
    codebook: Codebook
    increments: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start its worker."""
        self.counters = Counters.open(self.folder, self.codebook)
        self.release = Release(
            sessions=self.stores.counts,
            run_dir=self.folder,
            codebook=self.codebook,
            host=self.name,
            zone=AMSTERDAM,
            noise=self._told,
        )

    def restart(self) -> None:
        """End its worker and start another."""
        self.counters.close()
        self.counters = Counters.open(self.folder, self.codebook)

    @property
    def trail(self) -> PebbleTrail:
        """Return what moves pebbles on this host."""
        return PebbleTrail(self.counters, key=FORM_KEY)

    def _told(self, values: Sequence[int], epsilon: Fraction) -> list[int]:
        """Add no noise, and keep what a flush is about to write."""
        if epsilon == STORE_EPSILON:
            self.increments.append(list(values))
        return list(values)


class Exchange:
    """Leads what one site counts to the host that serves the visitor now."""

    host: Host

    def count(self, *cells: CountedCell) -> None:
        """Count on the host."""
        self.host.counters.count(*cells)

    def count_once(self, cell: CountedCell, *, form: str) -> None:
        """Count a form on the host."""
        self.host.trail.count_once(cell, form=form)

    def move(self, text: str, *, path: int, stage: str, form: str) -> str:
        """Move a pebble on the host."""
        return self.host.trail.move(text, path=path, stage=stage, form=form)


class PlayedSite:
    """The real visitors' site over real stores."""

    def __init__(self, world: World, stores: Stores, folder: Path) -> None:
        """Serve the site of *world*, whose steps are counted where the world at hand says.

        Left out are the tables of what nobody does who visits the site once: read one page, talk to a counsellor.
        """
        tables = (it for it in read_codebook(world.programme).tables if it.unit in {Unit.VISIT, Unit.REQUEST})
        self.codebook = Codebook(tuple(tables))
        self.exchange, self.clock, self.stores = Exchange(), Clock(), stores
        settings = visitors_settings(world.programme, data_dir=stores.data_dir)
        self.site = create_app(settings, clock=self.clock, count=self.exchange.count, trail=self.exchange)
        self._folder = folder
        self._numbers = count()

    def __repr__(self) -> str:
        return "the site"  # a failing example is shown with its arguments

    @contextmanager
    def play(self, *, hosts: int = 1) -> Iterator["Played"]:
        """Give a new world: empty counts, so many hosts, the morning of NOW."""
        with self.stores.counts.begin() as session:
            for table in reversed(METADATA[StoreName.COUNTS].sorted_tables):
                session.execute(table.delete())
        folder = self._folder / f"world {next(self._numbers)}"
        names = [f"host {number}" for number in range(hosts)]
        played = Played(self, [Host(name, folder / name, self.stores, self.codebook) for name in names])
        self.clock.now, self.exchange.host = NOW, played.hosts[0]
        try:
            yield played
        finally:
            for host in played.hosts:
                host.counters.close()


@dataclass(repr=False)
class Played:
    """One world: its hosts, and its nights."""

    site: PlayedSite
    hosts: list[Host]

    def night(self, *, weeks: bool = False) -> None:
        """Wait until three in the morning (of the next Monday), let every host release, and go on at four."""
        local = self.site.clock.now.astimezone(AMSTERDAM)
        days = WEEK_DAYS - local.weekday() if weeks else 1
        morning = (local + days * DAY).replace(hour=TURN_OF_DAY, minute=0, second=0)
        for host in self.hosts:
            run(host.release, now=morning)
        self.site.clock.now = morning.astimezone(NOW.tzinfo) + timedelta(hours=1)

    def restart(self) -> None:
        """End the workers of both hosts and start others."""
        for host in self.hosts:
            host.restart()

    def elsewhere(self) -> None:
        """Let the balancer send everybody to the next host."""
        at = self.hosts.index(self.site.exchange.host)
        self.site.exchange.host = self.hosts[(at + 1) % len(self.hosts)]

    def stored(self) -> Cells:
        """Return every number in the store, working or released."""
        found: dict[tuple[str, str], int] = {}
        with self.site.stores.counts.read() as session:
            for kept in (NoisedCell, ReleasedCell):
                rows = session.execute(select(kept.period_id, kept.cell, kept.value))
                found |= {(period, cell): value for period, cell, value in rows}
            assert {period for period, _ in found} == set(session.scalars(select(Period.id)))
        return found


@dataclass
class Visitor:
    """Somebody whose browser keeps every page that was shown and every form that was sent."""

    client: Client
    shown: list[Opened] = field(default_factory=list)
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answer: Opened = field(init=False)

    def get(self, path: str, headers: Mapping[str, str]) -> Opened:
        """Return the page at *path*."""
        return self._kept(Opened(self.client.get(path, headers=dict(headers)), path, "GET"))

    def press(self, page: Opened, said: Mapping[str, str]) -> None:
        """Press a button of the first form of a page that was shown."""
        action = str(page.all("form")[0].get("action")).partition("#")[0]
        self.post(action, page.fields() | dict(said))

    def again(self, which: int) -> None:
        """Send a form that was sent before, as a reload of its answer does."""
        if self.sent:
            self.post(*self.sent[which % len(self.sent)])

    def post(self, path: str, data: dict[str, str]) -> None:
        """Send a form."""
        self.sent.append((path, data))
        answer = self.client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})
        self._kept(Opened(answer, path, "POST"))

    def _kept(self, page: Opened) -> Opened:
        assert page.status < HTTPStatus.INTERNAL_SERVER_ERROR, page.body
        if page.has_form:
            self.shown.append(page)
        self.answer = page
        return page


def distance(one: Cells, other: Cells) -> dict[str, int]:
    """Return by table how far two stores are apart: the sum of all differences, over periods and cells."""
    assert one.keys() == other.keys()
    apart: dict[str, int] = {}
    for period, cell in one:
        table = period.partition("/")[0]
        apart[table] = apart.get(table, 0) + abs(one[period, cell] - other[period, cell])
    return apart


def farthest(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]]) -> int:
    """Return the largest distance of what was written into one table at once."""
    pairs = zip(one, other, strict=True)
    return max(sum(abs(it - that) for it, that in zip(ours, theirs, strict=True)) for ours, theirs in pairs)
