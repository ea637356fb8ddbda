"""What the rota holds besides weekly hours: days that differ, days on which nobody talks, and the month to come."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpline.callbacks.spans import Half
from helpline.callbacks.tables import CounsellorId
from helpline.store.kept import ours
from helpline.store.schema import HelplineBase
from helpline.store.types import closed_list, random_id


class WishKind(enum.StrEnum):
    """What a counsellor asks of a half day."""

    GLADLY = "gladly"
    RATHER_NOT = "rather_not"


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


class MonthDraft(HelplineBase):
    """A month that a coordinator is making; nothing of it holds before it is published."""

    __tablename__ = "month_draft"

    month: Mapped[date] = mapped_column(primary_key=True, info=ours("its first day"))
    version: Mapped[int] = mapped_column(info=ours("how often it was saved: two people do not undo each other's work"))


class DraftDay(HelplineBase):
    """A day of a counsellor that the draft changes; the other days stay as they are."""

    __tablename__ = "draft_day"

    month: Mapped[date] = mapped_column(
        ForeignKey("month_draft.month", ondelete="CASCADE"), primary_key=True, info=ours("of which draft")
    )
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), primary_key=True, info=ours("whose day")
    )
    day: Mapped[date] = mapped_column(primary_key=True, info=ours("which day"))
    hours: Mapped[str] = mapped_column(info=ours("her hours in minutes of the local day, as 540-720 780-1020"))


class ShiftWish(HelplineBase):
    """What a counsellor would like about a half day; the coordinator sees it beside the draft."""

    __tablename__ = "shift_wish"

    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), primary_key=True, info=ours("whose wish")
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True, info=ours("which day"))
    half: Mapped[Half] = mapped_column(closed_list(Half), primary_key=True, info=ours("morning or afternoon"))
    kind: Mapped[WishKind] = mapped_column(closed_list(WishKind), info=ours("gladly, or rather not"))


class ShiftOffer(HelplineBase):
    """A half day that a counsellor offers to her colleagues; both see who took it until the day is over."""

    __tablename__ = "shift_offer"
    __table_args__ = (UniqueConstraint("counsellor_id", "day", "half"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=random_id, info=ours("an id"))
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), info=ours("who offers it")
    )
    day: Mapped[date] = mapped_column(index=True, info=ours("which day"))
    half: Mapped[Half] = mapped_column(closed_list(Half), info=ours("morning or afternoon"))
    taken_by: Mapped[CounsellorId | None] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), info=ours("who took it")
    )
