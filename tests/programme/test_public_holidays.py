"""Public holidays: who is closed then is said to be closed, on the days of the own country, across the new year."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from helpline.programme.hours import Hours, opening_words
from helpline.programme.public_holidays import Calendar
from helpline.programme.signposts import Pack
from helpline.programme.words import Words
from helpline.settings.programme import OpenHours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NETHERLANDS, ENGLAND = Calendar(country="NL"), Calendar(country="GB", subdivision="ENG")
OFFICE = Hours(
    weekly=(OpenHours(weekdays=(0, 1, 2, 3, 4), starts=9 * 60, ends=17 * 60),),
    zone=AMSTERDAM,
    closed_on_holidays=True,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "english", "dutch"),
    [
        ("2027-04-26T16:59", "Open now, until 17:00", "Nu open, tot 17:00"),
        ("2027-04-26T17:00", "Closed. Opens Wednesday 09:00", "Gesloten. Opent woensdag om 09:00"),
        ("2027-04-27T12:00", "Closed. Opens tomorrow 09:00", "Gesloten. Opent morgen om 09:00"),
        ("2027-04-28T12:00", "Open now, until 17:00", "Nu open, tot 17:00"),
        ("2027-03-28T12:00", "Closed. Opens Tuesday 09:00", "Gesloten. Opent dinsdag om 09:00"),
        ("2027-03-29T12:00", "Closed. Opens tomorrow 09:00", "Gesloten. Opent morgen om 09:00"),
        ("2027-03-30T09:00", "Open now, until 17:00", "Nu open, tot 17:00"),
        ("2026-12-31T16:59", "Open now, until 17:00", "Nu open, tot 17:00"),
        ("2026-12-31T17:00", "Closed. Opens Monday 09:00", "Gesloten. Opent maandag om 09:00"),
        ("2027-01-01T12:00", "Closed. Opens Monday 09:00", "Gesloten. Opent maandag om 09:00"),
        ("2027-12-31T17:00", "Closed. Opens Monday 09:00", "Gesloten. Opent maandag om 09:00"),
    ],
)
def test_who_is_closed_on_holidays_is_said_to_be(
    words: Mapping[str, Words], now: str, english: str, dutch: str
) -> None:
    """King's Day, Easter Monday and New Year, the days before and after."""
    days_off = NETHERLANDS.days_off(near=at(now))

    for language, wanted in (("en", english), ("nl", dutch)):
        said = opening_words(OFFICE, now=at(now), words=words[language], zone=AMSTERDAM, holidays=days_off)
        assert said == wanted


def test_who_is_open_on_holidays_is_not_said_to_be_closed(words: Mapping[str, Words]) -> None:
    always = Hours(weekly=OFFICE.weekly, zone=AMSTERDAM)
    now = at("2027-04-27T12:00")

    said = opening_words(always, now=now, words=words["en"], zone=AMSTERDAM, holidays=NETHERLANDS.days_off(near=now))
    assert said == "Open now, until 17:00"


def test_a_country_has_its_own_days() -> None:
    day = date(2027, 5, 31)

    assert day in ENGLAND.days_off(near=at("2027-05-30T12:00"))
    assert day not in NETHERLANDS.days_off(near=at("2027-05-30T12:00"))
    assert date(2027, 4, 27) not in ENGLAND.days_off(near=at("2027-04-27T12:00"))


def test_the_days_of_two_years_are_known_around_new_year_only() -> None:
    new_year = date(2028, 1, 1)

    assert new_year in NETHERLANDS.days_off(near=at("2027-12-20T12:00"))
    assert new_year not in NETHERLANDS.days_off(near=at("2027-12-01T12:00"))
    assert date(2027, 12, 26) in NETHERLANDS.days_off(near=at("2028-01-01T00:30"))


@pytest.mark.parametrize(
    ("calendar", "is_known"),
    [
        (NETHERLANDS, True),
        (ENGLAND, True),
        (Calendar(country="XX"), False),
        (Calendar(country=""), False),
        (Calendar(country="NL", subdivision="ENG"), False),
    ],
)
def test_a_country_whose_holidays_nobody_knows_is_told_apart(calendar: Calendar, *, is_known: bool) -> None:
    assert calendar.is_known is is_known


def test_every_pack_has_the_calendar_of_its_country(packs: Mapping[str, Pack]) -> None:
    found = {code: (pack.calendar.country, pack.calendar.subdivision) for code, pack in packs.items()}

    assert found == {
        "nl": ("NL", ""),
        "gb-eng": ("GB", "ENG"),
        "be-vlg": ("BE", ""),
        "be-fr": ("BE", ""),
        "de": ("DE", ""),
        "xx": ("PT", "20"),
    }


@pytest.mark.parametrize(
    ("calendar", "language", "name"),
    [
        (NETHERLANDS, "en", "Easter Monday"),
        (NETHERLANDS, "nl", "Tweede paasdag"),
        (Calendar(country="DE"), "nl", "Ostermontag"),
        (ENGLAND, "en", "Easter Monday"),
    ],
    ids=["in English", "in Dutch", "in its own tongue", "of a part"],
)
def test_holidays_have_their_names_in_the_language_of_the_reader_or_in_their_own(
    calendar: Calendar, language: str, name: str
) -> None:
    assert (date(2027, 3, 29), name) in calendar.named(first=date(2027, 3, 1), last=date(2027, 4, 1), language=language)


def test_holidays_are_named_from_the_first_day_to_the_last_across_the_new_year() -> None:
    found = NETHERLANDS.named(first=date(2027, 12, 26), last=date(2028, 1, 1), language="nl")

    assert [day for day, _ in found] == [date(2027, 12, 26), date(2028, 1, 1)]
