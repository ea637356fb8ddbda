"""When a counsellor is busy, written down once a day for her own calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.callbacks.tables import NO_ROWID, CounsellorId
from helpline.store.kept import kept
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant


class BusyDays(HelplineBase):
    """The coming talks of one counsellor as blocks of time, as they stood one morning. The next morning it is gone."""

    __tablename__ = "busy_days"
    __table_args__ = (NO_ROWID,)

    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String,
        ForeignKey("counsellor.id", ondelete="CASCADE"),
        primary_key=True,
        info=kept("which counsellor is busy", why="so that her own calendar shows it", until="destroy_at"),
    )
    blocks: Mapped[str] = mapped_column(
        info=kept(
            "the times of her talks, in blocks",
            why="so that her own calendar shows it",
            until="destroy_at",
        )
    )
    frozen_at: Mapped[datetime] = mapped_column(
        Instant,
        info=kept(
            "of which morning that is",
            why="so that it says the same all day",
            until="destroy_at",
        ),
    )
    destroy_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when all of this is destroyed", why="so that nothing stays longer than it should", until="destroy_at"
        ),
    )
