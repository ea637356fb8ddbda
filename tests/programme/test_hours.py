"""Opening hours in words, by the clock of who reads, across midnight, holidays and clock changes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpline.languages import CONTENT
from helpline.programme.hours import Hours, closes_at, is_open, opening_words, opens_at
from helpline.programme.words import Words, load_words
from helpline.settings.programme import OpenHours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def hours(*stretches: tuple[tuple[int, ...], int, int], closed_on_holidays: bool = False) -> Hours:
    weekly = tuple(OpenHours(weekdays=days, starts=starts * 60, ends=ends * 60) for days, starts, ends in stretches)
    return Hours(weekly=weekly, zone=AMSTERDAM, closed_on_holidays=closed_on_holidays)


def at(text: str) -> datetime:
    """Return the instant of a wall time in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


EVENINGS = hours((EVERY_DAY, 11, 21))
WEEKDAYS = hours(((0, 1, 2, 3, 4), 9, 17), closed_on_holidays=True)
NIGHTS = hours(((5,), 20, 24), ((6,), 0, 6))
ALWAYS = hours((EVERY_DAY, 0, 24))


@pytest.mark.parametrize(
    ("opening", "now", "english", "dutch"),
    [
        (EVENINGS, "2026-11-22T11:00", "Open now, until 21:00", "Nu open, tot 21:00"),
        (EVENINGS, "2026-11-22T20:59", "Open now, until 21:00", "Nu open, tot 21:00"),
        (EVENINGS, "2026-11-22T21:00", "Closed. Opens tomorrow 11:00", "Gesloten. Opent morgen om 11:00"),
        (EVENINGS, "2026-11-22T10:59", "Closed. Opens today 11:00", "Gesloten. Opent vandaag om 11:00"),
        (WEEKDAYS, "2026-11-21T12:00", "Closed. Opens Monday 09:00", "Gesloten. Opent maandag om 09:00"),
        (NIGHTS, "2026-11-21T21:00", "Open now, until tomorrow 06:00", "Nu open, tot morgen 06:00"),
        (NIGHTS, "2026-11-22T06:00", "Closed. Opens Saturday 20:00", "Gesloten. Opent zaterdag om 20:00"),
        (hours(((5,), 20, 24)), "2026-11-21T21:00", "Open now, until 24:00", "Nu open, tot 24:00"),
        (
            hours(((5,), 20, 24)),
            "2026-11-22T00:00",
            "Closed. Opens Saturday 20:00",
            "Gesloten. Opent zaterdag om 20:00",
        ),
        (
            hours(((5,), 9, 17)),
            "2026-11-21T17:00",
            "Closed. Opens 28 November 09:00",
            "Gesloten. Opent 28 november om 09:00",
        ),
        (ALWAYS, "2026-11-22T03:00", "Open day and night", "Dag en nacht open"),
        (hours(), "2026-11-22T03:00", "Closed", "Gesloten"),
        (None, "2026-11-22T03:00", "Opening hours not known", "Openingstijden niet bekend"),
    ],
)
def test_hours_are_said_in_words(
    words: Mapping[str, Words], opening: Hours | None, now: str, english: str, dutch: str
) -> None:
    assert opening_words(opening, now=at(now), words=words["en"], zone=AMSTERDAM) == english
    assert opening_words(opening, now=at(now), words=words["nl"], zone=AMSTERDAM) == dutch


def test_a_long_opening_names_the_day_it_ends(words: Mapping[str, Words]) -> None:
    long = hours(((0, 1, 2), 0, 24), ((3,), 0, 5))
    longer = hours(((0, 1, 2, 3, 4, 5), 0, 24), ((6,), 0, 24), closed_on_holidays=True)
    day = date(2026, 12, 1)

    assert (
        opening_words(long, now=at("2026-11-23T12:00"), words=words["en"], zone=AMSTERDAM)
        == "Open now, until Thursday 05:00"
    )
    closes = opening_words(longer, now=at("2026-11-22T12:00"), words=words["en"], zone=AMSTERDAM, holidays={day})
    assert closes == "Open now, until 30 November 24:00"


def test_a_service_closed_on_holidays_opens_after_them(words: Mapping[str, Words]) -> None:
    christmas = {date(2026, 12, 25)}
    now = at("2026-12-25T10:00")

    assert is_open(WEEKDAYS, now=now)
    assert not is_open(WEEKDAYS, now=now, holidays=christmas)
    assert is_open(EVENINGS, now=at("2026-12-25T12:00"), holidays=christmas)
    assert opens_at(WEEKDAYS, now=now, holidays=christmas) == at("2026-12-28T09:00")
    assert not WEEKDAYS.is_day_and_night


def test_wall_times_stay_through_a_clock_change() -> None:
    before, after = at("2027-03-27T11:00"), at("2027-03-28T11:00")

    assert (after - before).total_seconds() == 23 * 3600
    assert is_open(EVENINGS, now=after)
    assert closes_at(EVENINGS, now=after) == at("2027-03-28T21:00")


LONDON = Hours(weekly=EVENINGS.weekly, zone=ZoneInfo("Europe/London"))
LATE_IN_LONDON = Hours(weekly=(OpenHours(weekdays=EVERY_DAY, starts=12 * 60, ends=24 * 60),), zone=LONDON.zone)
EARLY_IN_LONDON = Hours(weekly=(OpenHours(weekdays=EVERY_DAY, starts=0, ends=23 * 60),), zone=LONDON.zone)


@pytest.mark.parametrize(
    ("opening", "now", "english"),
    [
        (LONDON, "2026-11-22T11:59", "Closed. Opens today 12:00"),
        (LONDON, "2026-11-22T12:00", "Open now, until 22:00"),
        (LONDON, "2026-11-22T22:00", "Closed. Opens tomorrow 12:00"),
        (LATE_IN_LONDON, "2026-11-22T23:59", "Open now, until tomorrow 01:00"),
        (LATE_IN_LONDON, "2026-11-23T00:30", "Open now, until 01:00"),
        (EARLY_IN_LONDON, "2026-11-22T12:00", "Open now, until 24:00"),
        (EARLY_IN_LONDON, "2026-11-23T00:00", "Closed. Opens today 01:00"),
    ],
)
def test_a_service_abroad_is_said_by_the_clock_of_who_reads(
    words: Mapping[str, Words], opening: Hours, now: str, english: str
) -> None:
    assert opening_words(opening, now=at(now), words=words["en"], zone=AMSTERDAM) == english


@pytest.mark.parametrize(
    ("now", "english"),
    [
        ("2027-03-27T21:00", "Closed. Opens tomorrow 11:00"),
        ("2027-03-28T10:59", "Closed. Opens today 11:00"),
        ("2027-03-28T11:00", "Open now, until 21:00"),
        ("2027-10-30T21:00", "Closed. Opens tomorrow 11:00"),
        ("2027-10-31T10:59", "Closed. Opens today 11:00"),
        ("2027-10-31T20:59", "Open now, until 21:00"),
    ],
)
def test_on_both_days_of_the_clock_change_the_words_follow_the_wall(
    words: Mapping[str, Words], now: str, english: str
) -> None:
    assert opening_words(EVENINGS, now=at(now), words=words["en"], zone=AMSTERDAM) == english


def test_an_hour_that_a_clock_change_leaves_out_is_none_to_open_in(words: Mapping[str, Words]) -> None:
    """On 28 March 2027 the clock goes from 02:00 to 03:00: half past two is half past three."""
    early = Hours(weekly=(OpenHours(weekdays=EVERY_DAY, starts=150, ends=600),), zone=AMSTERDAM)

    assert opening_words(early, now=at("2027-03-28T01:59"), words=words["en"], zone=AMSTERDAM) == (
        "Closed. Opens today 03:30"
    )
    assert not is_open(early, now=at("2027-03-28T03:29"))
    assert is_open(early, now=at("2027-03-28T03:30"))


def test_an_hour_that_comes_twice_is_waited_for_once() -> None:
    """On 31 October 2027 the hour from 02:00 comes twice: who closes at half past two closes in the first."""
    night = Hours(weekly=(OpenHours(weekdays=EVERY_DAY, starts=0, ends=150),), zone=AMSTERDAM)
    first = at("2027-10-31T02:15")

    assert is_open(night, now=first)
    assert not is_open(night, now=first + timedelta(hours=1))
    assert ALWAYS.is_day_and_night
    assert is_open(ALWAYS, now=first + timedelta(hours=1))
    assert closes_at(ALWAYS, now=first) is None


def test_what_is_closed_closes_never() -> None:
    assert closes_at(EVENINGS, now=at("2026-11-22T22:00")) is None
    assert closes_at(ALWAYS, now=at("2026-11-22T22:00")) is None


def test_only_a_whole_week_without_holidays_is_day_and_night() -> None:
    assert ALWAYS.is_day_and_night
    assert not EVENINGS.is_day_and_night
    assert not hours((EVERY_DAY, 0, 24), closed_on_holidays=True).is_day_and_night
    assert not hours(((0, 1, 2, 3, 4, 5), 0, 24)).is_day_and_night


def test_words_exist_in_every_language() -> None:
    for language, known in load_words(CONTENT, languages=("nl", "en")).items():
        assert known.language == language
        assert len(set(known.days)) == 7
        assert len(set(known.months)) == 12
