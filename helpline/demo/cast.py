"""The invented people: who works here, when, and who booked a talk."""

from dataclasses import dataclass
from datetime import timedelta

from helpline.callbacks.envelope import Group
from helpline.callbacks.queue import Outcome
from helpline.settings.programme import Way
from helpline.staff.accounts import NewMember
from helpline.staff.permissions import Role

WEEKDAYS = range(5)
"""Monday to Friday."""

# Numbers that the German regulator keeps for films: nobody is rung by them.
INVENTED_NUMBERS = ("+491713920012", "+491713920034", "+491713920056")


@dataclass(frozen=True, slots=True)
class Shift:
    """The hours of an invented counsellor: local hours, on these weekdays (0 = Monday)."""

    name: str
    alias: str
    weekdays: range
    starts: int
    ends: int
    youth: bool = False


@dataclass(frozen=True, slots=True)
class InventedVisitor:
    """A talk to book: at the free time nearest to *after* from now, in which way, and how it ends, if it did."""

    about: str
    after: timedelta
    way: Way
    group: Group
    language: str = "nl"
    number: str | None = None
    outcome: Outcome | None = None


STAFF = (
    NewMember("anna", "Anna de Wit", Role.COUNSELLOR, "nl", stands_in=True),
    NewMember("bram", "Bram Jansen", Role.COUNSELLOR, "nl", stands_in=True),
    NewMember("carla", "Carla Smit", Role.COUNSELLOR, "en", stands_in=True),
    NewMember("dirk", "Dirk Visser", Role.COORDINATOR, "nl", stands_in=True),
    NewMember("els", "Els Bakker", Role.PROGRAMME_STAFF, "nl"),
)

FIRST_COUNSELLOR = "anna"
COORDINATOR = "dirk"

SHIFTS = (
    Shift("anna", "Anna", range(7), 10, 18, youth=True),
    Shift("bram", "Bram", range(7), 8, 22),
    Shift("carla", "Carla", WEEKDAYS, 12, 20),
)

SOON = timedelta(minutes=20)
"""The talk that a newcomer can watch coming; the first counsellor's day begins with it."""

VISITORS = (
    InventedVisitor("in 20 minutes, we ring you", SOON, Way.WE_RING, Group.ABOUT_ME, number=INVENTED_NUMBERS[0]),
    InventedVisitor("later today, you ring us", timedelta(hours=3), Way.YOU_RING, Group.ABOUT_SOMEBODY),
    InventedVisitor(
        "tomorrow, cancelled by us",
        timedelta(days=1),
        Way.WE_RING,
        Group.RATHER_NOT_SAY,
        number=INVENTED_NUMBERS[1],
        outcome=Outcome.CANCELLED_BY_US,
    ),
    InventedVisitor(
        "some hours ago, nobody rang", timedelta(hours=-2), Way.YOU_RING, Group.ABOUT_ME, outcome=Outcome.MISSED
    ),
    InventedVisitor("next week, you ring us", timedelta(days=7), Way.YOU_RING, Group.PROFESSIONAL, "en"),
    InventedVisitor(
        "next week, we ring you", timedelta(days=8), Way.WE_RING, Group.ABOUT_ME, number=INVENTED_NUMBERS[2]
    ),
)
