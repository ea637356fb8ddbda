"""first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "counsellor",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("youth", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counsellor")),
        sa.UniqueConstraint("alias", name=op.f("uq_counsellor_alias")),
    )
    op.create_table(
        "drawn",
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("youth", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", "language", "youth", "starts_at", name=op.f("pk_drawn")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ticked_at", sa.BigInteger(), nullable=False),
        sa.Column("swept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "signed_roster",
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_signed_roster")),
    )
    op.create_table(
        "spent_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("replay_until", sa.BigInteger(), nullable=True),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_token")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_spent_token_destroy_at"), "spent_token", ["destroy_at"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_absence_in_order")),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_absence_counsellor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_counsellor_id"), "absence", ["counsellor_id"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "emergency",
                "number_destroyed",
                "cancelled_by_us",
                "held",
                "missed",
                "not_reached",
                "wrong_number",
                name="talkstate",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("booked_hour", sa.BigInteger(), nullable=True),
        sa.Column("hour_until", sa.BigInteger(), nullable=False),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_in_order")),
        sa.ForeignKeyConstraint(["counsellor_id"], ["counsellor.id"], name=op.f("fk_booking_counsellor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_booking_code_digest")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_booking_counsellor_id"), "booking", ["counsellor_id"], unique=False)
    op.create_index(op.f("ix_booking_destroy_at"), "booking", ["destroy_at"], unique=False)
    op.create_index(op.f("ix_booking_starts_at"), "booking", ["starts_at"], unique=False)
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name=op.f("ck_weekly_hours_within_a_day")),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_weekly_hours_a_weekday")),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_weekly_hours_counsellor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(op.f("ix_weekly_hours_counsellor_id"), "weekly_hours", ["counsellor_id"], unique=False)
    op.create_table(
        "busy_atom",
        sa.Column("atom", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("booking_id", sa.String(), nullable=True),
        sa.Column("absence_id", sa.String(), nullable=True),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(booking_id IS NULL) <> (absence_id IS NULL)", name=op.f("ck_busy_atom_one_cause")),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absence.id"], name=op.f("fk_busy_atom_absence_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_busy_atom_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("atom", "resource", name=op.f("pk_busy_atom")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_busy_atom_absence_id"), "busy_atom", ["absence_id"], unique=False)
    op.create_index(op.f("ix_busy_atom_booking_id"), "busy_atom", ["booking_id"], unique=False)
    op.create_index(op.f("ix_busy_atom_destroy_at"), "busy_atom", ["destroy_at"], unique=False)
    op.create_table(
        "envelope",
        sa.Column("booking_id", sa.String(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_envelope_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", "counsellor_id", name=op.f("pk_envelope")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_envelope_destroy_at"), "envelope", ["destroy_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_envelope_destroy_at"), table_name="envelope")
    op.drop_table("envelope")
    op.drop_index(op.f("ix_busy_atom_destroy_at"), table_name="busy_atom")
    op.drop_index(op.f("ix_busy_atom_booking_id"), table_name="busy_atom")
    op.drop_index(op.f("ix_busy_atom_absence_id"), table_name="busy_atom")
    op.drop_table("busy_atom")
    op.drop_index(op.f("ix_weekly_hours_counsellor_id"), table_name="weekly_hours")
    op.drop_table("weekly_hours")
    op.drop_index(op.f("ix_booking_starts_at"), table_name="booking")
    op.drop_index(op.f("ix_booking_destroy_at"), table_name="booking")
    op.drop_index(op.f("ix_booking_counsellor_id"), table_name="booking")
    op.drop_table("booking")
    op.drop_index(op.f("ix_absence_counsellor_id"), table_name="absence")
    op.drop_table("absence")
    op.drop_index(op.f("ix_spent_token_destroy_at"), table_name="spent_token")
    op.drop_table("spent_token")
    op.drop_table("signed_roster")
    op.drop_table("lease")
    op.drop_table("drawn")
    op.drop_table("counsellor")
