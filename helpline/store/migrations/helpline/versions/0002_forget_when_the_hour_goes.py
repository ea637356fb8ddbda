"""Forget when the hour of booking goes, with the hour: it was that hour and two days."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply, by a new column: on SQLite only a new table lets an old one be empty, and talks hang on this table."""
    op.execute("ALTER TABLE booking RENAME COLUMN hour_until TO hour_went")
    op.add_column("booking", sa.Column("hour_until", sa.BigInteger(), nullable=True))
    op.execute("UPDATE booking SET hour_until = hour_went WHERE booked_hour IS NOT NULL")
    op.drop_column("booking", "hour_went")
