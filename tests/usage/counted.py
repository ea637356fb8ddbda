"""Look at what was counted, as no program of ours does: exactly, in memory and in the store."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.usage.codebook import PATH_TABLE, Codebook
from helpline.usage.counter_file import CounterFile, shared_folder
from helpline.usage.tables import NoisedCell, ReleasedCell

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

MONDAY = datetime(2027, 3, 1, 3, 0, tzinfo=AMSTERDAM)
"""Three in the morning of the Monday that begins 2027-W09; the night in which 2027-W08 is released."""


def silent(values: Sequence[int], epsilon: Fraction) -> list[int]:
    """Return *values* without noise."""
    return list(values)


def in_memory(run_dir: Path, codebook: Codebook) -> dict[tuple[str, str], int]:
    """Return every cell that is not zero in the banks that are counted in."""
    found: dict[tuple[str, str], int] = {}
    for part in codebook.parts:
        file = CounterFile.open(shared_folder(run_dir), codebook=part)
        values = file.active.tolist()
        file.close()
        found |= {pair: values[place] for pair, place in part.places.items() if values[place]}
    return found


def working(session: Session, period: str) -> dict[str, int]:
    """Return the cells of an open period that are not zero."""
    rows = session.execute(select(NoisedCell.cell, NoisedCell.value).where(NoisedCell.period_id == period))
    return {cell: value for cell, value in rows if value}


def released(session: Session, period: str) -> dict[str, int]:
    """Return the released cells of a period, zeros too."""
    rows = session.execute(select(ReleasedCell.cell, ReleasedCell.value).where(ReleasedCell.period_id == period))
    return dict(rows.all())


def without_paths(codebook: Codebook) -> Codebook:
    """Return *codebook* without the table that visits move through."""
    return Codebook(tuple(table for table in codebook.tables if table.id != PATH_TABLE))
