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
        "definition",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definition")),
    )
    op.create_table(
        "flush",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("codebook", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("host", "day", "codebook", name=op.f("pk_flush")),
    )
    op.create_table(
        "period",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("table_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="periodstate", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("definition_digest", sa.String(), nullable=False),
        sa.Column("margin95", sa.Integer(), nullable=True),
        sa.Column("visible_at", sa.BigInteger(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (visible_at IS NOT NULL AND margin95 IS NOT NULL)",
            name=op.f("ck_period_closed_whole"),
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_period_in_order")),
        sa.ForeignKeyConstraint(["definition_digest"], ["definition.digest"], name=op.f("fk_period_definition_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("table_id", "name", name="uq_period_name"),
        sa.UniqueConstraint("table_id", "starts", "definition_digest", name="uq_period_start"),
    )
    op.create_index(op.f("ix_period_visible_at"), "period", ["visible_at"], unique=False)
    op.create_table(
        "cell",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_cell_period_id")),
        sa.PrimaryKeyConstraint("period_id", "cell", name=op.f("pk_cell")),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("table_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("sensitivity", sa.Integer(), nullable=False),
        sa.Column("epsilon", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("flush", "close", name="ledgerkind", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_ledger_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_period_id"), "ledger", ["period_id"], unique=False)
    op.create_table(
        "release",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_release_period_id")),
        sa.PrimaryKeyConstraint("period_id", "cell", name=op.f("pk_release")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("release")
    op.drop_index(op.f("ix_ledger_period_id"), table_name="ledger")
    op.drop_table("ledger")
    op.drop_table("cell")
    op.drop_index(op.f("ix_period_visible_at"), table_name="period")
    op.drop_table("period")
    op.drop_table("flush")
    op.drop_table("definition")
