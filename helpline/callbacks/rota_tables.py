"""What the rota holds besides weekly hours: days that differ, days on which nobody talks."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.callbacks.tables import CounsellorId
from helpline.store.kept import ours
from helpline.store.schema import HelplineBase
from helpline.store.types import random_id


class DateException(HelplineBase):
    """A day on which other hours hold for a counsellor than her weekly ones; without hours she is not there."""

    __tablename__ = "date_exception"

    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), primary_key=True, info=ours("whose day")
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True, info=ours("which day"))


class ExceptionHours(HelplineBase):
    """An interval of such a day, in local wall time."""

    __tablename__ = "exception_hours"
    __table_args__ = (
        CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name="within_a_day"),
        ForeignKeyConstraint(
            ["counsellor_id", "day"], ["date_exception.counsellor_id", "date_exception.day"], ondelete="CASCADE"
        ),
    )

    counsellor_id: Mapped[CounsellorId] = mapped_column(String, primary_key=True, info=ours("whose hours"))
    day: Mapped[date] = mapped_column(primary_key=True, info=ours("which day"))
    starts: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=ours("minute of the local day"))
    ends: Mapped[int] = mapped_column(info=ours("minute of the local day, 1440 = midnight"))


class Closure(HelplineBase):
    """Days on which nobody of the programme takes talks, whatever her hours."""

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="in_order"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=random_id, info=ours("an id"))
    first_day: Mapped[date] = mapped_column(info=ours("first day"))
    last_day: Mapped[date] = mapped_column(index=True, info=ours("last day"))
    label: Mapped[str] = mapped_column(info=ours("what the staff call it; visitors never see it"))
