"""Which clock runs, in the store that both sites open."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.kept import ours
from helpline.store.schema import HelplineBase
from helpline.store.types import Instant


class Lease(HelplineBase):
    """Which process may do what only one may do at a time: the clock."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True, info=ours("what for"))
    holder: Mapped[str] = mapped_column(info=ours("a process"))
    until: Mapped[datetime] = mapped_column(Instant, info=ours("until when"))
    ticked_at: Mapped[datetime] = mapped_column(Instant, info=ours("when it last did all of its work"))
    swept_at: Mapped[datetime] = mapped_column(Instant, info=ours("when deleted rows were last wiped from the files"))
