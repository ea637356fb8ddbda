"""The programme's file is checked whole: each wrong value is named by its own name, and all of them together."""

from pathlib import Path

import pytest

from helpline.settings.faults import Faults
from helpline.settings.programme import OpenHours, Programme, Way, minute_of_day, read_programme
from tests.support.world import PROGRAMME_FILE

KEYS = (
    *("name", "number", "booked_number", "jurisdiction", "zone", "languages", "ways", "booked_lines", "today_slots"),
    *("countries", "exits", "open"),
)
KEYS_ABOUT = (
    *("organisation", "paid_by", "answered_by", "check_number", "complaints", "controller"),
    *("protection_officer", "authority"),
)


def read(folder: Path, text: str) -> tuple[Programme | None, list[str]]:
    path = folder / "programme.toml"
    path.write_text(text, encoding="utf-8")
    faults = Faults()
    return read_programme(path, faults=faults), faults.found


def changed(old: str, new: str) -> str:
    assert PROGRAMME_FILE.count(old) == 1
    return PROGRAMME_FILE.replace(old, new)


def test_a_right_file_gives_the_programme(tmp_path: Path) -> None:
    programme, faults = read(tmp_path, PROGRAMME_FILE)

    assert faults == []
    assert programme is not None
    assert programme.zone.key == "Europe/Amsterdam"
    assert programme.ways == (Way.YOU_RING, Way.WE_RING)
    assert programme.channels == {"k7": "Police leaflet", "m2": "Warning page"}
    assert programme.closed_on_holidays is False
    assert programme.open_hours == (OpenHours((0, 1, 2, 3, 4), 9 * 60, 21 * 60),)
    assert programme.slots.length == 30
    assert programme.slots.far_ahead_percent == 70
    assert programme.slots.follow_up_reserve == 1
    assert programme.accent == "#1f5f57"
    assert programme.about.organisation == "An invented foundation"


def test_an_empty_file_is_told_everything_at_once(tmp_path: Path) -> None:
    programme, faults = read(tmp_path, "")

    assert programme is None
    for key in KEYS:
        assert any(fault.startswith(f"programme.toml.{key} ") for fault in faults), key
    for key in KEYS_ABOUT:
        assert f"programme.toml.about.{key} is missing" in faults


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    faults = Faults()

    assert read_programme(tmp_path / "programme.toml", faults=faults) is None
    assert faults.found == [f"{tmp_path / 'programme.toml'} is missing"]


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe"], ids=["no TOML", "no UTF-8"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "programme.toml"
    path.write_bytes(content)
    faults = Faults()

    assert read_programme(path, faults=faults) is None
    assert len(faults.found) == 1
    assert "cannot be read" in faults.found[0]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('name = "The invented line"', 'name = ""', "name"),
        ('name = "The invented line"', "name = 7", "name"),
        ('name = "The invented line"', f'name = "{"x" * 81}"', "name"),
        ('zone = "Europe/Amsterdam"', 'zone = "Europe/Nowhere"', "zone"),
        ('languages = ["nl", "en"]', 'languages = ["nl", "fr"]', "languages"),
        ('languages = ["nl", "en"]', "languages = []", "languages"),
        ('languages = ["nl", "en"]', 'languages = "nl"', "languages"),
        ('languages = ["nl", "en"]', "languages = [1]", "languages"),
        ('ways = ["you_ring", "we_ring"]', 'ways = ["we_write"]', "ways"),
        ("booked_lines = 2", "booked_lines = 0", "ways"),
        ("booked_lines = 2", "booked_lines = -1", "booked_lines"),
        ("booked_lines = 2", "booked_lines = 51", "booked_lines"),
        ("booked_lines = 2", "booked_lines = true", "booked_lines"),
        ("booked_lines = 2", 'booked_lines = "2"', "booked_lines"),
        ("today_slots = 0", "today_slots = 21", "today_slots"),
        ('countries = ["NL", "BE", "DE"]', "", "countries"),
        ('countries = ["NL", "BE", "DE"]', 'countries = [""]', "countries"),
        ("show_unsigned = true", 'show_unsigned = "yes"', "show_unsigned"),
        ('nl = "https://nl.wikipedia.org/"', "", "exits"),
        ('nl = "https://nl.wikipedia.org/"', 'nl = "http://nl.wikipedia.org/"', "exits"),
        ('k7 = "Police leaflet"', 'police = "Police leaflet"', "channels"),
        ('k7 = "Police leaflet"', "\n".join(f'a{number} = "x"' for number in range(6)), "channels"),
        ('days = ["mon", "tue", "wed", "thu", "fri"]', 'days = ["monday"]', "open[0].days"),
        ('from = "09:00"', 'from = "nine"', "open[0].from"),
        ('from = "09:00"', 'from = "9:00"', "open[0].from"),
        ('from = "09:00"', 'from = "21:00"', "open[0].from"),
        ('until = "21:00"', 'until = "25:00"', "open[0].from"),
        ("length = 30", "length = 32", "slots.length"),
        ("length = 30", "length = 5", "slots.length"),
        ("grid = 30", "grid = 7", "slots.grid"),
        ("grid = 30", "grid = 0", "slots.grid"),
        ("buffer = 15", "buffer = 12", "slots.buffer"),
        ("buffer = 15", "buffer = 65", "slots.buffer"),
        ("notice = 120", "notice = 3000", "slots.notice"),
        ("\nhorizon_days = 14", "\nhorizon_days = 29", "slots.horizon_days"),
        ("staff_horizon_days = 42", "staff_horizon_days = 50", "slots.staff_horizon_days"),
        ("staff_horizon_days = 42", "staff_horizon_days = 7", "slots.staff_horizon_days"),
        ("cap_per_day = 6", "cap_per_day = 0", "slots.cap_per_day"),
        ("cap_per_day = 6", "cap_per_day = 6\nfar_ahead_percent = 0", "slots.far_ahead_percent"),
        ("cap_per_day = 6", "cap_per_day = 6\nfar_ahead_percent = 101", "slots.far_ahead_percent"),
        ("cap_per_day = 6", "cap_per_day = 6\nfollow_up_reserve = -1", "slots.follow_up_reserve"),
        ("show_unsigned = true", 'show_unsigned = true\naccent = "green"', "accent"),
        ("show_unsigned = true", 'show_unsigned = true\naccent = "#1f5f57 "', "accent"),
    ],
)
def test_each_wrong_value_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    programme, faults = read(tmp_path, changed(old, new))

    assert programme is None
    # A wrong number of lines counts as none, so the ways are named beside it.
    beside = {"programme.toml.ways"} if named == "booked_lines" else set[str]()
    assert {fault.split(" ", 1)[0] for fault in faults} - beside == {f"programme.toml.{named}"}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[slots]\n", "[[slots]]\n", "slots"),
        ("[exits]\n", "[[exits]]\n", "exits"),
        ("[about]\n", "[[about]]\n", "about"),
    ],
)
def test_a_table_of_another_kind_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    programme, faults = read(tmp_path, changed(old, new))

    assert programme is None
    assert f"programme.toml.{named} must be a table" in faults


@pytest.mark.parametrize("hours", ['"always"', "[]", "[1, 2]", "{ days = 1 }"])
def test_hours_of_another_kind_are_named(tmp_path: Path, hours: str) -> None:
    before, _, rest = PROGRAMME_FILE.partition("[[open]]")
    text = f"open = {hours}\n{before}{rest[rest.index('[slots]') :]}"

    programme, faults = read(tmp_path, text)

    assert programme is None
    assert faults == ["programme.toml.open must hold at least one table"]


def test_two_wrong_values_are_both_named(tmp_path: Path) -> None:
    text = changed("cap_per_day = 6", "cap_per_day = 0").replace('zone = "Europe/Amsterdam"', "zone = 1")

    _, faults = read(tmp_path, text)

    assert any("cap_per_day" in fault for fault in faults)
    assert any("zone" in fault for fault in faults)


def test_ways_without_booked_lines_are_those_in_which_we_ring(tmp_path: Path) -> None:
    text = changed("booked_lines = 2", "booked_lines = 0").replace('"you_ring", ', "")

    programme, faults = read(tmp_path, text)

    assert faults == []
    assert programme is not None
    assert programme.ways == (Way.WE_RING,)


@pytest.mark.parametrize(
    ("text", "minute"),
    [("00:00", 0), ("09:30", 570), ("23:59", 1439), ("24:00", 1440)],
)
def test_a_time_of_day_is_read_to_the_minute(text: str, minute: int) -> None:
    assert minute_of_day(text) == minute


@pytest.mark.parametrize("text", ["", "09", "9:00", "24:01", "09:00:30", "09:00+01:00", "nine"])
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert minute_of_day(text) is None
