"""The cast: a counsellor, another, the coordinator, programme staff; the stranger has no account."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from helpline.codes import words_of
from helpline.crypto.passwords import Cost
from helpline.staff.accounts import Issued, NewMember, add_member, issue
from helpline.staff.factors import current_code
from helpline.staff.keys import Door, Seats, StaffKeys
from helpline.staff.permissions import Role
from helpline.staff.sign_in import Credentials, SignedIn, sign_in
from helpline.staff.tables import StaffId
from helpline.store.engine import Sessions
from tests.support.keys import OFFICE_PEPPER, SESSION_KEY
from tests.support.world import NOW

ZONE = ZoneInfo("Europe/Amsterdam")
CHEAP = Cost(memory=8, passes=1, lanes=1)
"""Argon2 that costs nothing; production's cost is tried in one test."""

KEYS = StaffKeys.of(pepper=OFFICE_PEPPER, session_key=SESSION_KEY)


@dataclass(frozen=True)
class Player:
    """A member of the cast, with what was shown once when the account was made."""

    issued: Issued

    @property
    def id(self) -> StaffId:
        """Return the id of the account."""
        return self.issued.member.id

    @property
    def name(self) -> str:
        """Return the name to sign in with."""
        return self.issued.member.name

    def code(self, now: datetime = NOW) -> str:
        """Return the one-time code that the telephone shows at *now*."""
        return current_code(self.issued.factor, now=now)

    def credentials(self, now: datetime = NOW) -> Credentials:
        """Return what she types to sign in at *now*."""
        return Credentials(name=self.name, passphrase=self.issued.passphrase, code=self.code(now))


@dataclass(frozen=True)
class Cast:
    """Everybody with an account, and the door they come in by."""

    door: Door
    counsellor: Player
    other: Player
    coordinator: Player
    programme_staff: Player

    def enter(self, office: Sessions, player: Player, *, now: datetime = NOW) -> SignedIn:
        """Return *player*'s new session."""
        return sign_in(office, player.credentials(now), door=self.door, now=now)


def cheap_door() -> Door:
    """Return a door whose tries cost next to nothing and wait for no seat."""
    return Door.of(KEYS, cost=CHEAP, zone=ZONE, seats=Seats(wait=0))


def make_cast(office: Sessions, *, now: datetime = NOW) -> Cast:
    """Return the cast, whose accounts lie in *office*."""
    door = cheap_door()

    def player(name: str, role: Role, *, stands_in: bool = False) -> Player:
        new = NewMember(name=name, shown_name=name.title(), role=role, language="en", stands_in=stands_in)
        issued = issue(new, door=door, words=words_of("nl"), today=now.astimezone(ZONE).date())
        with office.begin() as session:
            add_member(session, issued, door=door)
        return Player(issued)

    return Cast(
        door=door,
        counsellor=player("anna", Role.COUNSELLOR),
        other=player("bram", Role.COUNSELLOR, stands_in=True),
        coordinator=player("cora", Role.COORDINATOR, stands_in=True),
        programme_staff=player("pim", Role.PROGRAMME_STAFF),
    )
