"""programme.toml: what one helpline says of itself. Validated whole; no secret is in it."""

import enum
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from helpline.languages import LANGUAGES
from helpline.settings.faults import Faults, TableReader

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNEL_PATH = re.compile(r"[a-z][0-9]")
"""One meaningless shape for all channels, so that a path in a history tells nothing (counts.md)."""

MOST_CHANNELS = 6
LONGEST_NAME = 80
"""The name stands in every envelope, and envelopes have one length."""

TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
END_OF_DAY = "24:00"
MINUTES_OF_A_DAY = 24 * 60


class Way(enum.StrEnum):
    """How a talk is held."""

    YOU_RING = "you_ring"
    WE_RING = "we_ring"


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When the public line is answered: weekdays (0 = Monday) and minutes of the local day, the end not included."""

    weekdays: tuple[int, ...]
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class SlotRules:
    """How talks are laid out: minutes, but days and per cent where it says so."""

    length: int
    grid: int
    buffer: int
    notice: int
    horizon_days: int
    staff_horizon_days: int
    cap_per_day: int
    far_ahead_percent: int
    follow_up_reserve: int


@dataclass(frozen=True, slots=True)
class About:
    """Who is behind the helpline, for the page "Who we are"."""

    organisation: str
    paid_by: str
    answered_by: str
    check_number: str
    complaints: str
    controller: str
    protection_officer: str
    authority: str


@dataclass(frozen=True, slots=True)
class Programme:
    """One helpline: names, numbers, languages, ways to talk."""

    name: str
    number: str
    booked_number: str
    jurisdiction: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    ways: tuple[Way, ...]
    booked_lines: int
    today_slots: int
    countries: tuple[str, ...]
    exits: Mapping[str, str]
    channels: Mapping[str, str]
    accent: str
    show_unsigned: bool
    count_hours: bool
    open_hours: tuple[OpenHours, ...]
    closed_on_holidays: bool
    slots: SlotRules
    about: About


def read_programme(path: Path, *, faults: Faults) -> Programme | None:
    """Return the programme that *path* describes, or None with everything that is wrong with it in *faults*."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.add(f"{path} is missing")
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.add(f"{path} cannot be read: {error}")
        return None
    before = len(faults.found)
    programme = _programme(TableReader(table, name=path.name, faults=faults))
    return programme if len(faults.found) == before else None


def minute_of_day(text: str) -> int | None:
    """Return the minute of "HH:MM", 24:00 included, or None when it is no such time."""
    if text == END_OF_DAY:
        return MINUTES_OF_A_DAY
    found = TIME_OF_DAY.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def _programme(reader: TableReader) -> Programme:
    name = reader.text("name")
    reader.check("name", holds=len(name) <= LONGEST_NAME, wanted=f"at most {LONGEST_NAME} letters")
    languages = reader.texts("languages", allowed=LANGUAGES)
    exits = reader.mapping("exits")
    ways = tuple(Way(way) for way in reader.texts("ways", allowed=tuple(Way)) if way in set(Way))
    booked_lines = reader.number("booked_lines", most=50)
    reader.check(
        "ways",
        holds=booked_lines > 0 or Way.YOU_RING not in ways,
        wanted="without you_ring if booked_lines is 0",
    )
    reader.check("exits", holds=bool(exits) and set(languages) <= set(exits), wanted="an address for every language")
    reader.check("exits", holds=all(url.startswith("https://") for url in exits.values()), wanted="https addresses")
    return Programme(
        name=name,
        number=reader.text("number"),
        booked_number=reader.text("booked_number"),
        jurisdiction=reader.text("jurisdiction"),
        zone=_zone(reader),
        languages=languages,
        ways=ways,
        booked_lines=booked_lines,
        today_slots=reader.number("today_slots", most=20),
        countries=reader.texts("countries"),
        exits=exits,
        channels=_channels(reader),
        accent=_accent(reader),
        show_unsigned=reader.switch("show_unsigned", default=False),
        count_hours=reader.switch("count_hours", default=False),
        open_hours=tuple(_open_hours(row) for row in reader.tables("open")),
        closed_on_holidays=reader.switch("closed_on_holidays", default=False),
        slots=_slot_rules(reader.table("slots")),
        about=_about(reader.table("about")),
    )


def _zone(reader: TableReader) -> ZoneInfo:
    name = reader.text("zone")
    known = name in available_timezones()
    reader.check("zone", holds=known, wanted="a zone of the IANA list, as Europe/Amsterdam")
    return ZoneInfo(name if known else "UTC")


def _accent(reader: TableReader) -> str:
    accent = reader.text("accent", default="#1f5f57")
    reader.check("accent", holds=bool(re.fullmatch(r"#[0-9a-f]{6}", accent)), wanted="a colour as #1f5f57")
    return accent


def _channels(reader: TableReader) -> dict[str, str]:
    channels = reader.mapping("channels")
    reader.check("channels", holds=len(channels) <= MOST_CHANNELS, wanted=f"at most {MOST_CHANNELS}")
    shape = all(CHANNEL_PATH.fullmatch(path) for path in channels)
    reader.check("channels", holds=shape, wanted="paths of one letter and one digit, as k7")
    return channels


def _open_hours(reader: TableReader) -> OpenHours:
    days = reader.texts("days", allowed=WEEKDAYS)
    starts, ends = minute_of_day(reader.text("from")), minute_of_day(reader.text("until"))
    in_order = starts is not None and ends is not None and starts < ends
    reader.check("from", holds=in_order, wanted="a time before until, both as 09:00")
    weekdays = tuple(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)
    return OpenHours(weekdays=weekdays, starts=starts or 0, ends=ends or 0)


def _slot_rules(reader: TableReader) -> SlotRules:
    rules = SlotRules(
        length=reader.number("length", default=30, least=10, most=120),
        grid=reader.number("grid", default=30, least=5, most=120),
        buffer=reader.number("buffer", default=15, most=60),
        notice=reader.number("notice", default=120, most=2880),
        horizon_days=reader.number("horizon_days", default=14, least=1, most=28),
        staff_horizon_days=reader.number("staff_horizon_days", default=42, least=1, most=49),
        cap_per_day=reader.number("cap_per_day", default=6, least=1, most=20),
        far_ahead_percent=reader.number("far_ahead_percent", default=70, least=1, most=100),
        follow_up_reserve=reader.number("follow_up_reserve", default=1, most=20),
    )
    for key, minutes in (("length", rules.length), ("grid", rules.grid), ("buffer", rules.buffer)):
        reader.check(key, holds=minutes % 5 == 0, wanted="a multiple of 5 minutes, the size of an atom")
    ahead = rules.staff_horizon_days >= rules.horizon_days
    reader.check("staff_horizon_days", holds=ahead, wanted="no shorter than horizon_days")
    return rules


def _about(reader: TableReader) -> About:
    return About(
        organisation=reader.text("organisation"),
        paid_by=reader.text("paid_by"),
        answered_by=reader.text("answered_by"),
        check_number=reader.text("check_number"),
        complaints=reader.text("complaints"),
        controller=reader.text("controller"),
        protection_officer=reader.text("protection_officer"),
        authority=reader.text("authority"),
    )
