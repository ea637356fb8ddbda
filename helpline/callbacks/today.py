"""Which times of a day are kept for people who need somebody that very day. Rules only, no table.

They follow from the published rota alone: no booking moves them, so which times they are tells of no booking, and the
draw, the booking and a second clock find the same ones without a row that could be lost.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpline.callbacks.rota import instant
from helpline.callbacks.tables import CounsellorId
from helpline.settings.programme import Programme

NOTICE = timedelta(minutes=30)
"""How long before a time of today it can still be taken (scheduling.md)."""

MORNING, NOON = 8 * 60, 12 * 60
"""The local minutes at which kept times are released."""

LEAST_ON_OFFER = timedelta(hours=2)
"""A kept time that begins sooner after its release is gone before most people have seen it."""

Kind = tuple[str, bool]
"""A language, and whether for under-18s: what a draw is made for."""


@dataclass(frozen=True, slots=True)
class Chair:
    """A time at which a counsellor could hold a talk by the rota, what it would take, and for which draws."""

    counsellor_id: CounsellorId
    starts_at: datetime
    atoms: range
    serves: frozenset[Kind]

    def overlaps(self, other: "Chair") -> bool:
        """Return whether one talk in each would touch the same five minutes."""
        return self.atoms.start < other.atoms.stop and other.atoms.start < self.atoms.stop


@dataclass(frozen=True, slots=True)
class Kept:
    """A chair that nobody takes before *released_at*, with the telephone *line* that it needs, if there are any."""

    chair: Chair
    line: str | None
    released_at: datetime

    @property
    def is_short(self) -> bool:
        """Return whether it would begin soon after its release."""
        return self.chair.starts_at - self.released_at < LEAST_ON_OFFER


@dataclass(frozen=True, slots=True)
class _Day:
    """What holds for every chair of a day."""

    released: tuple[datetime, datetime]
    lines: Sequence[str]
    cap: int

    def kept(self, chair: Chair, *, beside: Iterable[Kept]) -> Kept | None:
        """Return *chair* as a kept one *beside* others, or None when they leave no counsellor or no line for it."""
        others = [it for it in beside if it.chair.overlaps(chair)]
        hers = [it for it in beside if it.chair.counsellor_id == chair.counsellor_id]
        # Talks take the first line that is free, so the last ones are kept.
        free = [line for line in self.lines if line not in {it.line for it in others}]
        if len(hers) >= self.cap or not set(hers).isdisjoint(others) or (self.lines and not free):
            return None
        morning, noon = self.released
        is_late = chair.starts_at >= noon + LEAST_ON_OFFER
        return Kept(chair, free[-1] if free else None, noon if is_late else morning)


def keep_back(chairs: Iterable[Chair], *, day: date, lines: Sequence[str], programme: Programme) -> list[Kept]:
    """Return which of the *chairs* of *day* are kept: for each kind of draw as many as the programme says.

    Half of them, rounded up, are released in the morning and the rest at noon, as far as the day has such times. A
    chair that two kinds can use counts for both. Where the day has fewer, all that can be held beside each other.
    """
    morning, noon = (instant(day, minute, zone=programme.zone) for minute in (MORNING, NOON))
    rules = _Day((morning, noon), lines=lines, cap=programme.slots.cap_per_day)
    left = sorted((chair for chair in chairs if chair.starts_at >= morning + NOTICE), key=_lot)
    kept: list[Kept] = []
    for kind in _kinds(programme):
        able = [chair for chair in left if kind in chair.serves]
        while sum(kind in it.chair.serves for it in kept) < programme.today_slots:
            could = [found for chair in able if (found := rules.kept(chair, beside=kept))]
            if not could:
                break
            kept.append(_best(could, done=Counter(it.released_at for it in kept if kind in it.chair.serves)))
    return kept


def _kinds(programme: Programme) -> list[Kind]:
    """Return the kinds of draws, first those that fewer counsellors serve: their chairs serve the others as well."""
    return [(language, youth) for youth in (True, False) for language in programme.languages]


def _lot(chair: Chair) -> bytes:
    """Return what decides between chairs: as good as chance, and always the same."""
    return hashlib.sha256(f"{chair.counsellor_id} {int(chair.starts_at.timestamp())}".encode()).digest()


def _best(could: Sequence[Kept], *, done: Mapping[datetime, int]) -> Kept:
    """Return the first of *could* of the release with the fewest, and of those one that is on offer for long."""
    return min(could, key=lambda it: (done[it.released_at], it.is_short, it.released_at))
