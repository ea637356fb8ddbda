"""Walk the stores' own declarations and destroy what is due. Knows no subject."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Column, MetaData, Table, delete, or_, update
from sqlalchemy.orm import Session

from helpline.store.kept import Kept, declaration


class UnclearDeadlineError(Exception):
    """The columns of a table name several hours at which its rows go; so none of them would."""


def purge_expired(session: Session, metadata: MetaData, *, now: datetime) -> int:
    """Destroy every row and every value of *metadata* whose hour has come, and return how many.

    Children go before their parents, so that a foreign key never keeps a row alive.
    """
    tables = list(reversed(metadata.sorted_tables))
    return sum(_purge_values(session, table, now=now) + _purge_rows(session, table, now=now) for table in tables)


def row_deadline(table: Table) -> Column[datetime] | None:
    """Return the column that says when a row of *table* goes, or None where no visitor's row lies.

    Raises:
        UnclearDeadlineError: its columns name several.
    """
    names = {kept.until for kept in map(declaration, table.columns) if isinstance(kept, Kept) and not kept.nulled}
    if len(names) > 1:
        raise UnclearDeadlineError(table.name)
    return table.columns[names.pop()] if names else None


def holds_visitors(table: Table) -> bool:
    """Return whether *table* can hold anything of a visitor, be it a value that is set to NULL in the end."""
    return any(isinstance(declaration(column), Kept) for column in table.columns)


def _purge_rows(session: Session, table: Table, *, now: datetime) -> int:
    deadline = row_deadline(table)
    if deadline is None:
        return 0
    return session.connection().execute(delete(table).where(deadline <= now)).rowcount


def _purge_values(session: Session, table: Table, *, now: datetime) -> int:
    """Set due values to NULL, all that share a deadline at once: the deadline may be one of them."""
    values = defaultdict[str, list[Column[object]]](list)
    for column in table.columns:
        kept = declaration(column)
        if isinstance(kept, Kept) and kept.nulled:
            values[kept.until].append(column)
    purged = 0
    for until, columns in values.items():
        is_left = or_(*(column.is_not(None) for column in columns))
        due = update(table).where(is_left, table.columns[until] <= now).values(dict.fromkeys(columns))
        purged += session.connection().execute(due).rowcount
    return purged
