"""Let the audit remember what somebody did at the public door."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ACTS = (
    "signed_in",
    "signed_out",
    "member_added",
    "member_deactivated",
    "login_renewed",
    "roster_signed",
    "hours_changed",
    "counts_exported",
    "envelope_opened",
    "outcome_sent",
    "emergency_held",
    "emergency_ended",
    "booking_paused",
    "booking_resumed",
    "door_word_set",
    "door_word_dropped",
    "far_door_shut",
    "far_door_opened",
    "talks_released",
)


def upgrade() -> None:
    """Apply; SQLite changes no constraint, so there the table is made anew."""
    with op.batch_alter_table("audit") as audit:
        audit.drop_constraint(op.f("ck_audit_act"), type_="check")
        audit.create_check_constraint(op.f("ck_audit_act"), sa.column("act", sa.String()).in_(ACTS))
