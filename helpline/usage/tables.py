"""Noised counts and released numbers. No column holds a number without noise; the exact ones are in memory only."""

import enum
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.kept import ours
from helpline.store.schema import CountsBase
from helpline.store.types import Instant, closed_list, random_id


class PeriodState(enum.StrEnum):
    """Whether a period is still added to."""

    OPEN = "open"
    CLOSED = "closed"


class LedgerKind(enum.StrEnum):
    """What noise was drawn for: to keep a day's counts, or to release a period."""

    FLUSH = "flush"
    CLOSE = "close"


class Definition(CountsBase):
    """A table of the codebook in the words that held for a period, so that its files never change."""

    __tablename__ = "definition"

    digest: Mapped[str] = mapped_column(primary_key=True, info=ours("SHA-256 of the text"))
    text: Mapped[str] = mapped_column(info=ours("cells, labels and price of a table, public"))


class Period(CountsBase):
    """Some weeks of one table."""

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("table_id", "starts", "definition_digest", name="uq_period_start"),
        UniqueConstraint("table_id", "name", name="uq_period_name"),
        CheckConstraint("starts < ends", name="in_order"),
        CheckConstraint("(state = 'closed') = (visible_at IS NOT NULL AND margin95 IS NOT NULL)", name="closed_whole"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, info=ours("table and name of the period"))
    table_id: Mapped[str] = mapped_column(info=ours("which table"))
    name: Mapped[str] = mapped_column(info=ours("what the period is called in files, as 2027-W09"))
    starts: Mapped[date] = mapped_column(info=ours("its first Monday"))
    ends: Mapped[date] = mapped_column(info=ours("the Monday after it"))
    state: Mapped[PeriodState] = mapped_column(
        closed_list(PeriodState), default=PeriodState.OPEN, info=ours("whether it is still added to")
    )
    definition_digest: Mapped[str] = mapped_column(
        ForeignKey("definition.digest"), info=ours("in which version of the codebook it was counted")
    )
    margin95: Mapped[int | None] = mapped_column(info=ours("how far its numbers may be off, from the ledger alone"))
    visible_at: Mapped[datetime | None] = mapped_column(
        Instant, index=True, info=ours("when everybody may see it, from the calendar alone")
    )
    invented: Mapped[bool] = mapped_column(default=False, info=ours("whether it is a demo's, counted from nobody"))


class NoisedCell(CountsBase):
    """A number of an open period, with the noise of every flush in it. It is deleted when the period closes."""

    __tablename__ = "cell"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True, info=ours("of which period"))
    cell: Mapped[str] = mapped_column(primary_key=True, info=ours("of which cell of the codebook"))
    value: Mapped[int] = mapped_column(
        BigInteger, info=ours("counts of visits, noised before they were written (epsilon 2 a flush)")
    )


class ReleasedCell(CountsBase):
    """A number that was published: noised again when its period closed, once, and never changed."""

    __tablename__ = "release"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True, info=ours("of which period"))
    cell: Mapped[str] = mapped_column(primary_key=True, info=ours("of which cell of the codebook"))
    value: Mapped[int] = mapped_column(BigInteger, info=ours("a number with noise, public"))


class Flush(CountsBase):
    """A day's counts of one host that are in the store. The primary key is why none is added twice."""

    __tablename__ = "flush"

    host: Mapped[str] = mapped_column(primary_key=True, info=ours("which machine counted"))
    day: Mapped[date] = mapped_column(primary_key=True, info=ours("the day on which it was added"))
    codebook: Mapped[str] = mapped_column(primary_key=True, info=ours("digest of the codebook it was counted by"))


class LedgerRow(CountsBase):
    """Noise that was drawn: what it cost. Every statement is made from these rows."""

    __tablename__ = "ledger"

    id: Mapped[str] = mapped_column(primary_key=True, default=random_id, info=ours("an id"))
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), index=True, info=ours("for which period"))
    table_id: Mapped[str] = mapped_column(info=ours("for which table"))
    unit: Mapped[str] = mapped_column(info=ours("what was counted"))
    sensitivity: Mapped[int] = mapped_column(info=ours("by how much one unit changes the table"))
    epsilon: Mapped[str] = mapped_column(info=ours("the price, as a fraction"))
    kind: Mapped[LedgerKind] = mapped_column(closed_list(LedgerKind), info=ours("a flush or a close"))
    at: Mapped[datetime] = mapped_column(Instant, info=ours("when the clock did it"))
