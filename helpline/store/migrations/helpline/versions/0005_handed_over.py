"""Let a code page say that a colleague takes the talk."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the release before this one books without knowing the column."""
    op.add_column("booking", sa.Column("handed_over", sa.Boolean(), nullable=False, server_default=sa.false()))
