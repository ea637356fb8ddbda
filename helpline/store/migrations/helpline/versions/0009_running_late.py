"""Let a code page say that we are running late."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the release before this one books without knowing the column."""
    op.add_column("booking", sa.Column("running_late", sa.Boolean(), nullable=False, server_default=sa.false()))
