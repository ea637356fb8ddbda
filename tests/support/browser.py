"""A real browser: Debian's Chromium, talking to nobody but the site under test."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, cast

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",  # root, in a container, on our own pages only
    "--disable-gpu",  # there is none, and pretending costs half of the time
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class Finding(TypedDict):
    """One rule that a page breaks, and the elements that break it."""

    id: str
    help: str
    nodes: Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Visit:
    """A page in a browser that remembers nothing, and the means to look at it as it stands."""

    page: Page
    script: bool
    devtools: CDPSession

    def accessibility_findings(self) -> list[tuple[str, str]]:
        """Return what axe-core finds on the page as it stands: which rule, and the first element that breaks it.

        All rules in light; in the dark nothing but colours differs, so only their contrast is looked at again.
        """
        # A click comes back as soon as the next page begins: without its style sheet its links are too small to hit.
        self.page.wait_for_load_state("load")
        self.allow_script(allowed=True)  # for axe alone: what the page brought was dropped as it was read
        self.page.evaluate(_axe())
        self.page.emulate_media(color_scheme="light")
        found = self._found({"type": "tag", "values": list(STANDARDS)})
        self.page.emulate_media(color_scheme="dark")
        found += self._found({"type": "rule", "values": ["color-contrast"]})
        self.allow_script(allowed=self.script)
        return [(it["id"], str(it["nodes"][0]["html"])) for it in found]

    def _found(self, only: Mapping[str, object]) -> list[Finding]:
        found = self.page.evaluate("only => axe.run({runOnly: only}).then(it => it.violations)", only)
        return cast("list[Finding]", found)

    def allow_script(self, *, allowed: bool) -> None:
        """Let the page run script, or not, from here on."""
        self.devtools.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start Chromium without a window, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(browser: Browser, *, script: bool = False, size: ViewportSize = DESKTOP) -> Iterator[Visit]:
    """Open an empty page at *size*; it runs no script unless *script* is said.

    Playwright's own switch is for good, and axe-core is a script: hence a switch of ours, the same one.
    """
    context = browser.new_context(viewport=size)
    try:
        page = context.new_page()
        visit = Visit(page, script=script, devtools=context.new_cdp_session(page))
        visit.allow_script(allowed=script)
        yield visit
    finally:
        context.close()


@cache
def _axe() -> str:
    """Return axe-core's source."""
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8")
