"""How the public door stands: paused, its word, how far ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "public_door",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("word", sa.String(), nullable=True),
        sa.Column(
            "far",
            sa.Enum(
                "open", "shut_by_itself", "shut_by_staff", name="fardoor", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("far_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_public_door")),
    )
