"""Two people who keep the same figures at the same moment: one after the other, and neither is told of an error."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest
from sqlalchemy.orm import Session

from helpline.outside.missed import missed_of, replace_days
from helpline.outside.tables import Cause, Entry, SeriesYear
from helpline.outside.yearly import keep_register, keep_series_year, register_of, series_years
from tests.support.stores import Stores

MONDAY = date(2026, 11, 23)
BLOCKED_SECONDS = 0.3
"""Whoever is not blocked is done long before."""

Work = Callable[[Session, int], None]


def keep_missed(session: Session, number: int) -> None:
    replace_days(session, {MONDAY: {Cause.CLOSED: number}})


def keep_published(session: Session, number: int) -> None:
    keep_series_year(session, SeriesYear(series="contacts", year=2025, value=number, source="a report"))
    session.flush()


def keep_registered(session: Session, number: int) -> None:
    keep_register(session, year=2025, numbers={Entry.COMPLAINTS: number})
    session.flush()


@pytest.mark.parametrize("work", [keep_missed, keep_published, keep_registered], ids=["missed", "series", "register"])
def test_who_comes_second_waits_and_replaces(stores: Stores, work: Work) -> None:
    def second() -> None:
        with stores.office.begin() as session:
            work(session, 2)

    with ThreadPoolExecutor() as pool:
        with stores.office.begin() as session:
            work(session, 1)
            other = pool.submit(second)
            assert not wait([other], timeout=BLOCKED_SECONDS).done
        other.result()

    with stores.office.read() as session:
        kept = [
            *missed_of(session, MONDAY).values(),
            *(row.value for row in series_years(session)),
            *register_of(session, year=2025).values(),
        ]
    assert kept == [2]
