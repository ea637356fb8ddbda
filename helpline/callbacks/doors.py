"""By which door a time is asked for, and what a talk must fit. Rules only, no table is read."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpline.callbacks.rota import day_bounds, local_day
from helpline.callbacks.tables import Counsellor, CounsellorId
from helpline.callbacks.today import NOTICE
from helpline.settings.programme import Programme


class Door(enum.StrEnum):
    """By which door a time is asked for; notice and horizon belong to the door, and which kept times it opens.

    TODAY is open to every visitor, for times of this very day: it leaves closed what is not released yet. All but
    STAFF leave every kept time to TODAY. AGAIN and RELEASED are for who had a first talk that failed on our side, by
    itself or in the release of a flood: as far ahead as the public and no further, for nobody has met them. For STAFF
    nothing is kept: a talk that must be handed over goes before an empty chair.
    """

    PUBLIC = "public"
    AGAIN = "again"
    RELEASED = "released"
    TODAY = "today"
    FOLLOW_UP = "follow_up"
    STAFF = "staff"


AS_THE_PUBLIC = frozenset({Door.PUBLIC, Door.AGAIN, Door.RELEASED})
"""Doors that a flood can come through: they leave a part of every day, and see as far ahead as the public."""

BY_CODE_AS_THE_PUBLIC = AS_THE_PUBLIC - {Door.PUBLIC}
"""Of those, the ones that a code opens."""

LEAVE_THE_RESERVE = frozenset({Door.PUBLIC, Door.RELEASED, Door.TODAY})
"""Doors that leave what is reserved for codes. AGAIN does not: we owe that talk (scheduling.md)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a talk must fit: the language it is in, whether the visitor is under 18, by which door, with whom."""

    language: str
    youth: bool = False
    door: Door = Door.PUBLIC
    counsellor: CounsellorId | None = None

    def fits(self, counsellor: Counsellor) -> bool:
        """Return whether *counsellor* could hold such a talk."""
        speaks = self.language in counsellor.languages.split() and (counsellor.youth or not self.youth)
        return speaks and self.counsellor in (None, counsellor.id)


def window(door: Door, *, programme: Programme, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment at which a talk may begin by *door*; the last before the first: never.

    A programme that keeps no time for today has no such door.
    """
    rules = programme.slots
    if door is Door.TODAY:
        _, midnight = day_bounds(local_day(now, zone=programme.zone), zone=programme.zone)
        return now + NOTICE, midnight - timedelta.resolution if programme.today_slots else now
    notice = timedelta(minutes=0 if door is Door.STAFF else rules.notice)
    days = rules.horizon_days if door in AS_THE_PUBLIC else rules.staff_horizon_days
    return now + notice, now + timedelta(days=days)
