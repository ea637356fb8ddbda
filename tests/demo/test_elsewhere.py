"""What a demo says that others counted: it stands around the first year that has counts."""

from datetime import date

from helpline.demo.elsewhere import PUBLISHED, fill_elsewhere
from helpline.outside.missed import days_with_totals
from helpline.outside.yearly import register_years, series_years
from helpline.usage.periods import year_called
from tests.support.stores import Stores


def test_published_years_come_before_the_counted_one_and_every_day_of_it_is_known(stores: Stores) -> None:
    year = year_called(2025)  # it begins in the December before
    with stores.office.begin() as session:
        fill_elsewhere(session, since=year.starts, today=date(2026, 11, 27))

        assert [(row.year, row.value) for row in series_years(session)] == list(
            zip((2023, 2024), PUBLISHED, strict=True)
        )
        assert register_years(session) == [2025]
        assert days_with_totals(session, first=year.starts, last=year.last) == (year.ends - year.starts).days
