"""Keep totals that others counted, and let the audit remember who changed them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = op.f("ck_audit_act")
CAUSES = ("closed", "engaged", "gave_up", "unknown")
ENTRIES = ("breaches", "handed_on", "complaints")


def upgrade() -> None:
    """Apply; what the list of acts holds already is read from the database, so this fits wherever it comes."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("audit")
    written = next(check["sqltext"] for check in checks if check["name"] == NAME)
    allowed = ", ".join(f"'{act}'" for act in [*re.findall(r"'(\w+)'", written), "outside_changed"])
    with op.batch_alter_table("audit") as batch:
        batch.drop_constraint(NAME, type_="check")
        batch.create_check_constraint(NAME, sa.text(f"act IN ({allowed})"))
    op.create_table(
        "missed_calls",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", _one_of("cause", CAUSES), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.CheckConstraint("calls >= 0", name=op.f("ck_missed_calls_not_negative")),
        sa.PrimaryKeyConstraint("day", "cause", name=op.f("pk_missed_calls")),
    )
    op.create_table(
        "series_year",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_series_year_not_negative")),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_series_year")),
    )
    op.create_table(
        "register_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("entry", _one_of("entry", ENTRIES), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_register_year_not_negative")),
        sa.PrimaryKeyConstraint("year", "entry", name=op.f("pk_register_year")),
    )


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True)
