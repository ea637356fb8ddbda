"""Tell a talk that was released with its hour from one that we had to cancel: only one of them may be a flood's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LAST, NEW = "not_there", "released"


def upgrade() -> None:
    """Apply: the CHECK of a state allows one more, after the last one that it names."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        # As SQLite's own manual does it: a new table in place of the old one would take the envelopes with it.
        version = int(bind.exec_driver_sql("PRAGMA schema_version").scalar() or 0)
        op.execute("PRAGMA writable_schema = ON")
        bind.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'booking'",
            (f"'{LAST}'", f"'{LAST}', '{NEW}'"),
        )
        op.execute(f"PRAGMA schema_version = {version + 1}")
        op.execute("PRAGMA writable_schema = OFF")
        return
    checks = sa.inspect(bind).get_check_constraints("booking")
    name, rule = next((check["name"], check["sqltext"]) for check in checks if f"'{LAST}'" in check["sqltext"])
    typed = "'{}'::character varying"
    wider = rule.replace(typed.format(LAST), f"{typed.format(LAST)}, {typed.format(NEW)}")
    op.execute(f"ALTER TABLE booking DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE booking ADD CONSTRAINT {name} CHECK ({wider})")
