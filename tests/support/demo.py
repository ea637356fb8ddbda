"""A demo that was opened once; each test gets a copy, for five accounts cost seconds of Argon2id."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from helpline.demo.folder import DemoFolder
from helpline.demo.opening import open_demo
from helpline.settings.environment import OFFICE_ONLY, VISITORS_ONLY


@dataclass(frozen=True)
class OpenedDemo:
    """A demo that was opened at a moment."""

    folder: DemoFolder
    data_dir: Path
    run_dir: Path
    now: datetime

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
        return replace(self, data_dir=to / "var", run_dir=to / "run")

    def _environment(self, without: tuple[str, ...]) -> dict[str, str]:
        return self.folder.environment(without=without, data_dir=self.data_dir, run_dir=self.run_dir)


def opened_demo(folder: Path, *, now: datetime) -> OpenedDemo:
    """Return a demo that was made in *folder* at *now*."""
    data_dir, run_dir = folder / "var", folder / "run"
    return OpenedDemo(open_demo(data_dir, run_dir=run_dir, now=now), data_dir, run_dir, now)
