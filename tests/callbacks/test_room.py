"""A day keeps back its share, in whatever order and however badly a flood chooses its times."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.callbacks.room import COSTS_AT_MOST, Chair, DayRoom, Limits, Load, far_from, kept_back
from tests.support.world import NOW

DAY = date(2027, 3, 2)
MORNING = 10_000
"""Some atom."""

TALK = 9
"""Atoms of half an hour and its buffer."""

PEOPLE = ("anna", "bram", "carla")


@dataclass
class Filling:
    """A day that is being filled: what a store would hold of it."""

    chairs: list[Chair]
    limits: Limits
    taken: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    talks: Counter[tuple[str, date]] = field(default_factory=Counter)

    @property
    def room(self) -> DayRoom:
        """Return the day as it stands."""
        load = Load(self.taken, {}, self.talks)
        return DayRoom(DAY, self.chairs, load=load, limits=self.limits)

    def take(self, chair: Chair) -> bool:
        """Take *chair* as a booking does and return whether it, a line and a place under the cap were free."""
        lines = [it for it in self.limits.lines if self.taken[it].isdisjoint(chair.wanted)]
        is_full = self.talks[chair.counsellor, DAY] >= self.limits.each
        if is_full or not lines or not self.taken[chair.counsellor].isdisjoint(chair.wanted):
            return False
        self.taken[chair.counsellor].update(chair.wanted)
        self.taken[lines[0]].update(chair.wanted)
        self.talks[chair.counsellor, DAY] += 1
        return True


chairs = st.builds(
    lambda whose, step: Chair(whose, range(MORNING + 6 * step, MORNING + 6 * step + TALK)),
    st.sampled_from(PEOPLE),
    st.integers(0, 15),
)
limits = st.builds(
    lambda lines, each: Limits(tuple(f"line:{number}" for number in range(lines)), each=each),
    st.integers(1, 3),
    st.integers(1, 6),
)


@given(
    st.lists(chairs, max_size=24, unique_by=lambda it: (it.counsellor, it.wanted.start)), limits, st.integers(1, 100)
)
def test_whatever_a_flood_chooses_the_day_keeps_its_share(found: list[Chair], limit: Limits, percent: int) -> None:
    """The order of the list is the order in which the flood asks."""
    filling = Filling(found, limit)
    empty = filling.room.room
    for chair in found:
        if filling.room.may_go_far(chair, percent=percent):
            filling.take(chair)

    held = filling.talks.total()
    kept = empty - ceil(Fraction(empty * percent, 100))
    assert held <= empty - kept
    # In the last 24 hours everything opens: so many talks do fit, one after another in the order of the day.
    late = sum(filling.take(chair) for chair in sorted(found, key=lambda it: (it.wanted.start, it.counsellor)))
    assert late >= kept


@given(st.lists(chairs, max_size=24, unique_by=lambda it: (it.counsellor, it.wanted.start)), limits)
def test_one_talk_pushes_out_no_more_than_is_reckoned(found: list[Chair], limit: Limits) -> None:
    filling = Filling(found, limit)
    for chair in found:
        before = filling.room.left
        assert not filling.take(chair) or filling.room.left >= before - COSTS_AT_MOST


@pytest.mark.parametrize(
    ("room", "percent", "given_away"),
    [(0, 70, 0), (1, 70, 1), (2, 70, 2), (3, 70, 3), (6, 70, 5), (10, 70, 7), (6, 1, 1)],
)
def test_a_share_is_rounded_up_and_at_least_one(room: int, percent: int, given_away: int) -> None:
    assert room - kept_back(room, percent=percent) == given_away


def test_badly_chosen_times_cost_a_flood_what_they_take() -> None:
    """From nine to five, half past nine makes nine and ten impossible as well."""
    every_half_hour = [Chair("anna", range(MORNING + 6 * step, MORNING + 6 * step + TALK)) for step in range(16)]
    filling = Filling(every_half_hour, Limits(("line:0",), each=8))
    assert filling.room.room == 8

    taken = [
        step
        for step in (1, 4, 7, 10, 13, 15)
        if filling.room.may_go_far(every_half_hour[step], percent=70) and filling.take(every_half_hour[step])
    ]

    assert len(taken) < 6
    assert filling.room.left >= kept_back(8, percent=70) == 2


@pytest.mark.parametrize("minutes", [0, 7, 14])
def test_what_is_far_ahead_moves_with_the_draw(minutes: int) -> None:
    assert far_from(NOW.replace(minute=minutes)) == datetime.fromisoformat("2027-03-02T08:00:00+00:00")
