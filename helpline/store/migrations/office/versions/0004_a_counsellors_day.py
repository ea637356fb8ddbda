"""More acts for the audit, those of a counsellor's day, and the address of her own calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LAST = "outcome_sent"
NEW = (
    "attempt_made",
    "lifted_by_accord",
    "lifted_by_mistake",
    "lifted_in_need",
    "feed_switched_on",
    "feed_switched_off",
)


def upgrade() -> None:
    """Apply. What an act may be is said in the words of the database, whatever else it allows already."""
    op.create_table(
        "feed",
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_feed_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_digest")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _widen_on_sqlite()
    else:
        _widen_on_postgresql()


def _widen_on_sqlite() -> None:
    """Change the text of the CHECK, as SQLite's own manual does it: the audit is not written anew."""
    more = ", ".join(f"'{act}'" for act in (LAST, *NEW))
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :last, :more) WHERE type = 'table' AND name = 'audit'"
        ).bindparams(last=f"'{LAST}'", more=more)
    )
    op.execute(f"PRAGMA schema_version = {int(version or 0) + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _widen_on_postgresql() -> None:
    held = op.get_bind().execute(
        sa.text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'audit'::regclass AND contype = 'c'"
            " AND pg_get_constraintdef(oid) LIKE :holds"
        ).bindparams(holds=f"%'{LAST}'%")
    )
    name, rule = held.one()
    last = f"'{LAST}'::character varying"
    more = ", ".join([last, *(f"'{act}'::character varying" for act in NEW)])
    op.execute(f"ALTER TABLE audit DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE audit ADD CONSTRAINT {name} {rule.replace(last, more)}")
