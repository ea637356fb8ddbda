"""Published series and the register: one row a year, replaced when it comes again."""

import pytest
from sqlalchemy.exc import IntegrityError

from helpline.outside.tables import Entry, SeriesYear
from helpline.outside.yearly import (
    drop_series_year,
    keep_register,
    keep_series_year,
    register_of,
    register_years,
    series_years,
)
from tests.support.stores import Stores


def year_of(series: str, year: int, value: int) -> SeriesYear:
    return SeriesYear(series=series, year=year, value=value, source="yearly report, page 4")


def test_a_year_that_comes_again_replaces_itself(stores: Stores) -> None:
    for row in (year_of("mails", 2024, 7), year_of("contacts", 2025, 2), year_of("contacts", 2024, 1)):
        with stores.office.begin() as session:
            keep_series_year(session, row)
    with stores.office.begin() as session:
        keep_series_year(session, year_of("contacts", 2024, 3))

    with stores.office.read() as session:
        found = [(row.series, row.year, row.value) for row in series_years(session)]
    assert found == [("contacts", 2024, 3), ("contacts", 2025, 2), ("mails", 2024, 7)]


def test_a_year_is_taken_out_once(stores: Stores) -> None:
    with stores.office.begin() as session:
        keep_series_year(session, year_of("contacts", 2024, 1))
    with stores.office.begin() as session:
        assert drop_series_year(session, series="contacts", year=2024)
    with stores.office.begin() as session:
        assert not drop_series_year(session, series="contacts", year=2024)


def test_a_register_says_what_was_typed_last(stores: Stores) -> None:
    for numbers in ({Entry.COMPLAINTS: 2, Entry.BREACHES: 1}, {Entry.COMPLAINTS: 0}):
        with stores.office.begin() as session:
            keep_register(session, year=2025, numbers=numbers)

    with stores.office.read() as session:
        assert register_of(session, year=2025) == {Entry.COMPLAINTS: 0}
        assert register_of(session, year=2024) == {}
        assert register_years(session) == [2025]


def test_no_number_lies_below_zero(stores: Stores) -> None:
    with pytest.raises(IntegrityError), stores.office.begin() as session:
        keep_series_year(session, year_of("contacts", 2024, -1))
    with pytest.raises(IntegrityError), stores.office.begin() as session:
        keep_register(session, year=2025, numbers={Entry.COMPLAINTS: -1})
