"""Markdown to HTML: markdown-it with raw HTML off, links only to pages of this site, bleach behind it."""

from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from helpline.programme.cleaning import clean_html

PARSER = MarkdownIt("commonmark", {"html": False}).disable(["image", "autolink", "code", "fence", "html_block"])
HEADINGS = ("h2", "h3")
"""The one h1 of a page is its heading."""


def markdown_html(markdown: str, *, addresses: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return *markdown* as clean HTML, its links turned into *addresses*, and what is wrong with it."""
    tokens = PARSER.parse(markdown)
    faults: list[str] = []
    for token in _all(tokens):
        if token.type == "heading_open" and token.tag not in HEADINGS:
            faults.append(f"a heading in a text must be one of {', '.join(HEADINGS)}, not {token.tag}")
        if token.type == "text" and "](" in token.content:
            faults.append(f"this is no link that a page may have: {token.content}")
        if token.type == "link_open":
            to = str(token.attrGet("href"))
            token.attrSet("href", addresses.get(to, ""))
            faults.extend([] if to in addresses else [f"a link leads to {to!r}, which is no page of this site"])
    return clean_html(PARSER.renderer.render(tokens, PARSER.options, {})), faults


def outline(markdown: str) -> tuple[str, ...]:
    """Return the blocks of *markdown* in order: what two languages of a page have in common."""
    return tuple(token.type for token in PARSER.parse(markdown) if token.type.endswith("_open"))


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])
