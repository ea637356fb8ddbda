"""docs/content.md names what there is: every path, every entry of a text, every place that a language needs."""

import re
from pathlib import Path

import pytest

from helpline.programme.pages import KEYS, Pages
from helpline.programme.paths import paths_of
from helpline.programme.placeholders import BLOCKS, INLINE, SLIP
from helpline.programme.rules import KEYS as RULES

DOCUMENT = (Path(__file__).parents[2] / "docs/content.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \|", DOCUMENT, flags=re.MULTILINE)
CODES = re.findall(r"`([^`]+)`", DOCUMENT)


def test_every_path_is_in_its_table(pages: Pages) -> None:
    numbers = [int(row) for row in ROWS[: ROWS.index("step")] if row.isdigit()]
    paths = sorted({number for _, number in paths_of(pages)})

    assert numbers[: len(paths)] == paths


def test_every_page_without_a_number_is_named(pages: Pages) -> None:
    assert {place for _, place in pages if "/" not in place} <= set(CODES)


@pytest.mark.parametrize("key", sorted({*KEYS, *RULES}))
def test_every_entry_of_a_text_and_of_the_rules_is_explained(key: str) -> None:
    assert any(re.fullmatch(rf"\[*{key}\]*", code) for code in CODES)


@pytest.mark.parametrize("name", sorted({*BLOCKS, *INLINE, *SLIP}))
def test_every_placeholder_is_named(name: str) -> None:
    assert f"{{{name}}}" in CODES


def test_every_file_that_a_step_names_is_there() -> None:
    named = {
        code for code in CODES if re.fullmatch(r"(?:helpline|deploy|tests|audit|selfhelp|decisions)/[\w/.-]+", code)
    }

    assert {path for path in named if "fy" not in path and not (Path(__file__).parents[2] / path).exists()} == set()
