"""Placeholders: a text names a service, the jurisdiction pack knows its number."""

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

KINDS = ("emergency", "police", "suicide", "child_protection", "children", "lawyer", "hotline")
"""The services that a text may name; a pack has each of them, or says that it knows none."""

INLINE = (*KINDS, "helpline", "programme")
BLOCKS = ("crisis", "confidentiality", "police_involved", "answers", "schemes", "reporting", "hiding_number")
"""These are a paragraph of their own."""

SLIP = ("starts", "ring_by", "again_until", "first", "second", "opening", "number", "alias", "left", "until")
"""What the moment fills in, a slip and the page of a code: times, call words, how we begin, with whom, how often.

Only in snippets of the pages "talk" and "now".
"""

WORDS = ("time", "day", "date")
"""What the words for opening hours fill in."""

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
BLOCK_AS_HTML = re.compile(r"<p>\{(" + "|".join(BLOCKS) + r")\}</p>")


def placeholders_in(text: str) -> list[str]:
    """Return the names of the placeholders of *text*, sorted, each as often as it stands there."""
    return sorted(PLACEHOLDER.findall(text))


def placeholder_faults(text: str, *, allowed: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each placeholder of *text* that is unknown, cut short, or a block inside a sentence."""
    for paragraph in text.split("\n\n"):
        for name in placeholders_in(paragraph):
            if name not in allowed:
                yield f"{{{name}}} is not a placeholder here"
            elif name in BLOCKS and paragraph.strip() != f"{{{name}}}":
                yield f"{{{name}}} must be a paragraph of its own"
    if set("{}") & set(PLACEHOLDER.sub("", text)):
        yield "a brace stands alone"


def fill(text: str, *, values: Mapping[str, str]) -> str:
    """Return *text* with each placeholder replaced; *values* are as safe as *text* must be (HTML in HTML).

    Raises:
        KeyError: a placeholder has no value.
    """
    whole = BLOCK_AS_HTML.sub(lambda match: values[match[1]], text)
    return PLACEHOLDER.sub(lambda match: values[match[1]], whole)


def lines_html(lines: Sequence[str], *, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return plain *lines* as HTML, with the HTML of *values* in the places of their placeholders."""
    return tuple(fill(html.escape(line), values=values) for line in lines)
