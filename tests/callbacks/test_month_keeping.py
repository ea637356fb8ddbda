"""A month is drafted, saved by one of two, and published as exceptions: what was shown, and nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpline.callbacks.doors import Asked, Door
from helpline.callbacks.exceptions import ReplacedDay, close_days, replace_day, replaced_days
from helpline.callbacks.month import usual
from helpline.callbacks.month_keeping import (
    Change,
    DraftChangedError,
    Start,
    begin_draft,
    changes,
    drop_draft,
    fingerprint,
    hours_of,
    publish,
    read_draft,
    save_draft,
)
from helpline.callbacks.rota_keeping import NewHours, add_counsellor, add_hours, retire_counsellor
from helpline.callbacks.spans import Half, Spans
from helpline.callbacks.tables import CounsellorId
from helpline.callbacks.times import free_times
from helpline.store.engine import Sessions
from tests.support.stores import Stores, opened_stores
from tests.support.talks import AMSTERDAM, bookings, request
from tests.support.world import NOW, World, make_world

ANNA, BRAM = CounsellorId("anna"), CounsellorId("bram")
MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)
TODAY = date(2027, 3, 1)
FIFTH, SIXTH = date(2027, 4, 5), date(2027, 4, 6)
DAILY: Spans = ((540, 1020),)
MORNING: Spans = ((540, 720),)


@pytest.fixture
def helpline(stores: Stores) -> Sessions:
    """Give the store of two counsellors, anna every day from nine to five, bram without hours."""
    with stores.helpline.begin() as session:
        for name in (ANNA, BRAM):
            add_counsellor(session, name, alias=name.title(), languages=["nl"], youth=False)
        for weekday in range(7):
            add_hours(session, ANNA, hours=NewHours(weekday, 540, 1020, valid_from=date(2027, 2, 1)))
    return stores.helpline


def begin(helpline: Sessions, *, month: date = APRIL, start: Start = Start.WEEKLY) -> bool:
    with helpline.begin() as session:
        return begin_draft(session, month, start=start, today=TODAY)


def drafted(helpline: Sessions, *, month: date = APRIL) -> dict[tuple[CounsellorId, date], Spans]:
    with helpline.read() as session:
        draft = read_draft(session, month)
    assert draft is not None
    return dict(draft.days)


def save(helpline: Sessions, days: dict[tuple[CounsellorId, date], Spans], *, version: int = 1) -> None:
    with helpline.begin() as session:
        save_draft(session, APRIL, version=version, days=days)


def shown(helpline: Sessions) -> list[Change]:
    with helpline.read() as session:
        draft = read_draft(session, APRIL)
        return changes(session, APRIL, days=draft.days if draft else {}, today=TODAY)


def put_out(helpline: Sessions, *, version: int = 2, seen: list[Change] | None = None) -> list[Change]:
    name = fingerprint(shown(helpline) if seen is None else seen)
    with helpline.begin() as session:
        return publish(session, APRIL, version=version, shown=name, today=TODAY)


def excepted(helpline: Sessions, whose: CounsellorId) -> list[ReplacedDay]:
    with helpline.read() as session:
        return replaced_days(session, whose, first=TODAY, last=date.max)


def test_a_draft_of_the_weekly_hours_changes_nothing(helpline: Sessions) -> None:
    assert begin(helpline)

    assert drafted(helpline) == {}
    assert shown(helpline) == []


def test_a_draft_that_is_begun_is_not_begun_anew(helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(BRAM, FIFTH): MORNING})

    assert not begin(helpline, start=Start.LAST_MONTH)
    assert drafted(helpline) == {(BRAM, FIFTH): MORNING}


def test_last_month_is_copied_weekday_by_weekday_but_for_days_somebody_changed_herself(helpline: Sessions) -> None:
    with helpline.begin() as session:
        replace_day(session, BRAM, day=date(2027, 3, 8), spans=MORNING)  # a Monday
        replace_day(session, ANNA, day=date(2027, 3, 9), spans=())
        replace_day(session, ANNA, day=SIXTH, spans=((600, 660),))
        replace_day(session, BRAM, day=date(2027, 3, 2), spans=MORNING)
    begin(helpline, start=Start.LAST_MONTH)

    assert drafted(helpline) == {(BRAM, FIFTH): MORNING}


def test_publishing_writes_exceptions_and_ends_the_draft(helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): (), (BRAM, FIFTH): MORNING})

    assert put_out(helpline) == [Change(ANNA, FIFTH, DAILY, ()), Change(BRAM, FIFTH, (), MORNING)]
    assert excepted(helpline, ANNA) == [ReplacedDay(FIFTH, ())]
    assert excepted(helpline, BRAM) == [ReplacedDay(FIFTH, MORNING)]
    with helpline.read() as session:
        assert read_draft(session, APRIL) is None


def test_a_day_that_goes_back_to_the_weekly_hours_keeps_no_exception(helpline: Sessions) -> None:
    with helpline.begin() as session:
        replace_day(session, ANNA, day=FIFTH, spans=())
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): DAILY})

    assert put_out(helpline) == [Change(ANNA, FIFTH, (), DAILY)]
    assert excepted(helpline, ANNA) == []


def test_days_that_are_over_or_closed_and_people_who_left_are_left_alone(helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): (), (ANNA, SIXTH): (), (BRAM, SIXTH): MORNING})
    with helpline.begin() as session:
        close_days(session, first=FIFTH, last=FIFTH, label="A day out")
        retire_counsellor(session, BRAM, today=NOW.date())

    assert [(change.counsellor_id, change.day) for change in shown(helpline)] == [(ANNA, SIXTH)]
    with helpline.read() as session:
        draft = read_draft(session, APRIL)
        assert draft is not None
        assert changes(session, APRIL, days=draft.days, today=SIXTH + timedelta(days=1)) == []


def test_the_slower_of_two_who_save_is_told_and_changes_nothing(helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): ()})

    with pytest.raises(DraftChangedError):
        save(helpline, {(ANNA, SIXTH): ()})
    assert drafted(helpline) == {(ANNA, FIFTH): ()}
    save(helpline, {(ANNA, SIXTH): ()}, version=2)
    assert drafted(helpline) == {(ANNA, SIXTH): ()}


def test_of_many_who_save_the_same_version_at_once_one_wins(helpline: Sessions) -> None:
    begin(helpline)

    def try_to_save(number: int) -> bool:
        def work() -> bool:
            with helpline.begin() as session:
                save_draft(session, APRIL, version=1, days={(BRAM, FIFTH): ((540, 600 + 5 * number),)})
            return True

        return _is_won(work)

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(try_to_save, range(4)))
    assert sum(won) == 1
    assert drafted(helpline) == {(BRAM, FIFTH): ((540, 600 + 5 * won.index(True)),)}


def test_of_many_who_publish_at_once_one_wins(helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(BRAM, FIFTH): MORNING})
    seen = shown(helpline)

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(lambda _: _is_won(lambda: bool(put_out(helpline, seen=seen))), range(4)))
    assert sum(won) == 1
    assert excepted(helpline, BRAM) == [ReplacedDay(FIFTH, MORNING)]


def _is_won(work: Callable[[], bool]) -> bool:
    try:
        return work()
    except DraftChangedError:
        return False


def test_only_what_was_shown_is_published(helpline: Sessions) -> None:
    """Between the preview and the press she took a day off herself."""
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): MORNING})
    seen = shown(helpline)
    with helpline.begin() as session:
        replace_day(session, ANNA, day=FIFTH, spans=())

    with pytest.raises(DraftChangedError):
        put_out(helpline, seen=seen)
    assert excepted(helpline, ANNA) == [ReplacedDay(FIFTH, ())]
    assert drafted(helpline) == {(ANNA, FIFTH): MORNING}


def test_a_draft_that_is_thrown_away_changes_nothing(helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): ()})

    for version in (1, 2):
        try:
            with helpline.begin() as session:
                drop_draft(session, APRIL, version=version)
        except DraftChangedError:
            assert version == 1
    assert excepted(helpline, ANNA) == []
    assert begin(helpline)
    assert drafted(helpline) == {}


def test_a_draft_outlives_the_process(stores: Stores, helpline: Sessions) -> None:
    begin(helpline)
    save(helpline, {(ANNA, FIFTH): ((0, 60), (540, 1440))})

    with opened_stores(stores.data_dir, database_url=stores.database_url) as again:
        assert drafted(again.helpline) == {(ANNA, FIFTH): ((0, 60), (540, 1440))}


def test_what_is_published_is_what_can_be_booked_and_talks_that_stand_stay(stores: Stores, tmp_path: Path) -> None:
    world = make_world(stores.helpline, tmp_path)
    day = date(2027, 3, 2)
    request(stores.helpline, world)
    with stores.helpline.begin() as session:
        begin_draft(session, MARCH, start=Start.WEEKLY, today=TODAY)
        save_draft(session, MARCH, version=1, days={(ANNA, day): ((1080, 1140),), (BRAM, day): ()})
        found = changes(session, MARCH, days={(ANNA, day): ((1080, 1140),), (BRAM, day): ()}, today=TODAY)
        publish(session, MARCH, version=2, shown=fingerprint(found), today=TODAY)

    assert free_on(stores, world, day) == ["18:00", "18:30"]
    assert len(bookings(stores.helpline)) == 1


def free_on(stores: Stores, world: World, day: date) -> list[str]:
    assert world.desk.roster is not None
    asked = Asked("nl", door=Door.STAFF)
    with stores.helpline.read() as session:
        found = free_times(session, asked, programme=world.programme, roster=world.desk.roster, now=NOW)
    local = [time.starts_at.astimezone(AMSTERDAM) for time in found]
    return [f"{time:%H:%M}" for time in local if time.date() == day]


@pytest.mark.parametrize(
    ("whose", "day", "half", "expected"),
    [
        (ANNA, FIFTH, Half.MORNING, ((540, 720),)),
        (ANNA, FIFTH, Half.AFTERNOON, ((720, 1020),)),
        (BRAM, FIFTH, Half.MORNING, ((555, 750),)),
        (BRAM, FIFTH, Half.AFTERNOON, ((780, 1020),)),
    ],
    ids=["her morning", "her afternoon", "as on her other days", "nobody's"],
)
def test_a_tick_stands_for_the_hours_that_somebody_usually_has(
    helpline: Sessions, whose: CounsellorId, day: date, half: Half, expected: Spans
) -> None:
    with helpline.begin() as session:
        for weekday in (2, 3):
            add_hours(session, BRAM, hours=NewHours(weekday, 555, 750, valid_from=date(2027, 2, 1)))
        add_hours(session, BRAM, hours=NewHours(4, 600, 660, valid_from=date(2027, 2, 1)))
    with helpline.read() as session:
        assert usual(hours_of(session, APRIL), whose, day=day, half=half) == expected
