"""A demo's counts: there at once, the same each time, and never taken for real ones."""

import csv
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from helpline.settings.programme import Programme
from helpline.store.engine import Sessions
from helpline.usage.codebook import Unit
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.export import file_of
from helpline.usage.figures import figure_of, is_clear_change
from helpline.usage.invented import WEEKS, fill_counts
from helpline.usage.periods import year_of
from helpline.usage.release import Release, run
from helpline.usage.released import ReleasedPeriod, read_counted, released_periods
from tests.support.stores import Stores, opened_stores, upgrade_all
from tests.support.world import World
from tests.usage.counted import MONDAY

NOW = MONDAY + timedelta(hours=6)


@pytest.fixture
def demo(stores: Stores, world: World) -> Sessions:
    """Give a store that a demo has filled on a Monday morning."""
    with stores.counts.begin() as session:
        fill_counts(session, programme=world.programme, now=NOW)
    return stores.counts


def seen(sessions: Sessions, table: str) -> tuple[ReleasedPeriod, ...]:
    """Return what can be seen of *table*."""
    with sessions.read() as session:
        return released_periods(session, table=table, now=NOW)


def exported(sessions: Sessions, table: str) -> str:
    """Return the file of everything that can be seen of *table*."""
    with sessions.read() as session:
        return file_of(session, periods=released_periods(session, table=table, now=NOW), language="en").decode()


def rows_of(content: str) -> list[dict[str, str]]:
    """Return the numbers of a file, without the lines above them."""
    return list(csv.DictReader(line for line in content.splitlines() if "# " not in line[:3]))


def sum_of(content: str) -> int:
    """Return what the numbers of a file add up to."""
    return sum(int(row["value"]) for row in rows_of(content))


def test_a_demo_has_eight_weeks_and_a_quarter_to_show(demo: Sessions) -> None:
    assert [period.name for period in seen(demo, "arrival")] == [f"demo 2026-W{week}" for week in (53,)] + [
        f"demo 2027-W{week:02}" for week in range(1, WEEKS)
    ]
    assert [period.name for period in seen(demo, "callback")] == ["demo 2026-Q4"]


def test_a_demo_can_show_a_whole_year_and_what_came_after_it(stores: Stores, world: World) -> None:
    since = year_of(date(2026, 7, 1)).starts
    with stores.counts.begin() as session:
        fill_counts(session, programme=world.programme, now=NOW, since=since)

    weeks, quarters = seen(stores.counts, "arrival"), seen(stores.counts, "callback")
    assert [period.name for period in quarters] == [f"demo 2026-Q{quarter}" for quarter in (1, 2, 3, 4)]
    assert len(weeks) == 53 + 7
    assert weeks[0].starts == quarters[0].starts == since


def test_every_file_of_a_demo_says_so_in_its_first_line_and_in_every_row(demo: Sessions) -> None:
    for table in ("path", "arrival", "callback", "page", "lead"):
        content = exported(demo, table)
        rows = rows_of(content)

        assert content.startswith("\ufeff# Invented numbers of a demo")
        assert all(row["period"].startswith("demo ") for row in rows)
        assert len({row["value"] for row in rows}) > 3


def test_invented_numbers_are_the_same_in_every_demo(demo: Sessions, world: World, tmp_path: Path) -> None:
    with opened_stores(tmp_path / "another", database_url=None) as another:
        upgrade_all(another)
        with another.counts.begin() as session:
            fill_counts(session, programme=world.programme, now=NOW + timedelta(hours=1))

        assert exported(another.counts, "arrival") == exported(demo, "arrival")


def test_tables_of_visits_agree_with_each_other(demo: Sessions) -> None:
    arrived, followed = (sum_of(exported(demo, table)) for table in ("arrival", "path"))

    assert followed < arrived


def test_tables_of_talks_tell_of_the_same_talks(demo: Sessions, world: World) -> None:
    tables = [table for table in read_codebook(world.programme).tables if table.unit is Unit.TALK]
    with demo.read() as session:
        totals = [
            figure_of(counted, [cell.id for cell in table.cells])
            for table in tables
            for counted in [read_counted(session, released_periods(session, table=table.id, now=NOW))]
        ]

    assert len(totals) == 7
    assert not [(one, other) for one, other in combinations(totals, 2) if is_clear_change(one, other)]


def test_booked_talks_that_were_held_are_contacts(demo: Sessions) -> None:
    (booked,) = (int(row["value"]) for row in rows_of(exported(demo, "contact_channel")) if row["cell"] == "booked")
    held = sum(int(row["value"]) for row in rows_of(exported(demo, "callback")) if row["cell"].endswith(".held"))

    assert abs(booked - held) < booked / 10


def test_but_for_the_noise_they_are_as_many_in_every_quarter(
    stores: Stores, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpline.usage.invented.NOISE", 0)
    with stores.counts.begin() as session:
        fill_counts(session, programme=world.programme, now=NOW, since=year_of(date(2026, 7, 1)).starts)
    booked = [
        int(row["value"]) for row in rows_of(exported(stores.counts, "contact_channel")) if row["cell"] == "booked"
    ]
    asked = rows_of(exported(stores.counts, "callback"))
    by_you, by_us = (
        [int(row["value"]) for row in asked if row["cell"] == f"{it}.held"] for it in ("you_ring", "we_ring")
    )

    assert len(booked) == 4
    assert all(abs(one - you - us) <= 1 for one, you, us in zip(booked, by_you, by_us, strict=True))


def test_a_demo_counts_on_for_real_beside_the_invented_weeks(demo: Sessions, release: Release) -> None:
    run(release, now=MONDAY + timedelta(days=1))
    report = run(release, now=MONDAY + timedelta(days=7))

    assert "arrival/2027-W09" in report.closed
    with demo.read() as session:
        later = released_periods(session, table="arrival", now=NOW + timedelta(days=30))
    assert [period.invented for period in later] == [True] * WEEKS + [False]


def test_the_languages_of_the_programme_decide_the_cells(demo: Sessions, world: World) -> None:
    def cells(programme: Programme) -> set[str]:
        return {
            f"{language}.{channel}" for language in programme.languages for channel in ("direct", *programme.channels)
        }

    rows = rows_of(exported(demo, "arrival"))

    assert {row["cell"] for row in rows} == cells(world.programme)
