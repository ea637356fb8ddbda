"""Let a year of a published series say how it was counted."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; rows of before say nothing."""
    op.add_column("series_year", sa.Column("note", sa.String(), nullable=True))
