"""Write the first migration of each store anew, as long as nothing is released: `python -m tests.support.revise`."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from alembic import command

from helpline.store import schema
from helpline.store.engine import StoreName, open_store

TABLES = ("callbacks.tables", "clock.tables", "roster", "staff.tables", "usage.tables")


def main() -> None:
    """Write `0001_first_tables.py` for each store."""
    for name in TABLES:
        import_module(f"helpline.{name}")
    with tempfile.TemporaryDirectory() as folder:
        for store in StoreName:
            versions = schema.MIGRATIONS / store / "versions"
            for old in versions.glob("*.py"):
                old.unlink()
            sessions = open_store(store, data_dir=Path(folder))
            with sessions.engine.connect() as connection:
                config = schema.config(connection, name=store)
                command.revision(config, message="first tables", autogenerate=True, rev_id="0001")
            sys.stdout.write(f"{store}: written\n")


if __name__ == "__main__":
    main()
