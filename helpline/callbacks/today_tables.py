"""What is offered for this very day, in the store that both sites open."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.callbacks.tables import CounsellorId
from helpline.store.kept import ours
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant


class DrawnToday(HelplineBase):
    """A time of this very day on the list of a quarter of an hour for who needs somebody today."""

    __tablename__ = "drawn_today"

    quarter: Mapped[datetime] = mapped_column(Instant, primary_key=True, info=ours("the quarter it was drawn in"))
    language: Mapped[str] = mapped_column(primary_key=True, info=ours("for which language"))
    youth: Mapped[bool] = mapped_column(primary_key=True, info=ours("for under-18s"))
    starts_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, info=ours("a time to talk"))


class FreeNow(HelplineBase):
    """A counsellor who said that she is free to talk now. Why she is, is not in here."""

    __tablename__ = "free_now"

    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String, ForeignKey("counsellor.id", ondelete="CASCADE"), primary_key=True, info=ours("who is free")
    )
    until: Mapped[datetime] = mapped_column(Instant, info=ours("until when visitors are told so"))
