"""Figures that come from outside. Totals only: a row is a day, a year, a series, never a call or a person."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.kept import ours
from helpline.store.schema import OfficeBase
from helpline.store.types import closed_list

OUTSIDE_LOCK = 0x6F757473
"""One change at a time: what is replaced is deleted and written again, and two at once would write it twice."""


class Cause(enum.StrEnum):
    """Why nobody answered a call, as telephone platforms tell it."""

    CLOSED = "closed"
    ENGAGED = "engaged"
    GAVE_UP = "gave_up"
    UNKNOWN = "unknown"


class Entry(enum.StrEnum):
    """What an organisation keeps in a register of its own, a handful a year."""

    BREACHES = "breaches"
    HANDED_ON = "handed_on"
    COMPLAINTS = "complaints"


class MissedCalls(OfficeBase):
    """How many calls nobody answered on a day, for one cause. Both are the key: nothing adds up twice."""

    __tablename__ = "missed_calls"
    __table_args__ = (CheckConstraint("calls >= 0", name="not_negative"),)

    day: Mapped[date] = mapped_column(primary_key=True, info=ours("the day, in the programme's zone"))
    cause: Mapped[Cause] = mapped_column(closed_list(Cause), primary_key=True, info=ours("why nobody answered"))
    calls: Mapped[int] = mapped_column(info=ours("how many calls, a total of the telephone platform"))


class SeriesYear(OfficeBase):
    """A total that was published elsewhere, of one year."""

    __tablename__ = "series_year"
    __table_args__ = (CheckConstraint("value >= 0", name="not_negative"),)

    series: Mapped[str] = mapped_column(primary_key=True, info=ours("what was counted, as it was published"))
    year: Mapped[int] = mapped_column(primary_key=True, info=ours("of which year"))
    value: Mapped[int] = mapped_column(info=ours("the published total"))
    source: Mapped[str] = mapped_column(info=ours("where it was published"))
    note: Mapped[str | None] = mapped_column(info=ours("how it was counted, where that is not as ours"))


class RegisterYear(OfficeBase):
    """How many the organisation's own register holds of one kind, of one year."""

    __tablename__ = "register_year"
    __table_args__ = (CheckConstraint("number >= 0", name="not_negative"),)

    year: Mapped[int] = mapped_column(primary_key=True, info=ours("of which year"))
    entry: Mapped[Entry] = mapped_column(closed_list(Entry), primary_key=True, info=ours("of what"))
    number: Mapped[int] = mapped_column(info=ours("how many, as the register says"))
