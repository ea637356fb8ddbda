"""Ten years of periods in the store: a screen reads those that it shows, as with one year."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from counsellors import counted
from helpline.usage.figures import Step, span_in
from helpline.usage.invented import fill_counts
from helpline.usage.ledger import ledger_row
from helpline.usage.released import Counted, ReleasedPeriod, read_counted
from helpline.usage.tables import LedgerKind, Period, PeriodState, ReleasedCell
from tests.support.office import Office, Person

YEAR, QUARTER = "2026", "2026-Q4"
PATHS = (
    "/counts",
    f"/counts/callback/quarter/{YEAR}",
    f"/counts/callback/year/{YEAR}",
    f"/counts/callback/period/quarter/{QUARTER}",
    f"/counts/callback/compare/quarter/{QUARTER}/{QUARTER}",
    f"/counts/statement/{YEAR}",
    f"/counts/questions/{YEAR}",
    f"/counts/report/{YEAR}",
)


@pytest.fixture
def programme_staff(any_office: Office) -> Person:
    """Give programme staff, signed in, after some invented counts."""
    with any_office.stores.counts.begin() as session:
        fill_counts(session, programme=any_office.services.programme, now=any_office.clock.now)
    return any_office.person(any_office.cast.programme_staff)


@pytest.fixture
def cost(
    any_office: Office, programme_staff: Person, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[int, int]]:
    """Give a way to open a page and learn how many questions it asks of the counts, and how many periods it reads."""
    asked: list[str] = []
    read: list[int] = []

    def reading(session: Session, periods: Sequence[ReleasedPeriod]) -> tuple[Counted, ...]:
        read.append(len(periods))
        return read_counted(session, periods)

    def asking(*told: object) -> None:
        asked.append(str(told[2]))

    monkeypatch.setattr(counted, "read_counted", reading)
    event.listen(any_office.services.counts.engine, "before_cursor_execute", asking)

    def opened(path: str) -> tuple[int, int]:
        asked.clear()
        read.clear()
        assert programme_staff.get(path).status == 200
        return len(asked), sum(read)

    return opened


def fill_quarter(session: Session, office: Office, *, year: int, quarter: int) -> None:
    """Write a released quarter of requested talks, with a flush and a close."""
    table = office.services.texts.codebook.table("callback")
    assert table is not None
    span, now = span_in(Step.QUARTER, date(year, 3 * quarter - 1, 15)), office.clock.now
    period = Period(
        id=f"callback/{span.name}",
        table_id=table.id,
        name=span.name,
        starts=span.starts,
        ends=span.ends,
        state=PeriodState.CLOSED,
        definition_digest=table.digest,
        margin95=9,
        visible_at=now,
    )
    session.add(period)
    session.flush()
    session.add_all(ReleasedCell(period_id=period.id, cell=cell.id, value=40) for cell in table.cells)
    session.add_all(ledger_row(period, table=table, kind=kind, now=now) for kind in LedgerKind)


def test_a_screen_costs_the_same_with_ten_years_in_store(
    any_office: Office, cost: Callable[[str], tuple[int, int]]
) -> None:
    with any_office.stores.counts.begin() as session:
        for quarter in (1, 2, 3):
            fill_quarter(session, any_office, year=int(YEAR), quarter=quarter)
    one_year = {path: cost(path) for path in PATHS}
    with any_office.stores.counts.begin() as session:
        for year in range(2017, 2026):
            for quarter in (1, 2, 3, 4):
                fill_quarter(session, any_office, year=year, quarter=quarter)
        assert len(session.scalars(select(Period.id).where(Period.table_id == "callback")).all()) == 40

    assert {path: cost(path) for path in PATHS} == one_year
    assert one_year[f"/counts/callback/quarter/{YEAR}"][1] == 4
