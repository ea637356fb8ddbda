"""The data inventory: every column of the three stores, as it declares itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import MetaData

from helpline.store.engine import StoreName
from helpline.store.kept import Kept, declarations

INVENTORY_FILE = Path(__file__).with_name("inventory.json")
"""Committed, compared by a test, read by the page "What we keep"."""

ROW = "row"
VALUE = "value"


@dataclass(frozen=True, slots=True)
class Entry:
    """One column that can hold something of a visitor: what, why, until which column's hour, what goes then."""

    store: str
    table: str
    column: str
    what: str
    why: str
    until: str
    goes: str


def inventory(metadatas: Mapping[StoreName, MetaData]) -> list[Entry]:
    """Return every column of *metadatas* that can hold something of a visitor.

    Raises:
        UndeclaredColumnError: a column, of whichever table, says nothing of what it keeps.
    """
    return list(_entries(metadatas))


def read_inventory() -> list[Entry]:
    """Return the inventory as it was written into the release."""
    return [Entry(**entry) for entry in json.loads(INVENTORY_FILE.read_text(encoding="utf-8"))]


def as_json(entries: list[Entry]) -> str:
    """Return *entries* as the committed file holds them."""
    return json.dumps([asdict(entry) for entry in entries], indent=1, ensure_ascii=False) + "\n"


def as_markdown(metadatas: Mapping[StoreName, MetaData]) -> str:
    """Return the inventory of all columns, visitors' and our own, as a document."""
    lines = [
        "# Data inventory",
        "",
        "Written by `python app.py inventory` from what each column declares of itself; a test compares it.",
        "A column of a visitor's names the column whose hour destroys it: the row, or this value alone.",
    ]
    for name, metadata in metadatas.items():
        lines += ["", f"## Store `{name}`"]
        lines += _table_lines(metadata)
    return "\n".join(lines) + "\n"


def _entries(metadatas: Mapping[StoreName, MetaData]) -> Iterator[Entry]:
    for name, metadata in metadatas.items():
        for table, column, declared in declarations(metadata):
            if isinstance(declared, Kept):
                goes = VALUE if declared.nulled else ROW
                yield Entry(name, table.name, column.name, declared.what, declared.why, declared.until, goes)


def _table_lines(metadata: MetaData) -> Iterator[str]:
    title = ""
    for table, column, declared in declarations(metadata):
        if table.name != title:
            title = table.name
            yield from ("", f"### `{title}`", "", "| column | what it is | why | until |", "|---|---|---|---|")
        if isinstance(declared, Kept):
            until = f"`{declared.until}`, {'this value' if declared.nulled else 'the row'}"
            yield f"| `{column.name}` | {declared.what} | {declared.why} | {until} |"
        else:
            yield f"| `{column.name}` | {declared.what} | the programme's own | |"
