"""Pages made before anybody asks for them: bytes with one hole, of one size."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from helpline.callbacks.form_token import TOKEN_LENGTH
from helpline.usage.codebook import CountedCell
from helpline.web.shared import Headers

STEP = 4_000
"""Every body is padded to a multiple of this: somebody who watches the line learns no more than that."""

PAGE = 3 * STEP
"""Every page has at least this size, which with its headers is what the first flight of a line carries. So pages
cannot be told apart by their size at all; what machines ask for (4,000 bytes) can."""

SENTINEL = "~" * TOKEN_LENGTH
"""Stands where the token of a form will: as long as a token, so that the size is known beforehand."""

INDENTATION = re.compile(rb"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """An answer as it goes out: what stands before, between and after its holes."""

    status: str
    headers: Headers
    parts: tuple[bytes, ...]
    counted: CountedCell | None = None

    def body(self, token: Callable[[], str]) -> bytes:
        """Return the bytes to send, every hole filled with one fresh *token*."""
        return self.parts[0] if len(self.parts) == 1 else token().encode().join(self.parts)


def frozen(body: bytes, *, status: str, headers: Headers, counted: CountedCell | None = None) -> FrozenPage:
    """Return *body* frozen: without the indentation of its template, padded, with its length among the *headers*.

    Only for pages that show nothing a visitor typed: a line break in an answer is the visitor's.
    """
    whole = padded(INDENTATION.sub(b"\n", body), headers=headers)
    parts = tuple(whole.split(SENTINEL.encode()))
    return FrozenPage(status, [*headers, content_length(whole)], parts, counted)


def padded(body: bytes, *, headers: Headers) -> bytes:
    """Return *body* with spaces behind it: a page up to PAGE, anything up to the next full step."""
    is_page = any(name == "Content-Type" and value.startswith("text/html") for name, value in headers)
    least = PAGE if is_page else STEP
    return body + b" " * max(least - len(body), -len(body) % STEP)


def content_length(body: bytes) -> tuple[str, str]:
    """Return the header that says how long *body* is."""
    return "Content-Length", str(len(body))


def status_line(status: int) -> str:
    """Return *status* as a server sends it."""
    return f"{status} {HTTPStatus(status).phrase}"
