"""What PostgreSQL must be set to, so that what was deleted is gone and no log holds a row."""

from sqlalchemy import text

from helpline.store.engine import Sessions

DEMANDS = {
    "wal_recycle": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "archive_mode": "off",
}
"""contacts.md, "Forgetting": recycled segments keep deleted rows; a log line of a statement quotes its values."""


def unmet_demands(sessions: Sessions) -> list[str]:
    """Return what the server of *sessions* is set to against DEMANDS, a sentence each; none for SQLite."""
    if sessions.engine.dialect.name != "postgresql":
        return []
    with sessions.read() as session:
        found = {name: session.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in DEMANDS}
    return [
        f"PostgreSQL's {name} must be {wanted}, not {found[name]}"
        for name, wanted in DEMANDS.items()
        if found[name] != wanted
    ]
