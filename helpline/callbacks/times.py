"""Which times are free, and with whom: the one function that finds them and that checks them again."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from helpline.callbacks.day_rooms import Days, Rota, able, everybody_who_talks, kinds_of, load_of, rota_of
from helpline.callbacks.doors import AS_THE_PUBLIC, LEAVE_THE_RESERVE, Asked, Door, window
from helpline.callbacks.kept_times import Plan, kept_times, with_free_now, with_kept
from helpline.callbacks.offered import line_names, occupied
from helpline.callbacks.public_door import read_door
from helpline.callbacks.room import Chair, Load, far_from, kept_back, reserved_from
from helpline.callbacks.rota import days_between, local_day
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.callbacks.today import Kept
from helpline.roster import Roster
from helpline.settings.programme import Programme


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which a talk can begin, who could take it, the least busy first, and the lines it may use."""

    starts_at: datetime
    ends_at: datetime
    counsellors: tuple[CounsellorId, ...]
    lines: tuple[str, ...]
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days ahead of *now*, read once: what is asked of them then costs no further question of the store.

    *busy* is what is taken, and who is said to be free now. *whole* are the days as they stand, *late* what of them
    begins so late that something of it is reserved, with every kept time taken. *only*: one time is asked for.
    """

    now: datetime
    only: datetime | None
    programme: Programme
    everybody: Sequence[Counsellor]
    rota: Rota
    busy: Load
    kept: Sequence[Kept]
    whole: Days
    late: Days
    is_far_shut: bool
    _opened: dict[Door, "_Opened"] = field(default_factory=dict)

    def free(self, asked: Asked) -> list[FreeTime]:
        """Return every time that can be booked, in order.

        A time is free when a counsellor who speaks the language has hours then, on a day that is not closed, is on the
        roster of that day, is under her cap and not busy until the end of her buffer, and a telephone line is not busy
        either; and when that leaves the times that are kept for today to whom they are kept for. What the public asks
        for far ahead must also leave something of its day, and is not free at all while the far door is shut. Who has
        no code leaves what is reserved for codes.
        """
        if asked.door not in self._opened:
            self._opened[asked.door] = _Opened(self, asked.door)
        opened = self._opened[asked.door]
        free = defaultdict[datetime, list[CounsellorId]](list)
        for counsellor in able(self.everybody, asked):
            for start in opened.starts(counsellor):
                free[start].append(counsellor)
        return [opened.time(start, free[start]) for start in sorted(free)]

    def window(self, door: Door) -> tuple[datetime, datetime]:
        """Return the first and the last moment of *door*; the last before the first: never."""
        first, last = window(door, programme=self.programme, now=self.now)
        if door in AS_THE_PUBLIC and self.is_far_shut:
            last = min(last, far_from(self.now))
        return (first, last) if self.only is None else (max(first, self.only), min(last, self.only))

    def closed_to(self, door: Door) -> list[Kept]:
        """Return the kept times that *door* does not open."""
        if door is Door.STAFF:
            return []
        return [it for it in self.kept if door is not Door.TODAY or self.now < it.released_at]

    def leaves_enough(self, chair: Chair, start: datetime, *, door: Door) -> bool:
        """Return whether *door* may give *chair* away, which nobody has, for every kind of talk she takes."""
        if door in AS_THE_PUBLIC and start > far_from(self.now) and not self._may_go_far(chair, start):
            return False
        return door not in LEAVE_THE_RESERVE or self._leaves_reserve(chair, start)

    def _may_go_far(self, chair: Chair, start: datetime) -> bool:
        percent = self.programme.slots.far_ahead_percent
        rooms = self.whole.rooms_with(chair.counsellor, local_day(start, zone=self.programme.zone))
        return all(room.may_go_far(chair, percent=percent) for room in rooms)

    def _leaves_reserve(self, chair: Chair, start: datetime) -> bool:
        """Return whether so many still fit as are reserved, or no fewer than before.

        The reserve is a part of what the far door keeps back of the day. An earlier time can cost one of it as well:
        it pushes out a neighbour, or is the last under her cap.
        """
        rules, day = self.programme.slots, local_day(start, zone=self.programme.zone)
        if rules.follow_up_reserve == 0:
            return True
        whole, late = (days.rooms_with(chair.counsellor, day) for days in (self.whole, self.late))
        kept = (kept_back(room.room, percent=rules.far_ahead_percent) for room in whole)
        return all(
            room.leaves(chair, least=min(rules.follow_up_reserve, least, room.left))
            for room, least in zip(late, kept, strict=True)
        )


class _Opened:
    """What one door opens of an outlook; found once, whatever languages and ages are asked for."""

    def __init__(self, outlook: Outlook, door: Door) -> None:
        self._outlook, self._door, self._programme = outlook, door, outlook.programme
        self._first, self._last = outlook.window(door)
        self._left = with_kept(outlook.busy, outlook.closed_to(door), programme=self._programme)
        self._kept = {(it.chair.starts_at, it.chair.counsellor_id) for it in outlook.kept}
        self._talks = Counter[str]()
        for (counsellor, _), count in self._left.talks.items():
            self._talks[counsellor] += count
        self._starts: dict[CounsellorId, list[datetime]] = {}
        self._lines: dict[datetime, tuple[str, ...]] = {}

    def starts(self, counsellor: CounsellorId) -> list[datetime]:
        """Return at which times *counsellor* could take a talk."""
        if counsellor not in self._starts:
            self._starts[counsellor] = [
                start
                for day in self._days()
                for start in self._outlook.rota.starts(counsellor, day)
                if self._first <= start <= self._last and self._is_free(start, counsellor)
            ]
        return self._starts[counsellor]

    def time(self, start: datetime, counsellors: Collection[CounsellorId]) -> FreeTime:
        """Return the free time that begins then with one of *counsellors*."""
        return FreeTime(
            starts_at=start,
            ends_at=start + timedelta(minutes=self._programme.slots.length),
            counsellors=tuple(sorted(counsellors, key=lambda counsellor: (self._talks[counsellor], counsellor))),
            lines=self._lines_at(start),
            is_kept=any((start, counsellor) in self._kept for counsellor in counsellors),
        )

    def _days(self) -> Sequence[date]:
        zone = self._programme.zone
        return days_between(local_day(self._first, zone=zone), local_day(self._last, zone=zone))

    def _is_free(self, start: datetime, counsellor: CounsellorId) -> bool:
        day, cap = local_day(start, zone=self._programme.zone), self._programme.slots.cap_per_day
        if self._left.talks[counsellor, day] >= cap or (self._programme.booked_lines and not self._lines_at(start)):
            return False
        chair = Chair(counsellor, occupied(start, programme=self._programme))
        return self._left.is_free(counsellor, chair.wanted) and (
            (start, counsellor) in self._kept or self._outlook.leaves_enough(chair, start, door=self._door)
        )

    def _lines_at(self, start: datetime) -> tuple[str, ...]:
        if start not in self._lines:
            wanted, names = occupied(start, programme=self._programme), line_names(self._programme.booked_lines)
            self._lines[start] = tuple(line for line in names if self._left.is_free(line, wanted))
        return self._lines[start]


def look_ahead(
    session: Session,
    doors: Collection[Door],
    *,
    programme: Programme,
    roster: Roster,
    now: datetime,
    only: datetime | None = None,
) -> Outlook:
    """Return what stands in the windows of all *doors*, or on the day of *only*."""
    windows = [window(door, programme=programme, now=now) for door in doors]
    between = (only, only) if only else (min(it[0] for it in windows), max(it[1] for it in windows))
    load = load_of(session, between=between, programme=programme)
    everybody = everybody_who_talks(session)
    rota = rota_of(session, everybody, between=between, roster=roster, programme=programme)
    kinds = kinds_of(everybody, programme=programme)
    plan = Plan(everybody, roster, programme)
    kept = [] if set(doors) == {Door.STAFF} else kept_times(session, plan, between=between)
    busy = with_free_now(session, load, programme=programme, now=now)
    return Outlook(
        now=now,
        only=only,
        programme=programme,
        everybody=everybody,
        rota=rota,
        busy=busy,
        kept=kept,
        whole=Days(kinds, rota, load),
        late=Days(kinds, rota, with_kept(busy, kept, programme=programme), after=reserved_from(now)),
        is_far_shut=read_door(session).is_far_shut,
    )


def free_times(
    session: Session,
    asked: Asked,
    *,
    programme: Programme,
    roster: Roster,
    now: datetime,
    only: datetime | None = None,
) -> list[FreeTime]:
    """Return every time that can be booked at *now*, in order, or the one that begins at *only*: see ``Outlook``."""
    first, last = window(asked.door, programme=programme, now=now)
    if last < first or (only is not None and not first <= only <= last):
        return []
    return look_ahead(session, [asked.door], programme=programme, roster=roster, now=now, only=only).free(asked)
