"""Fingers on a keyboard."""

from playwright.sync_api import Page


class Keyboard:
    """Fingers on a keyboard, and how often they came down. No mouse, no script."""

    def __init__(self, page: Page, *, most: int) -> None:
        """Sit before *page*, for *most* presses of Tab between two places."""
        self.page = page
        self.most = most
        self.presses = 0

    def press(self, key: str) -> None:
        """Press *key* once."""
        self.page.keyboard.press(key)
        self.presses += 1

    def to(self, selector: str) -> None:
        """Press Tab until the focus is on *selector*."""
        for _ in range(self.most):
            if self.page.locator(f"{selector}:focus").count():
                return
            self.press("Tab")
        message = f"{selector} is out of reach"
        raise AssertionError(message)

    def skip(self) -> None:
        """Go to what the page is about."""
        self.to(".skip")
        self.press("Enter")

    def choose(self, name: str, value: str) -> None:
        """Go to the list *name* and choose *value* in it, by whichever arrow is nearer."""
        self.to(f"input[name={name}]")
        values = [it.get_attribute("value") for it in self.page.locator(f"input[name={name}]").all()]
        if self.page.locator(f"input[name={name}]:checked").count() == 0:
            self.press("Space")
        focused = self.page.locator(f"input[name={name}]:checked").get_attribute("value")
        steps = (values.index(value) - values.index(focused)) % len(values)
        is_near = steps <= len(values) // 2
        for _ in range(steps if is_near else len(values) - steps):
            self.press("ArrowDown" if is_near else "ArrowUp")
        assert self.page.is_checked(f"input[name={name}][value='{value}']")
