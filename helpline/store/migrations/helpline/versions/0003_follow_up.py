"""Let a talk be followed by others with the same counsellor: how many may, and the codes that were handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; four more talks may follow each that is booked already."""
    op.add_column("booking", sa.Column("talks_left", sa.Integer(), nullable=False, server_default="4"))
    op.create_table(
        "follow_up",
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("talks_left", sa.Integer(), nullable=False),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("talks_left > 0", name=op.f("ck_follow_up_something_left")),
        sa.ForeignKeyConstraint(["counsellor_id"], ["counsellor.id"], name=op.f("fk_follow_up_counsellor_id")),
        sa.PrimaryKeyConstraint("code_digest", name=op.f("pk_follow_up")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_follow_up_destroy_at"), "follow_up", ["destroy_at"], unique=False)
