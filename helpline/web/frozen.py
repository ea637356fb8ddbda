"""Pages made before anybody asks for them: bytes with one hole, in one of three sizes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from helpline.callbacks.form_token import TOKEN_LENGTH
from helpline.web.shared import Headers

STEP = 4_000
"""Bodies are padded to 4,000, 8,000 or 12,000 bytes: somebody who watches the line sees one of three sizes."""

SENTINEL = "~" * TOKEN_LENGTH
"""Stands where the token of a form will: as long as a token, so that the size is known beforehand."""

INDENTATION = re.compile(rb"\s*\n\s*")

CountedCell = tuple[str, str]
"""A table of the codebook, and the cell of it that a reading of the page counts in."""


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
    whole = padded(INDENTATION.sub(b"\n", body))
    parts = tuple(whole.split(SENTINEL.encode()))
    return FrozenPage(status, [*headers, content_length(whole)], parts, counted)


def padded(body: bytes) -> bytes:
    """Return *body* with spaces behind it up to the next full step."""
    return body + b" " * (-len(body) % STEP)


def content_length(body: bytes) -> tuple[str, str]:
    """Return the header that says how long *body* is."""
    return "Content-Length", str(len(body))


def status_line(status: int) -> str:
    """Return *status* as a server sends it."""
    return f"{status} {HTTPStatus(status).phrase}"
