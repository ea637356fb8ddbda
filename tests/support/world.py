"""An invented helpline: its programme file, its counsellors and their hours, a signed roster, a desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.draw import draw_times
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.rota_keeping import NewHours, add_counsellor, add_hours
from helpline.callbacks.tables import CounsellorId
from helpline.codes import words_of
from helpline.crypto.opening import KeyPair, new_key, opening_pair, sign
from helpline.day_keys import DAYS_AHEAD, DayKeys
from helpline.roster import LIFE, Reader, Roster, next_serial, publish_roster
from helpline.settings.faults import Faults
from helpline.settings.programme import Programme, read_programme
from helpline.store.engine import Sessions
from tests.support.keys import CODE_KEY, ROSTER_SIGNING_KEY, fixed

NOW = datetime(2027, 3, 1, 8, 0, 30, tzinfo=UTC)
"""A Monday morning in winter, 09:00 in Amsterdam."""

VERIFY_KEY = bytes(SigningKey(ROSTER_SIGNING_KEY).verify_key)
EVERY_DAY = range(7)

PROGRAMME_FILE = """
name = "The invented line"
number = "+31 20 794 0000"
booked_number = "+31 20 794 0001"
jurisdiction = "nl"
zone = "Europe/Amsterdam"
languages = ["nl", "en"]
ways = ["you_ring", "we_ring"]
booked_lines = 2
today_slots = 0
countries = ["NL", "BE", "DE"]
show_unsigned = true

[exits]
nl = "https://nl.wikipedia.org/"
en = "https://en.wikipedia.org/"

[channels]
k7 = "Police leaflet"
m2 = "Warning page"

[[open]]
days = ["mon", "tue", "wed", "thu", "fri"]
from = "09:00"
until = "21:00"

[slots]
length = 30
grid = 30
buffer = 15
notice = 120
horizon_days = 14
staff_horizon_days = 42
cap_per_day = 6

[about]
organisation = "An invented foundation"
paid_by = "An invented ministry"
answered_by = "Invented people"
check_number = "Look the number up in the invented register."
complaints = "complaints@example.org"
controller = "An invented foundation"
protection_officer = "officer@example.org"
authority = "An invented authority"
"""


def programme(folder: Path, *, change: tuple[str, str] = ("", "")) -> Programme:
    """Return the invented programme out of a file in *folder*, with one text of it changed."""
    path = folder / "programme.toml"
    path.write_text(PROGRAMME_FILE.replace(*change) if change[0] else PROGRAMME_FILE, encoding="utf-8")
    faults = Faults()
    found = read_programme(path, faults=faults)
    faults.finish()
    assert found is not None
    return found


@dataclass(frozen=True)
class Colleague:
    """A counsellor of the tests, with the key that opens what is sealed to her."""

    id: CounsellorId
    keys: KeyPair


@dataclass(frozen=True)
class World:
    """A helpline that is ready to book."""

    programme: Programme
    desk: Desk
    day_keys: DayKeys
    colleagues: tuple[Colleague, ...]

    def colleague(self, counsellor_id: str) -> Colleague:
        """Return the colleague with that id."""
        return next(colleague for colleague in self.colleagues if colleague.id == counsellor_id)


def make_world(
    helpline: Sessions,
    folder: Path,
    *,
    names: Sequence[str] = ("anna", "bram"),
    now: datetime = NOW,
    change: tuple[str, str] = ("", ""),
    hours: tuple[int, int] = (9, 17),
) -> World:
    """Return a helpline whose counsellors *names* work every day from nine to five, drawn and signed at *now*."""
    found = programme(folder, change=change)
    colleagues = tuple(Colleague(CounsellorId(name), opening_pair()) for name in names)
    day_keys = DayKeys(folder / "daykeys")
    lay_day_keys(folder / "daykeys", now=now)
    with helpline.begin() as session:
        for colleague in colleagues:
            employ(session, colleague.id, since=now.date(), hours=hours)
        roster = sign_roster(session, colleagues, day_keys=day_keys, now=now)
        draw_times(session, programme=found, roster=roster, now=now)
    words = {language: words_of(language) for language in found.languages}
    desk = Desk(programme=found, keys=DeskKeys.of(CODE_KEY), words=words, roster=roster)
    return World(programme=found, desk=desk, day_keys=day_keys, colleagues=colleagues)


def employ(
    session: Session,
    counsellor_id: CounsellorId,
    *,
    since: date,
    languages: Sequence[str] = ("nl", "en"),
    youth: bool = False,
    hours: tuple[int, int] = (9, 17),
) -> None:
    """Let a counsellor take talks every day, in the full local *hours*."""
    add_counsellor(session, counsellor_id, alias=counsellor_id.title(), languages=languages, youth=youth)
    starts, ends = hours
    for weekday in EVERY_DAY:
        every = NewHours(weekday=weekday, starts=starts * 60, ends=ends * 60, valid_from=since - timedelta(days=7))
        add_hours(session, counsellor_id, hours=every)


def sign_roster(
    session: Session,
    colleagues: Sequence[Colleague],
    *,
    day_keys: DayKeys,
    now: datetime,
    stand_ins: Collection[str] | None = None,
) -> Roster:
    """Sign and publish a roster of *colleagues*; each stands in for the others, or only those in *stand_ins*."""
    first = _first_day(now)
    roster = Roster(
        serial=next_serial(session, verify_keys=[VERIFY_KEY]),
        valid_until=now + LIFE,
        readers=tuple(
            Reader(it.id, it.keys.public, stand_ins is None or it.id in stand_ins, first, None) for it in colleagues
        ),
        day_keys={day: day_keys.public(day) for day in _days(now)},
    )
    signature = sign(roster.body(), private=ROSTER_SIGNING_KEY)
    publish_roster(session, roster, signature=signature, verify_keys=[VERIFY_KEY], now=now)
    session.flush()
    return roster


def _first_day(now: datetime) -> date:
    return now.date()


def _days(now: datetime) -> list[date]:
    return [_first_day(now) + timedelta(days=count) for count in range(DAYS_AHEAD)]


def lay_day_keys(folder: Path, *, now: datetime) -> None:
    """Put the days' keys in place without waiting for the disk fifty times; each folder has its own."""
    folder.mkdir(mode=0o700)
    for day in _days(now):
        path = folder / f"{day.isoformat()}.key"
        path.touch(mode=0o600)
        path.write_bytes(new_key())


def token(label: str = "a form") -> FormToken:
    """Return the token of a form, the same for the same *label*."""
    return FormToken(bits=fixed(label)[:16])
