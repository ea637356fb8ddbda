"""A demo that was opened once; each test gets a copy."""

import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from helpline.demo import opening
from helpline.demo.folder import DemoFolder
from helpline.settings.environment import OFFICE_ONLY, VISITORS_ONLY
from tests.support.cast import CHEAP
from tests.support.stores import Stores, copy_rows, opened_stores


@dataclass(frozen=True)
class OpenedDemo:
    """A demo that was opened at a moment."""

    folder: DemoFolder
    data_dir: Path
    run_dir: Path
    now: datetime
    database_url: str | None = None

    @property
    def office_environment(self) -> dict[str, str]:
        """Return the variables of its back office."""
        return self._environment(VISITORS_ONLY)

    @property
    def visitors_environment(self) -> dict[str, str]:
        """Return the variables of its visitors' site."""
        return self._environment(OFFICE_ONLY)

    def copied(self, *, to: Path) -> "OpenedDemo":
        """Return a copy in the folder *to*."""
        shutil.copytree(self.data_dir, to / "var")
        return self.at(to)

    def at(self, folder: Path) -> "OpenedDemo":
        """Return the copy that lies in *folder*."""
        return replace(self, data_dir=folder / "var", run_dir=folder / "run")

    def moved(self, database_url: str) -> "OpenedDemo":
        """Return the same demo with its rows in PostgreSQL, in the tables that wait at *database_url*."""
        moved = replace(self, database_url=database_url)
        with self.opened() as origin, moved.opened() as stores:
            copy_rows(origin, to=stores)
        return moved

    def opened(self) -> AbstractContextManager[Stores]:
        """Open its three stores."""
        return opened_stores(self.data_dir, database_url=self.database_url)

    def _environment(self, without: tuple[str, ...]) -> dict[str, str]:
        own = self.folder.environment(without=without, data_dir=self.data_dir, run_dir=self.run_dir)
        return own if self.database_url is None else own | {"DATABASE_URL": self.database_url}


def opened_demo(folder: Path, *, now: datetime) -> OpenedDemo:
    """Return a demo that was made in *folder* at *now*."""
    data_dir, run_dir = folder / "var", folder / "run"
    return OpenedDemo(open_cheaply(data_dir, run_dir=run_dir, now=now), data_dir, run_dir, now)


def open_cheaply(data_dir: Path, *, run_dir: Path, now: datetime) -> DemoFolder:
    """Open the demo in *data_dir* with passphrases whose hashes cost nothing: each hash says itself what it cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "Cost", lambda: CHEAP)
        return opening.open_demo(data_dir, run_dir=run_dir, now=now)
