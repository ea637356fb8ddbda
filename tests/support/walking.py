"""How the walks press buttons and links: by where they lead, so that one walk reads every language."""

from playwright.sync_api import Page, expect

LANGUAGES = ("nl", "en")
HTML = {"nl": "nl", "en": "en-GB"}
SHOWN = (200, 203)
"""A page to read, or one with something to fill in."""


def is_in(page: Page, language: str) -> None:
    """Fail unless the page says that it is in *language*."""
    expect(page.locator("html")).to_have_attribute("lang", HTML[language])


def answered(page: Page, button: str) -> int:
    """Press *button*, a selector, and return the status of the page that comes."""
    with page.expect_navigation() as coming:
        page.locator(button).first.click()
    answer = coming.value
    assert answer is not None
    return answer.status
