"""The right to further talks with one counsellor, as the store that both sites open keeps it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpline.callbacks.tables import NO_ROWID, CounsellorId
from helpline.store.kept import kept
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant


class FollowUp(HelplineBase):
    """A code that was handed over at the end of a talk. Which talk that was, is not in here."""

    __tablename__ = "follow_up"
    __table_args__ = (CheckConstraint("talks_left > 0", name="something_left"), NO_ROWID)

    code_digest: Mapped[bytes] = mapped_column(
        primary_key=True,
        info=kept(
            "a fingerprint of the new code, made with a secret key; not the code itself",
            why="so that you can book your next talk with it",
            until="destroy_at",
        ),
    )
    counsellor_id: Mapped[CounsellorId] = mapped_column(
        String,
        ForeignKey("counsellor.id"),
        info=kept("which counsellor you talked with", why="so that you talk with her again", until="destroy_at"),
    )
    talks_left: Mapped[int] = mapped_column(
        info=kept(
            "how many talks with the same counsellor may follow", why="so that we can offer them", until="destroy_at"
        )
    )
    destroy_at: Mapped[datetime] = mapped_column(
        Instant,
        index=True,
        info=kept(
            "when all of this is destroyed", why="so that nothing stays longer than it should", until="destroy_at"
        ),
    )
