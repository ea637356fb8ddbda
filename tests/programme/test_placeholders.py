"""Placeholders: known, whole, filled."""

import pytest

from helpline.programme.placeholders import BLOCKS, INLINE, fill, lines_html, placeholder_faults, placeholders_in


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ring {emergencies}.", "{emergencies} is not a placeholder here"),
        ("Ring {emergency.", "a brace stands alone"),
        ("Look: {crisis}", "{crisis} must be a paragraph of its own"),
        ("A line\n{crisis}", "{crisis} must be a paragraph of its own"),
    ],
)
def test_a_placeholder_that_cannot_be_filled_is_a_fault(text: str, wanted: str) -> None:
    assert list(placeholder_faults(text, allowed=(*INLINE, *BLOCKS))) == [wanted]


def test_a_block_on_a_line_of_its_own_is_none() -> None:
    text = "Ring {emergency}.\n\n{crisis}\n\n{confidentiality}\n"

    assert list(placeholder_faults(text, allowed=(*INLINE, *BLOCKS))) == []
    assert placeholders_in(text) == ["confidentiality", "crisis", "emergency"]


def test_a_block_takes_the_place_of_its_paragraph() -> None:
    html = "<p>Ring {emergency}.</p>\n<p>{crisis}</p>"

    assert fill(html, values={"emergency": "1", "crisis": "<ul></ul>"}) == "<p>Ring 1.</p>\n<ul></ul>"


def test_a_placeholder_without_a_value_is_never_shown() -> None:
    with pytest.raises(KeyError, match="emergency"):
        fill("Ring {emergency}.", values={})


def test_plain_lines_become_html_around_the_values() -> None:
    assert lines_html(["1 < 2: {emergency}"], values={"emergency": "<a>1</a>"}) == ("1 &lt; 2: <a>1</a>",)
