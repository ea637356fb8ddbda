"""The visitors' site of a test: its settings, a clock that the test moves, and what was counted."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from helpline.settings.environment import Mode, VisitorsSettings
from helpline.settings.programme import Programme
from helpline.store.engine import Sessions
from helpline.usage.codebook import CountedCell
from helpline.web.visitors import VisitorsSite
from selfhelp.library import Library
from selfhelp.services import NAME, Services
from selfhelp.site import create_app
from selfhelp.snapshot import Offer
from tests.support.keys import CODE_KEY, FORM_KEY
from tests.support.world import NOW, VERIFY_KEY

HOST = "localhost"


@dataclass
class Clock:
    """The time of a test: it stands still until somebody waits."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def wait(self, *, seconds: float = 0, minutes: float = 0, days: float = 0) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds, minutes=minutes, days=days)


@dataclass
class Tally:
    """What the site asked to be counted, and how often it asked: each time it waits for a lock."""

    cells: list[CountedCell] = field(default_factory=list)
    turns: int = 0

    def count(self, *cells: CountedCell) -> None:
        """Remember some steps."""
        self.cells += cells
        self.turns += bool(cells)


@dataclass(frozen=True)
class Served:
    """A site with its clock and its tally."""

    site: VisitorsSite
    clock: Clock
    tally: Tally
    library: Library

    def services(self) -> Services:
        """Return what its views share."""
        return cast("Services", self.site.flask.extensions[NAME])

    def move(
        self, settings: VisitorsSettings, *, sessions: Sessions | None = None, library: Library | None = None
    ) -> None:
        """Serve with other *settings*, from another test's store, at the beginning of time: quicker than a new site."""
        found = self.services()
        self.clock.now = NOW
        self.tally.cells.clear()
        found.settings, found.sessions = settings, sessions or found.sessions
        found.library = library or self.library
        found.snapshot = replace(found.snapshot, offer=Offer())
        self.site.refresh()


def visitors_settings(
    programme: Programme, *, data_dir: Path, database_url: str | None = None, mode: Mode = Mode.DEMO
) -> VisitorsSettings:
    """Return the settings of the visitors' process of a test."""
    return VisitorsSettings(
        mode=mode,
        data_dir=data_dir,
        run_dir=data_dir / "run",
        database_url=database_url,
        code_key=CODE_KEY,
        roster_verify_keys=(VERIFY_KEY,),
        trusted_proxy=False,
        allowed_hosts=(HOST,),
        programme=programme,
        form_key=FORM_KEY,
    )


def serve(settings: VisitorsSettings) -> Served:
    """Return the site of *settings*, whose clock stands still."""
    clock, tally = Clock(), Tally()
    site = create_app(settings, clock=clock, count=tally.count)
    return Served(site, clock, tally, site.flask.extensions[NAME].library)
