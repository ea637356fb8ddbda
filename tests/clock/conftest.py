"""A clock over the stores of a test, which ticks when it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from helpline.clock.ticking import Clock
from helpline.settings.environment import Mode, OfficeSettings
from helpline.store.engine import StoreName, open_store
from helpline.usage.codebook import CountedCell
from tests.support.keys import CODE_KEY, OFFICE_PEPPER, SESSION_KEY
from tests.support.stores import Stores
from tests.support.world import VERIFY_KEY, World


@dataclass
class Noted:
    """What a clock had others do."""

    releases: int = 0
    release_works: bool = True
    counted: list[CountedCell] = field(default_factory=list)

    def release(self) -> bool:
        """Release the counts."""
        self.releases += 1
        return self.release_works

    def count(self, *cells: CountedCell) -> None:
        """Count something."""
        self.counted += cells


def settings_of(stores: Stores, world: World) -> OfficeSettings:
    """Return the settings of a back office over *stores*."""
    return OfficeSettings(
        mode=Mode.PRODUCTION,
        data_dir=stores.data_dir,
        run_dir=stores.data_dir / "run",
        database_url=stores.database_url,
        code_key=CODE_KEY,
        roster_verify_keys=(VERIFY_KEY,),
        trusted_proxy=False,
        allowed_hosts=("office.example",),
        programme=world.programme,
        session_key=SESSION_KEY,
        office_pepper=OFFICE_PEPPER,
    )


@contextmanager
def clock_over(stores: Stores, world: World, *, noted: Noted, holder: str = "the clock") -> Iterator[Clock]:
    """Open a clock with connections of its own."""
    own = {name: open_store(name, data_dir=stores.data_dir, database_url=stores.database_url) for name in StoreName}
    yield Clock(
        settings=settings_of(stores, world), stores=own, holder=holder, release=noted.release, count=noted.count
    )
    for sessions in own.values():
        sessions.engine.dispose()


@pytest.fixture
def noted() -> Noted:
    """Give what the clock has others do."""
    return Noted()


@pytest.fixture
def clock(stores: Stores, world: World, noted: Noted) -> Iterator[Clock]:
    """Give a clock."""
    with clock_over(stores, world, noted=noted) as opened:
        yield opened
