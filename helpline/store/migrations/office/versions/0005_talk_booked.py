"""Let the audit remember that somebody of the staff booked a talk."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = op.f("ck_audit_act")


def upgrade() -> None:
    """Apply; what the list of acts holds already is read from the database, so this fits wherever it comes."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("audit")
    written = next(check["sqltext"] for check in checks if check["name"] == NAME)
    acts = [*re.findall(r"'(\w+)'", written), "talk_booked"]
    allowed = ", ".join(f"'{act}'" for act in acts)
    with op.batch_alter_table("audit") as batch:
        batch.drop_constraint(NAME, type_="check")
        batch.create_check_constraint(NAME, sa.text(f"act IN ({allowed})"))
