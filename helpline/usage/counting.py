"""Count a step: in memory only, from any worker of either site, never in the way of a request."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from typing import ParamSpec, Protocol, Self, TypeVar

from helpline.usage.codebook import OTHER, PATH_TABLE, Codebook, CountedCell
from helpline.usage.counter_file import EPOCH, MINUTE, ONCE, SPENT, CounterFile, shared_folder

log = logging.getLogger(__name__)

MOST_STEPS = 600
"""Steps of one cell that count in one minute, ten a second: a flood must not fill a week (robustness, not privacy).

Pebbles are not held to it: whom a clamp let in would hang on who came before, and one visit would move two cells.
"""

SECONDS = 60
GOES_WRONG = (OSError, ValueError)
"""What a full or closed memory raises; a request must not fail because it could not be counted."""

_generations = [0]
# A child shares its parent's open file, and with it the lock on it: it must open the file anew.
os.register_at_fork(after_in_child=lambda: _generations.append(0))


Given = ParamSpec("Given")
Done = TypeVar("Done")


class Counter(Protocol):
    """What a site counts with."""

    def __call__(self, *cells: CountedCell) -> None:
        """Add one to each of *cells*; neither raise nor wait."""


def count_nothing(*cells: CountedCell) -> None:
    """Count nothing: for a site without counters."""
    del cells


@dataclass(frozen=True, slots=True)
class Pebble:
    """Where a visit on a path lies: on which path, at which place, in which epoch (one flush, one host)."""

    path: str
    place: int
    epoch: int


class Counters:
    """The counters of one process, a file for each rhythm. Opened once in every worker; its threads share it.

    No method but ``open`` raises.
    """

    def __init__(self, folder: Path, *, codebook: Codebook, clock: Callable[[], float]) -> None:
        """Open the counters of *codebook* in *folder*; *clock* tells seconds, the same in all processes."""
        self._parts = [_Part(folder, codebook=part, clock=clock) for part in codebook.parts]
        self._places = {cell: (part, place) for part in self._parts for cell, place in part.places.items()}
        self._others = {cell[0]: there for cell, there in self._places.items() if cell[1] == OTHER}
        self._pebbles = next((part for part in self._parts if part.paths), None)

    @classmethod
    def open(cls, run_dir: Path, codebook: Codebook, *, clock: Callable[[], float] = time.monotonic) -> Self:
        """Return the counters of *codebook* below *run_dir*, which must lie in memory (a tmpfs).

        Raises:
            OSError: the folder or a file cannot be made or opened; the process should not start.
        """
        return cls(shared_folder(run_dir), codebook=codebook, clock=clock)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that a visit can take, in the order of the codebook."""
        return self._pebbles.paths if self._pebbles else ()

    def close(self) -> None:
        """Let go of the files. What was counted stays: there is no flush when a worker ends."""
        for part in self._parts:
            part.close()

    def count(self, *cells: CountedCell, mark: int | None = None) -> None:
        """Add one to each of *cells*, in one turn; an unknown cell counts as its table's "other", or not at all.

        With a *mark* (64 bits), only if it was not counted since the last flush of that table but one. It is remembered
        among the pebbles, in memory; where those have used up all places, nothing is counted.
        """
        found: dict[_Part, list[int]] = {}
        for cell in cells:
            there = self._places.get(cell) or self._others.get(cell[0])
            if there:
                part, place = there
                found.setdefault(part, []).append(place)
        for part, places in found.items():
            part.alone(part.step, places, mark)

    def place_pebble(self, path: str, *, mark: int) -> Pebble | None:
        """Put the visit of *mark* (64 bits) on the first stage of *path* (or of "other"); None: it is not counted.

        A mark that lies there already is the same visit, whose form was sent again: it stays where it is. One that
        lay there before the last flush is not counted once more.
        """
        part, known = self._pebbles, path if path in self.paths else OTHER
        if part is None or known not in part.paths:
            return None
        return part.alone(part.place_pebble, known, mark=mark)

    def move_pebble(self, pebble: Pebble, *, stage: str) -> None:
        """Move *pebble* on to *stage*, if it is not there or further already.

        The same step again, a step back, a second tab: nothing moves. Nor does it when its epoch is over, so that
        a visit changes what one flush on one host adds by one cell at most.
        """
        if self._pebbles:
            self._pebbles.alone(self._pebbles.move_pebble, pebble, stage=stage)


class _Part:
    """The counters of one file, for tables of one rhythm. Whatever changes them goes through ``alone``."""

    def __init__(self, folder: Path, *, codebook: Codebook, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._codebook = codebook
        self._clock = clock
        self.places = codebook.places
        self._stages, self._starts = _paths(codebook)
        self.paths = tuple(self._starts)
        self._file = CounterFile.open(folder, codebook=codebook)
        self._lock = threading.Lock()
        self._generation = len(_generations)

    def close(self) -> None:
        self._file.close()

    def alone(self, work: Callable[Given, Done], *args: Given.args, **kwargs: Given.kwargs) -> Done | None:
        """Do *work* with every other thread and process kept out, and return what it does; None where it goes wrong."""
        try:
            if self._generation != len(_generations):
                self._lock, self._generation = threading.Lock(), len(_generations)
                self._reopen()
            with self._lock:
                flock(self._file.descriptor, LOCK_EX)
                try:
                    return work(*args, **kwargs)
                finally:
                    flock(self._file.descriptor, LOCK_UN)
        except GOES_WRONG as error:
            log.warning("a step could not be counted: %s", type(error).__name__)
        return None

    def step(self, places: Iterable[int], mark: int | None) -> None:
        """Count at *places*; with a *mark*, only if it is new."""
        minute = self._clock() // SECONDS
        if self._file.words[MINUTE] != minute:
            self._begin(int(minute))
        if mark is not None and not self._is_new(mark):
            return
        file = self._file
        steps, active = file.steps, file.active
        for place in places:
            step = steps[place]
            if step < MOST_STEPS:
                steps[place] = step + 1
                active[place] += 1

    def place_pebble(self, path: str, *, mark: int) -> Pebble | None:
        """Put the visit of *mark* on the first stage of *path*, one of ``paths``, if it does not lie anywhere yet."""
        file = self._file
        place = file.place_of(mark)
        if place is None:
            return None
        is_known = file.marks[place] == mark and file.pebbles[place]
        if is_known and file.pebbles[place] == SPENT:
            return None
        if not is_known:
            file.marks[place] = mark
            file.pebbles[place] = 1
            file.active[self._starts[path]] += 1
        return Pebble(path=path, place=place, epoch=file.words[EPOCH])

    def move_pebble(self, pebble: Pebble, *, stage: str) -> None:
        """Move *pebble* on to *stage*, if both are known and it is not there or further already."""
        start, reached = self._starts.get(pebble.path), self._stages.get(stage)
        pebbles, active = self._file.pebbles, self._file.active
        if start is None or reached is None or pebble.epoch != self._file.words[EPOCH]:
            return
        if 0 < pebbles[pebble.place] <= reached:
            active[start + pebbles[pebble.place] - 1] -= 1
            active[start + reached] += 1
            pebbles[pebble.place] = reached + 1

    def _is_new(self, mark: int) -> bool:
        """Remember *mark* and return whether it was not known and could be remembered."""
        file = self._file
        place = file.place_of(mark)
        if place is None or (file.marks[place] == mark and file.pebbles[place]):
            return False
        file.marks[place] = mark
        file.pebbles[place] = ONCE
        return True

    def _begin(self, minute: int) -> None:
        if self._file.is_lost:
            log.warning("the counters' file was deleted: it is made anew, what was in it is lost")
            self._reopen()
            flock(self._file.descriptor, LOCK_EX)
        self._file.start_minute(minute)

    def _reopen(self) -> None:
        """Open the file anew, or make it anew where it was deleted."""
        old, self._file = self._file, CounterFile.open(self._folder, codebook=self._codebook)
        old.close()


def _paths(codebook: Codebook) -> tuple[dict[str, int], dict[str, int]]:
    """Return the stages by name with their order, and where the first stage of each path is counted."""
    table = codebook.table(PATH_TABLE)
    if table is None:
        return {}, {}
    paths, stages = table.axes
    starts = {path.id: codebook.places[PATH_TABLE, f"{path.id}.{stages.parts[0].id}"] for path in paths.parts}
    return {stage.id: number for number, stage in enumerate(stages.parts)}, starts
