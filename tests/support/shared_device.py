"""Chromium as it is on a shared device: with a profile on its disk, its memory of pages on, nobody asked to forget."""

import base64
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.support.browser import CHROMIUM

PATIENCE_SECONDS = 180
LOOK_SECONDS = 0.1

# Playwright's own way to start it switches the back/forward cache off and keeps no session: here nothing is added
# but what a machine without a screen needs, and that nobody else is asked anything.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # root, in a container, on our own pages only
    "--no-first-run",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PORT_FILE = "DevToolsActivePort"
ELSEWHERE = b"<!doctype html><html lang=en><title>Somewhere else</title><h1>Somewhere else</h1>"


@dataclass(frozen=True)
class Device:
    """A browser and the folder in which it keeps what it keeps."""

    profile: Path
    process: subprocess.Popen[bytes]
    context: BrowserContext

    def open_tab(self, url: str, *, script: bool = True) -> Page:
        """Open *url* in a new tab, whose links out of the site lead to a page of this device's own."""
        page = self.context.new_page()
        tools = self.context.new_cdp_session(page)
        _answer_for_others(tools)
        if not script:
            tools.send("Emulation.setScriptExecutionDisabled", {"value": True})
        page.goto(url)
        return page

    def kill(self) -> None:
        """Pull the plug."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Close the browser as a person does."""
        browser = self.context.browser
        assert browser is not None
        browser.new_browser_cdp_session().send("Browser.close")
        self.process.wait(timeout=PATIENCE_SECONDS)


@contextmanager
def shared_device(driver: Browser, profile: Path) -> Iterator[Device]:
    """Start Chromium with *profile*; *driver* lends its means to steer it. It is killed in the end if it still runs."""
    process = subprocess.Popen(
        [CHROMIUM, *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        browser = driver.browser_type.connect_over_cdp(f"http://127.0.0.1:{_port(profile, process)}")
        yield Device(profile, process, browser.contexts[0])
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    """Return where Chromium listens to us, once it has said so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    file = profile / PORT_FILE
    while not (file.exists() and file.read_text(encoding="ascii")):
        assert process.poll() is None, "Chromium did not start"
        assert time.monotonic() < deadline, "Chromium says nothing"
        time.sleep(LOOK_SECONDS)
    return int(file.read_text(encoding="ascii").splitlines()[0])


def _answer_for_others(tools: CDPSession) -> None:
    """Let a page of ours stand for every page of others."""

    def answer(event: dict[str, str]) -> None:
        said = {"requestId": event["requestId"], "responseCode": 200, "body": base64.b64encode(ELSEWHERE).decode()}
        tools.send("Fetch.fulfillRequest", said)

    tools.on("Fetch.requestPaused", answer)
    tools.send("Fetch.enable", {"patterns": [{"urlPattern": "https://*"}]})
