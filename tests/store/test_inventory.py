"""The inventory that is committed is the one that the tables declare."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from helpline.chores import DOCUMENT
from helpline.clock.metadatas import METADATA
from helpline.store.engine import StoreName
from helpline.store.inventory import INVENTORY_FILE, ROW, VALUE, Entry, as_json, as_markdown, inventory, read_inventory
from helpline.store.kept import UndeclaredColumnError, kept, ours
from helpline.store.types import Instant

ROOT = Path(__file__).parents[2]


def invented() -> dict[StoreName, MetaData]:
    metadata = MetaData()
    Table(
        "thing",
        metadata,
        Column("id", Integer, primary_key=True, info=ours("a number")),
        Column("word", String, info=kept("a word", why="to say it", until="until")),
        Column("hour", Instant, info=kept("an hour", why="a flood", until="until", nulled=True)),
        Column("until", Instant, info=kept("its end", why="the clock reads it", until="until")),
    )
    return {StoreName.HELPLINE: metadata}


def test_the_committed_inventory_is_what_the_tables_declare() -> None:
    assert read_inventory() == inventory(METADATA)
    assert INVENTORY_FILE.read_text(encoding="utf-8") == as_json(inventory(METADATA))


def test_the_committed_document_is_what_the_tables_declare() -> None:
    assert (ROOT / DOCUMENT).read_text(encoding="utf-8") == as_markdown(METADATA)


def test_an_inventory_names_what_is_a_visitors_until_when_and_what_goes_then() -> None:
    assert inventory(invented()) == [
        Entry("helpline", "thing", "word", "a word", "to say it", "until", ROW),
        Entry("helpline", "thing", "hour", "an hour", "a flood", "until", VALUE),
        Entry("helpline", "thing", "until", "its end", "the clock reads it", "until", ROW),
    ]


def test_the_document_names_every_column() -> None:
    lines = as_markdown(invented()).splitlines()

    assert lines[lines.index("## Store `helpline`") + 2] == "### `thing`"
    assert lines[-4:] == [
        "| `id` | a number | the programme's own | |",
        "| `word` | a word | to say it | `until`, the row |",
        "| `hour` | an hour | a flood | `until`, this value |",
        "| `until` | its end | the clock reads it | `until`, the row |",
    ]


def test_a_column_that_says_nothing_stops_the_inventory() -> None:
    metadatas = invented()
    metadatas[StoreName.HELPLINE].tables["thing"].append_column(Column("secret", String))

    with pytest.raises(UndeclaredColumnError, match=r"thing\.secret"):
        inventory(metadatas)
    with pytest.raises(UndeclaredColumnError):
        as_markdown(metadatas)


def test_what_visitors_read_of_it_holds_no_word_of_a_machine() -> None:
    """The page "What we keep" shows these texts as they are."""
    read = {entry.what: entry.why for entry in inventory(METADATA)}
    words = set(re.findall(r"\w+", " ".join([*read, *read.values()])))

    assert words.isdisjoint({"act", "bytes", "clock", "digest", "flood", "id", "row", "session", "slot", "token"})
