"""Markdown: two walls against markup, and links that stay in the house."""

import pytest

from helpline.programme.cleaning import clean_html
from helpline.programme.markdown import markdown_html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "Look <img src=x onerror=alert(1)> here",
        "![an image](now)",
        "<https://example.org>",
        "&lt;b&gt;",
    ],
)
def test_raw_markup_is_shown_as_text(markdown: str) -> None:
    html, _ = markdown_html(markdown, addresses={"now": "/en/now"})

    for tag in ("<script", "<img", "<b>"):
        assert tag not in html


def test_a_link_leads_to_a_page_of_this_site() -> None:
    html, faults = markdown_html("[Help](now)", addresses={"now": "/en/now"})

    assert (html.strip(), faults) == ('<p><a href="/en/now">Help</a></p>', [])


@pytest.mark.parametrize("to", ["https://example.org", "//example.org", "elsewhere", "tel:1"])
def test_a_link_to_elsewhere_is_a_fault_and_loses_its_address(to: str) -> None:
    html, faults = markdown_html(f"[Help]({to})", addresses={"now": "/en/now"})

    assert faults == [f"a link leads to {to!r}, which is no page of this site"]
    assert to not in html


def test_a_text_has_no_heading_of_the_first_rank() -> None:
    _, faults = markdown_html("# Big\n\n## Right\n", addresses={})

    assert faults == ["a heading in a text must be one of h2, h3, not h1"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.org">x</a>',
        '<a href="//example.org">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<p onclick="alert(1)" style="color:red" class="y">x</p>',
        '<ol start="x"></ol>',
    ],
)
def test_the_second_wall_takes_what_the_first_would_have_let_through(html: str) -> None:
    assert "=" not in clean_html(html)


def test_the_second_wall_leaves_a_text_as_it_is() -> None:
    html = '<h2>A</h2><ol start="3"><li><strong>B</strong> <a href="/en/now">C</a></li></ol>'

    assert clean_html(html) == html
    assert clean_html("<script>alert(1)</script>") == "alert(1)"
