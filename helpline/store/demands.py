"""What PostgreSQL must be set to, so that what was deleted is gone and no log holds a row."""

from sqlalchemy import text

from helpline.store.engine import Sessions

DEMANDS = {
    "wal_recycle": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length_on_error": "0",
    "archive_mode": "off",
    "wal_keep_size": "0",
    "track_commit_timestamp": "off",
}
"""contacts.md, "Forgetting": segments that are recycled or kept hold deleted rows; a log line of a statement quotes its
values; with a time at each transaction every row would tell the second in which it was booked."""

NO_SLOT = "PostgreSQL must have no replication slot: it keeps the log, and in it what was destroyed"


def unmet_demands(sessions: Sessions) -> list[str]:
    """Return what the server of *sessions* is set to against DEMANDS, a sentence each; none for SQLite."""
    if sessions.engine.dialect.name != "postgresql":
        return []
    with sessions.read() as session:
        found = {name: session.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in DEMANDS}
        slots = session.scalar(text("SELECT count(*) FROM pg_replication_slots"))
    return [
        f"PostgreSQL's {name} must be {wanted}, not {found[name]}"
        for name, wanted in DEMANDS.items()
        if found[name] != wanted
    ] + [NO_SLOT] * bool(slots)
