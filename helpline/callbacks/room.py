"""How many talks a day still holds, and how many stay back for its last hours or for codes. Rules only, no table."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from helpline.callbacks.rota import quarter_of

FAR_AHEAD = timedelta(hours=24)
"""What begins later than this is far ahead: a flood must leave some of it for people who need a talk today."""

RESERVED_AHEAD = timedelta(hours=4)
"""What is reserved for codes and begins sooner than this is everybody's: no chair stays empty for a principle."""

COSTS_AT_MOST = 5
"""Of talks that fit, one more pushes out two of its counsellor's, two of its line's, and one for the cap of the day."""


def far_from(now: datetime) -> datetime:
    """Return the last moment that is not far ahead at *now*; it moves with the draw, as the list does."""
    return quarter_of(now) + FAR_AHEAD


def reserved_from(now: datetime) -> datetime:
    """Return the last moment of which nothing is reserved for codes at *now*; it moves with the draw, as the list."""
    return quarter_of(now) + RESERVED_AHEAD


def kept_back(room: int, *, percent: int) -> int:
    """Return how many talks of a day with *room* the far door leaves: it gives *percent*, rounded up, at least one."""
    return room - -(-room * percent // 100)


@dataclass(frozen=True, slots=True)
class Load:
    """What is taken in a window of time: atoms by resource, those of absences among them, talks by day."""

    atoms: Mapping[str, AbstractSet[int]]
    away: Mapping[str, AbstractSet[int]]
    talks: Counter[tuple[str, date]]

    def is_free(self, resource: str, wanted: range) -> bool:
        """Return whether none of the atoms *wanted* is taken."""
        return self.atoms.get(resource, frozenset()).isdisjoint(wanted)


@dataclass(frozen=True, slots=True)
class Chair:
    """A time at which a counsellor could take a talk: its atoms, the buffer included."""

    counsellor: str
    wanted: range


@dataclass(frozen=True, slots=True)
class Limits:
    """How many talks go at once and to one person: the telephone lines, the cap of a day."""

    lines: tuple[str, ...]
    each: int


Taken = dict[str, int]
"""Atoms of a day as bits, by resource: a day is filled some hundred times for one draw."""


class DayRoom:
    """One local day for one kind of talk: how many talks it holds empty, and how many it still holds.

    A day is filled from its morning on, each talk as early as it goes. What is *left* are so talks that do fit, however
    badly those that stand lie: a flood of ill-chosen times takes no more than it counts.
    """

    def __init__(self, day: date, chairs: Iterable[Chair], *, load: Load, limits: Limits) -> None:
        """Reckon the *day* with its *chairs* under the *load* of its window."""
        self.day = day
        self._limits = limits
        found = sorted(chairs, key=lambda chair: (chair.wanted.start, chair.counsellor))
        self._first = found[0].wanted.start if found else 0
        self._length = max((chair.wanted.stop for chair in found), default=0) - self._first
        self._chairs = [(chair.counsellor, self._bits(chair.wanted)) for chair in found]
        people = sorted({chair.counsellor for chair in found})
        self._talks = {whose: load.talks[whose, day] for whose in people}
        self._taken = {it: self._bits_in(load.atoms.get(it, ())) for it in (*people, *limits.lines)}
        self._away = {whose: self._bits_in(load.away.get(whose, ())) for whose in people}
        self.talks = sum(self._talks.values())

    @cached_property
    def room(self) -> int:
        """How many talks the day holds empty."""
        return self._fit(self._away, dict.fromkeys(self._talks, 0))

    @cached_property
    def left(self) -> int:
        """How many talks the day still holds."""
        return self._fit(self._taken, self._talks)

    def far_left(self, *, percent: int) -> int:
        """Return how many more talks the far door gives away at most."""
        return max(0, self.room - kept_back(self.room, percent=percent) - self.talks)

    def may_go_far(self, chair: Chair, *, percent: int) -> bool:
        """Return whether the far door may give *chair* away: few enough talks stand, and enough others still fit."""
        return self.far_left(percent=percent) > 0 and self.leaves(chair, least=kept_back(self.room, percent=percent))

    def leaves(self, chair: Chair, *, least: int) -> bool:
        """Return whether at least so many talks still fit when somebody has *chair*; one before the day's own too."""
        return least == 0 or self.left - COSTS_AT_MOST >= least or self._left_after(chair) >= least

    def _left_after(self, chair: Chair) -> int:
        wanted = self._bits(chair.wanted)
        taken = dict(self._taken)
        self._sit(taken, chair.counsellor, wanted=wanted)
        return self._fit(taken, self._talks | {chair.counsellor: self._talks.get(chair.counsellor, 0) + 1})

    def _bits(self, wanted: range) -> int:
        start, stop = (max(self._first, atom) for atom in (wanted.start, wanted.stop))
        return ((1 << (stop - start)) - 1) << (start - self._first)

    def _bits_in(self, atoms: Container[int]) -> int:
        return sum(1 << at for at in range(self._length) if self._first + at in atoms)

    def _fit(self, taken: Taken, talks: Mapping[str, int]) -> int:
        """Return how many more talks fit, each in the first chair, on the first line that is free."""
        taken, talks, fitted = dict(taken), dict(talks), 0
        for counsellor, wanted in self._chairs:
            if talks[counsellor] < self._limits.each and self._sit(taken, counsellor, wanted=wanted):
                talks[counsellor] += 1
                fitted += 1
        return fitted

    def _sit(self, taken: Taken, counsellor: str, *, wanted: int) -> bool:
        """Take the bits *wanted* of *counsellor* and of a line, and return whether both were free."""
        line = next((line for line in self._limits.lines if not taken.get(line, 0) & wanted), None)
        if taken.get(counsellor, 0) & wanted or (self._limits.lines and line is None):
            return False
        taken[counsellor] = taken.get(counsellor, 0) | wanted
        if line is not None:
            taken[line] = taken.get(line, 0) | wanted
        return True
