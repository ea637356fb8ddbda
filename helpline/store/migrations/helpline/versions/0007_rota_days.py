"""Days that differ from the weekly hours, days on which the programme is closed, and what a month is planned with."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. The release before reads none of these, so it offers the weekly hours on such a day."""
    op.create_table(
        "date_exception",
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellor.id"],
            name=op.f("fk_date_exception_counsellor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("counsellor_id", "day", name=op.f("pk_date_exception")),
    )
    op.create_index(op.f("ix_date_exception_day"), "date_exception", ["day"], unique=False)
    op.create_table(
        "exception_hours",
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts >= 0 AND starts < ends AND ends <= 1440", name=op.f("ck_exception_hours_within_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id", "day"],
            ["date_exception.counsellor_id", "date_exception.day"],
            name=op.f("fk_exception_hours_counsellor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("counsellor_id", "day", "starts", name=op.f("pk_exception_hours")),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_closure_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_last_day"), "closure", ["last_day"], unique=False)
    _plan()


def _plan() -> None:
    """Make what a month to come is planned with."""
    op.create_table(
        "month_draft",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_draft")),
    )
    op.create_table(
        "draft_day",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_draft_day_counsellor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["month"], ["month_draft.month"], name=op.f("fk_draft_day_month"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("month", "counsellor_id", "day", name=op.f("pk_draft_day")),
    )
    op.create_table(
        "shift_offer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("morning", "afternoon", name="half", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_shift_offer_counsellor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["counsellor.id"], name=op.f("fk_shift_offer_taken_by"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_offer")),
        sa.UniqueConstraint("counsellor_id", "day", "half", name=op.f("uq_shift_offer_counsellor_id")),
    )
    op.create_index(op.f("ix_shift_offer_day"), "shift_offer", ["day"], unique=False)
    op.create_table(
        "shift_wish",
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("morning", "afternoon", name="half", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("gladly", "rather_not", name="wishkind", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_shift_wish_counsellor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("counsellor_id", "day", "half", name=op.f("pk_shift_wish")),
    )
    op.create_index(op.f("ix_shift_wish_day"), "shift_wish", ["day"], unique=False)
