"""Two more ends of a talk, a second attempt, the break after a heavy one, and what a calendar may know."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LAST = "wrong_number"
NEW = ("misuse", "not_there")


def upgrade() -> None:
    """Apply. What a state may be is said in the words of the database, whatever else it allows already."""
    op.add_column("booking", sa.Column("ring_again_at", sa.BigInteger(), nullable=True))
    op.add_column("absence", sa.Column("rest_until", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_absence_rest_until"), "absence", ["rest_until"], unique=False)
    op.create_table(
        "busy_days",
        sa.Column("counsellor_id", sa.String(), nullable=False),
        sa.Column("blocks", sa.String(), nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), nullable=False),
        sa.Column("destroy_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_busy_days_counsellor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("counsellor_id", name=op.f("pk_busy_days")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_busy_days_destroy_at"), "busy_days", ["destroy_at"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _widen_on_sqlite()
    else:
        _widen_on_postgresql()


def _widen_on_sqlite() -> None:
    """Change the text of the CHECK, as SQLite's own manual does it: a new table would take the envelopes with it."""
    more = ", ".join(f"'{state}'" for state in (LAST, *NEW))
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :last, :more) WHERE type = 'table' AND name = 'booking'"
        ).bindparams(last=f"'{LAST}'", more=more)
    )
    op.execute(f"PRAGMA schema_version = {int(version or 0) + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _widen_on_postgresql() -> None:
    name, rule = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = 'booking'::regclass AND contype = 'c'"
                " AND pg_get_constraintdef(oid) LIKE :holds"
            ).bindparams(holds=f"%'{LAST}'%")
        )
        .one()
    )
    last = f"'{LAST}'::character varying"
    more = ", ".join([last, *(f"'{state}'::character varying" for state in NEW)])
    op.execute(f"ALTER TABLE booking DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE booking ADD CONSTRAINT {name} {rule.replace(last, more)}")
