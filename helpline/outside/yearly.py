"""Totals of whole years that are no counts of ours: published series, and the organisation's own register."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpline.outside.tables import OUTSIDE_LOCK, Entry, RegisterYear, SeriesYear
from helpline.store.writing import wait_for_turn


def keep_series_year(session: Session, row: SeriesYear) -> None:
    """Keep *row*, in place of what was known of that series and year."""
    wait_for_turn(session, lock=OUTSIDE_LOCK)
    session.merge(row)


def drop_series_year(session: Session, *, series: str, year: int) -> bool:
    """Forget that year of that series, and return whether it was known."""
    found = session.get(SeriesYear, (series, year))
    if found is None:
        return False
    session.delete(found)
    return True


def series_years(session: Session) -> Sequence[SeriesYear]:
    """Return every year of every series, by series and year."""
    return session.scalars(select(SeriesYear).order_by(SeriesYear.series, SeriesYear.year)).all()


def keep_register(session: Session, *, year: int, numbers: Mapping[Entry, int]) -> None:
    """Let the register of *year* say these *numbers* and no others."""
    wait_for_turn(session, lock=OUTSIDE_LOCK)
    session.execute(delete(RegisterYear).where(RegisterYear.year == year))
    session.add_all(RegisterYear(year=year, entry=entry, number=number) for entry, number in numbers.items())


def register_of(session: Session, *, year: int) -> dict[Entry, int]:
    """Return what the register of *year* says; what nobody typed is not in it."""
    rows = session.execute(select(RegisterYear.entry, RegisterYear.number).where(RegisterYear.year == year))
    found = dict(row for row in rows)
    return {entry: found[entry] for entry in Entry if entry in found}


def register_years(session: Session) -> list[int]:
    """Return the years of which something was typed, the newest first."""
    return list(session.scalars(select(RegisterYear.year).distinct().order_by(RegisterYear.year.desc())))
