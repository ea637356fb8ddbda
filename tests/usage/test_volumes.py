"""What figures can say of a year: margins as the release draws them, and numbers from which a quality is reached."""

from fractions import Fraction

import pytest

from helpline.usage.codebook import Codebook, PeriodKind, Table, Unit
from helpline.usage.figures import quality
from helpline.usage.margin import margin95, margin95_of
from helpline.usage.volumes import expected

TABLES = ("path", "arrival", "callback", "page", "lead")


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest, codebook: Codebook) -> Table:
    """Give each table in turn."""
    found = codebook.table(str(request.param))
    assert found is not None
    return found


def test_the_margin_of_a_period_is_that_of_its_release(table: Table) -> None:
    flushes = {PeriodKind.WEEK: 7, PeriodKind.QUARTER: 13}[table.period]

    assert expected(table, yearly=0).period_margin == margin95(
        table.epsilon, store_epsilon=Fraction(2), flushes=flushes
    )


def test_a_year_holds_the_noise_of_all_its_periods_and_the_total_of_all_cells(table: Table) -> None:
    found = expected(table, yearly=0)
    periods = {PeriodKind.WEEK: 52, PeriodKind.QUARTER: 4}[table.period]
    flushes = {PeriodKind.WEEK: 364, PeriodKind.QUARTER: 52}[table.period]
    cells = len(table.cells)

    assert found.year_margin == margin95_of({table.epsilon: periods, Fraction(2): flushes})
    assert found.total_margin == margin95_of({table.epsilon: periods * cells, Fraction(2): flushes * cells})


def test_a_quality_is_reached_from_the_number_named_and_not_before(table: Table) -> None:
    found = expected(table, yearly=0)

    for least, letter in ((found.for_a, "A"), (found.for_b, "B")):
        assert quality(least, margin=found.year_margin) == letter
        assert quality(least - 1, margin=found.year_margin) > letter


def test_parts_and_total_are_judged_by_their_own_margins(table: Table) -> None:
    cells = len(table.cells)
    found = expected(table, yearly=1000 * cells)

    assert found.even == 1000
    assert found.even_quality == quality(1000, margin=found.year_margin)
    assert found.total_quality == quality(1000 * cells, margin=found.total_margin)
    assert expected(table, yearly=0).total_quality == "D"


def test_a_line_of_eighty_contacts_is_good_for_the_large_picture(codebook: Codebook) -> None:
    """Of the 1,871 contacts that one helpline of this kind published of a year."""
    tables = [table for table in codebook.tables if table.unit is Unit.TALK]
    found = [expected(table, yearly=1_871) for table in tables]

    assert len(found) == 7
    assert {it.for_b <= 80 for it in found} == {True}
    assert {quality(80, margin=it.year_margin) for it in found} == {"B"}
    assert {it.total_quality for it in found} <= {"A", "B"}
