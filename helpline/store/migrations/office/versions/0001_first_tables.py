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
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shown_name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "counsellor", "coordinator", "programme_staff", name="role", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("stands_in", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("login_hash", sa.String(), nullable=True),
        sa.Column("wrapping_salt", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("verify_key", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_signing_key", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_factor", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "tries",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("forget_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_tries")),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "signed_in",
                "signed_out",
                "member_added",
                "member_deactivated",
                "login_renewed",
                "roster_signed",
                "hours_changed",
                "counts_exported",
                "envelope_opened",
                "outcome_sent",
                "emergency_held",
                "emergency_ended",
                name="act",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("detail_digest", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("minute", sa.BigInteger(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("form_id", sa.String(), nullable=True),
        sa.Column("detail_until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_from_one")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_staff_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sa.UniqueConstraint("form_id", name=op.f("uq_audit_form_id")),
    )
    op.create_index(op.f("ix_audit_day"), "audit", ["day"], unique=False)
    op.create_index(op.f("ix_audit_detail_until"), "audit", ["detail_until"], unique=False)
    op.create_index(op.f("ix_audit_staff_id"), "audit", ["staff_id"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_known_device_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_known_device")),
    )
    op.create_index(op.f("ix_known_device_staff_id"), "known_device", ["staff_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_staff_id"), "recovery_code", ["staff_id"], unique=False)
    op.create_table(
        "roster_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "joined",
                "left",
                "key_changed",
                "dates_changed",
                "standing_in_changed",
                name="change",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_change_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
        sa.UniqueConstraint("serial", "staff_id", "change", name=op.f("uq_roster_change_serial")),
    )
    op.create_index(op.f("ix_roster_change_signed_on"), "roster_change", ["signed_on"], unique=False)
    op.create_table(
        "session",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("wrapped_keys", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("open_call", sa.String(), nullable=True),
        sa.Column("call_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_session_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_staff_id"), "session", ["staff_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_session_staff_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_roster_change_signed_on"), table_name="roster_change")
    op.drop_table("roster_change")
    op.drop_index(op.f("ix_recovery_code_staff_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_known_device_staff_id"), table_name="known_device")
    op.drop_table("known_device")
    op.drop_index(op.f("ix_audit_staff_id"), table_name="audit")
    op.drop_index(op.f("ix_audit_detail_until"), table_name="audit")
    op.drop_index(op.f("ix_audit_day"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("tries")
    op.drop_table("staff")
