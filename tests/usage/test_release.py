"""Flush and close: every cell, once, in the right week."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from sqlalchemy import func, select

from helpline.settings.environment import Mode, OfficeSettings
from helpline.store.engine import Sessions
from helpline.usage.codebook import STORE_EPSILON, Codebook
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counter_file import shared_folder
from helpline.usage.counting import Counters
from helpline.usage.ledger import FlushKey, one_writer, write_flush
from helpline.usage.release import Release, Report, _alone, close, flush, run, run_release
from helpline.usage.tables import Flush, LedgerKind, LedgerRow, NoisedCell, Period, PeriodState, ReleasedCell
from tests.support.keys import CODE_KEY, OFFICE_PEPPER, SESSION_KEY
from tests.support.stores import Stores
from tests.support.world import programme
from tests.usage.counted import MONDAY, in_memory, released, working

DAY = timedelta(days=1)
THURSDAY = MONDAY - 4 * DAY
WEEKLY = ("arrival/2027-W08", "page/2027-W08", "path/2027-W08")


def start_counting(release: Release) -> None:
    """Let the host have flushed before, so that it is no new one."""
    run(release, now=THURSDAY)


def rows(sessions: Sessions, kind: LedgerKind) -> list[LedgerRow]:
    """Return what the ledger says of one kind of noise."""
    with sessions.read() as session:
        return list(session.scalars(select(LedgerRow).where(LedgerRow.kind == kind)))


def test_a_flush_brings_every_cell_into_the_store_zeros_too(release: Release, counters: Counters) -> None:
    counters.count(("page", "home"))

    assert run(release, now=THURSDAY) == Report(flushed=2)

    with release.sessions.read() as session:
        assert session.scalar(select(func.count()).select_from(NoisedCell)) == len(release.codebook.places)
        assert working(session, "page/2027-W08") == {"home": 1}
        assert working(session, "callback/2027-Q1") == {}


def test_noise_is_drawn_for_every_cell_also_when_nothing_happened(release: Release) -> None:
    drawn: list[tuple[int, Fraction]] = []

    def noted(values: Sequence[int], epsilon: Fraction) -> list[int]:
        drawn.append((len(values), epsilon))
        return [value + 1 for value in values]

    run(replace(release, noise=noted), now=THURSDAY)

    assert sorted(drawn) == sorted((len(table.cells), STORE_EPSILON) for table in release.codebook.tables)
    with release.sessions.read() as session:
        assert set(session.scalars(select(NoisedCell.value))) == {1}


def test_a_release_draws_noise_at_the_price_of_its_table(release: Release) -> None:
    start_counting(release)
    flush(release, now=MONDAY)
    drawn: dict[tuple[int, Fraction], int] = {}

    def noted(values: Sequence[int], epsilon: Fraction) -> list[int]:
        drawn[len(values), epsilon] = drawn.get((len(values), epsilon), 0) + 1
        return list(values)

    close(replace(release, noise=noted), now=MONDAY)

    assert drawn == {
        (len(table.cells), table.epsilon): 1
        for table in release.codebook.tables
        if table.id in {"path", "arrival", "page"}
    }


def test_a_release_waits_for_a_flush_that_is_being_written(release: Release) -> None:
    """Otherwise what the flush adds would be lost with the working cells that the release deletes."""
    start_counting(release)
    run(release, now=MONDAY - DAY)
    key = FlushKey(host="one", day=(MONDAY - timedelta(hours=12)).date(), codebook="late")
    closed: list[tuple[str, ...]] = []
    closer = threading.Thread(target=lambda: closed.append(close(release, now=MONDAY + DAY)))
    with release.sessions.begin() as session:
        one_writer(session)
        closer.start()
        closer.join(timeout=0.5)
        waited = closer.is_alive()
        ones = [1] * len(release.codebook.places)
        write_flush(session, key, codebook=release.codebook, noised=ones, now=MONDAY)
    closer.join()

    assert waited
    assert closed == [WEEKLY]
    with release.sessions.read() as session:
        assert set(released(session, "arrival/2027-W08").values()) == {1}


def test_a_day_is_flushed_once(release: Release, counters: Counters, run_dir: Path, codebook: Codebook) -> None:
    start_counting(release)
    counters.count(("page", "home"))

    assert run(release, now=THURSDAY + timedelta(hours=5)) == Report()
    assert in_memory(run_dir, codebook) == {("page", "home"): 1}
    assert run(release, now=THURSDAY + DAY) == Report(flushed=1)
    assert in_memory(run_dir, codebook) == {}
    with release.sessions.read() as session:
        assert working(session, "page/2027-W08") == {"home": 1}


def test_a_week_adds_up_and_is_released_on_monday_night(release: Release, counters: Counters) -> None:
    start_counting(release)
    for day in range(1, 4):
        counters.count(("arrival", "nl.direct"))
        run(release, now=THURSDAY + day * DAY)
    counters.count(("arrival", "nl.direct"))

    report = run(release, now=MONDAY)

    assert report == Report(flushed=2, closed=WEEKLY)
    with release.sessions.read() as session:
        assert released(session, "arrival/2027-W08") == dict.fromkeys(
            ["nl.k7", "nl.m2", "en.direct", "en.k7", "en.m2"], 0
        ) | {"nl.direct": 4}
        assert working(session, "arrival/2027-W08") == {}
        assert session.scalar(select(func.count()).where(NoisedCell.period_id.in_(WEEKLY))) == 0


def test_what_happens_on_sunday_night_belongs_to_the_old_week(release: Release, counters: Counters) -> None:
    start_counting(release)
    run(release, now=MONDAY - DAY)
    counters.count(("page", "now"))
    run(release, now=MONDAY)
    counters.count(("page", "who"))
    run(release, now=MONDAY + DAY)

    with release.sessions.read() as session:
        assert released(session, "page/2027-W08")["now"] == 1
        assert working(session, "page/2027-W09") == {"who": 1}


def test_the_ledger_says_what_everything_cost(release: Release) -> None:
    start_counting(release)
    run(release, now=MONDAY)

    flushes, closes = rows(release.sessions, LedgerKind.FLUSH), rows(release.sessions, LedgerKind.CLOSE)
    assert {(row.epsilon, row.sensitivity) for row in flushes} == {("2", 1)}
    assert len(flushes) == 2 * len(release.codebook.tables)
    assert {row.table_id: (row.unit, row.epsilon) for row in closes} == {
        "path": ("visit", "1/2"),
        "arrival": ("visit", "1/2"),
        "page": ("read", "1/4"),
    }


def test_missed_nights_are_caught_up(release: Release, counters: Counters) -> None:
    start_counting(release)
    counters.count(("page", "now"))

    report = run(release, now=MONDAY + 2 * DAY)

    assert report.closed == WEEKLY
    with release.sessions.read() as session:
        assert working(session, "page/2027-W09") == {"now": 1}
        assert session.scalar(select(func.count()).select_from(Flush)) == 4


def test_a_machine_that_was_off_leaves_a_gap_and_no_row_of_zeros(release: Release) -> None:
    start_counting(release)

    assert run(release, now=THURSDAY + 21 * DAY).closed == WEEKLY

    with release.sessions.read() as session:
        names = session.scalars(select(Period.name).where(Period.table_id == "page").order_by(Period.starts))
        assert list(names) == ["2027-W08", "2027-W11"]


def test_a_machine_that_begins_on_a_monday_opens_no_week_before(release: Release) -> None:
    assert run(release, now=MONDAY + timedelta(hours=7)) == Report(flushed=2)

    with release.sessions.read() as session:
        assert set(session.scalars(select(Period.name))) == {"2027-W09", "2027-Q1"}


def test_a_quarter_closes_after_its_last_week(release: Release) -> None:
    run(release, now=MONDAY + 27 * DAY)

    assert "callback/2027-Q1" in run(release, now=MONDAY + 28 * DAY).closed


def test_two_releases_at_once_on_one_host_do_the_work_of_one(release: Release) -> None:
    with _alone(shared_folder(release.run_dir)):
        assert run(release, now=THURSDAY) == Report(busy=True)
    assert run(release, now=THURSDAY) == Report(flushed=2)


def flushes(release: Release) -> list[tuple[str, int]]:
    """Return every table of talks and requests with how often the ledger says that it was flushed."""
    rows = select(LedgerRow.table_id, func.count()).where(LedgerRow.kind == LedgerKind.FLUSH)
    with release.sessions.read() as session:
        found = session.execute(rows.group_by(LedgerRow.table_id).order_by(LedgerRow.table_id))
        return [(table, number) for table, number in found if table in {"contact_next", "lead", "page"}]


def test_talks_and_requests_leave_memory_once_a_week(release: Release, counters: Counters) -> None:
    run(release, now=MONDAY)
    counters.count(("lead", "over_7_days"))
    for day in range(1, 7):
        run(release, now=MONDAY + day * DAY)
    assert flushes(release) == [("contact_next", 1), ("lead", 1), ("page", 7)]

    assert run(release, now=MONDAY + 7 * DAY).flushed == 2

    assert flushes(release) == [("contact_next", 2), ("lead", 2), ("page", 8)]
    with release.sessions.read() as session:
        assert working(session, "lead/2027-Q1") == {"over_7_days": 1}


def test_an_early_flush_is_one_more_draw_and_is_done_once_a_day(release: Release, counters: Counters) -> None:
    run(release, now=MONDAY)
    counters.count(("lead", "over_7_days"))
    wednesday = MONDAY + 2 * DAY + timedelta(hours=12)

    assert run(release, now=wednesday, early=True).flushed == 2
    assert run(release, now=wednesday, early=True) == Report()
    assert flushes(release) == [("contact_next", 2), ("lead", 2), ("page", 2)]
    with release.sessions.read() as session:
        assert working(session, "lead/2027-Q1") == {"over_7_days": 1}
    assert run(release, now=MONDAY + 7 * DAY).flushed == 2


def test_a_late_flush_of_a_week_still_belongs_to_the_quarter_that_it_was_counted_in(
    release: Release, counters: Counters
) -> None:
    run(release, now=MONDAY + 21 * DAY)
    counters.count(("lead", "over_7_days"))
    for day in range(22, 28):
        run(release, now=MONDAY + day * DAY)

    closed = run(release, now=MONDAY + 30 * DAY).closed

    assert "lead/2027-Q1" in closed
    with release.sessions.read() as session:
        assert released(session, "lead/2027-Q1")["over_7_days"] == 1


def test_a_whole_run_with_real_noise_from_the_settings_of_the_back_office(
    stores: Stores, tmp_path: Path, run_dir: Path
) -> None:
    settings = OfficeSettings(
        mode=Mode.PRODUCTION,
        data_dir=stores.data_dir,
        run_dir=run_dir,
        database_url=stores.database_url,
        code_key=CODE_KEY,
        roster_verify_keys=(),
        trusted_proxy=False,
        allowed_hosts=(),
        programme=programme(tmp_path),
        session_key=SESSION_KEY,
        office_pepper=OFFICE_PEPPER,
    )
    run_release(settings, now=MONDAY - DAY)

    assert run_release(settings, now=MONDAY) == Report(flushed=2, closed=WEEKLY)

    with stores.counts.read() as session:
        values = list(session.scalars(select(ReleasedCell.value)))
        states = dict(session.execute(select(Period.name, Period.state)).all())
    assert any(value < 0 for value in values)
    assert any(value > 0 for value in values)
    assert states == {"2027-W08": PeriodState.CLOSED, "2027-Q1": PeriodState.OPEN}
    assert in_memory(run_dir, read_codebook(settings.programme)) == {}
    assert run_release(settings, now=MONDAY + DAY, early=True).flushed == 2
