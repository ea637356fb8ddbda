"""Remember that a talk was counted, so that no talk is counted twice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the release before this one books without knowing the column."""
    op.add_column("booking", sa.Column("recorded", sa.Boolean(), nullable=False, server_default=sa.false()))
