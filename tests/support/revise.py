"""Write the first migration of each store anew, as long as nothing is released: `python -m tests.support.revise`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from helpline.clock.metadatas import METADATA
from helpline.store import schema
from helpline.store.engine import open_store


def main() -> None:
    """Write `0001_first_tables.py` for each store."""
    with tempfile.TemporaryDirectory() as folder:
        for store in METADATA:
            versions = schema.MIGRATIONS / store / "versions"
            for old in versions.glob("*.py"):
                old.unlink()
            sessions = open_store(store, data_dir=Path(folder))
            with sessions.engine.connect() as connection:
                config = schema.config(connection, name=store)
                command.revision(config, message="first tables", autogenerate=True, rev_id="0001")
            _tidy(*versions.glob("*.py"))
            sys.stdout.write(f"{store}: written\n")


def _tidy(path: Path) -> None:
    """Take out what alembic's generator says to itself, and lay the file out as the house is."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "###" not in line), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)


if __name__ == "__main__":
    main()
