"""What all files together tell of one unit: added up from the ledger, and no more than the codebook may spend."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from helpline.usage.codebook_reading import read_codebook
from helpline.usage.codebook_rules import UNIT_CAPS
from helpline.usage.invented import fill_counts
from helpline.usage.periods import year_called
from helpline.usage.released import Counted, read_counted, released_periods
from helpline.usage.rows import ALL_CELLS, rows, totals
from helpline.usage.statement import together
from tests.support.stores import Stores
from tests.support.world import programme
from tests.usage.counted import MONDAY


@pytest.fixture
def counted(stores: Stores, tmp_path: Path) -> list[Counted]:
    """Give every released period of a demo."""
    with stores.counts.begin() as session:
        fill_counts(session, programme=programme(tmp_path), now=MONDAY)
        return list(everything(session, tables=[table.id for table in read_codebook(programme(tmp_path)).tables]))


def everything(session: Session, *, tables: Sequence[str]) -> list[Counted]:
    """Return what may be seen of *tables*."""
    return [
        part for table in tables for part in read_counted(session, released_periods(session, table=table, now=MONDAY))
    ]


def test_tables_of_a_unit_add_up_to_what_the_codebook_may_spend_and_periods_do_not(counted: list[Counted]) -> None:
    assert len(counted) > len({part.table.id for part in counted})
    assert together(counted) == {unit.value: cap for unit, cap in UNIT_CAPS.items()}


def test_the_ledger_is_believed_and_not_the_codebook(counted: list[Counted]) -> None:
    at = next(place for place, part in enumerate(counted) if part.table.id == "arrival")
    counted[at] = replace(counted[at], spent=replace(counted[at].spent, epsilon=Fraction(2)))

    assert together(counted)["visit"] == Fraction(5, 2)


def test_nothing_released_costs_nothing() -> None:
    assert together([]) == {}


def test_a_whole_year_is_added_up_under_its_name_and_all_years_together(stores: Stores, tmp_path: Path) -> None:
    with stores.counts.begin() as session:
        fill_counts(session, programme=programme(tmp_path), now=MONDAY, since=year_called(2025).starts)
        parts = list(everything(session, tables=["callback"]))
    found = {row.period: row for row in totals(parts, language="en") if row.cell == ALL_CELLS}

    quarters = [f"demo {year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]
    assert list(found) == [*quarters, "demo 2025", "demo 2026", "demo 2025-Q1 - demo 2026-Q4"]
    assert found["demo 2025"].value == sum(found[name].value for name in quarters[:4])
    assert found["demo 2025"].margin95 < found["demo 2025-Q1 - demo 2026-Q4"].margin95
    assert [row.period for row in totals(parts[1:4], language="en")][-1] == "demo 2025-Q2 - demo 2025-Q4"


def test_a_sum_over_two_prices_says_the_dearer_one(counted: list[Counted]) -> None:
    parts = [part for part in counted if part.table.id == "arrival"]
    parts[0] = replace(parts[0], spent=replace(parts[0].spent, epsilon=Fraction(2)))
    *_, over_all = totals(parts, language="en")

    assert [row.epsilon for row in rows(parts, language="en")][:: len(parts[0].table.cells)][:2] == ["2", "0.5"]
    assert over_all.epsilon == "2"
