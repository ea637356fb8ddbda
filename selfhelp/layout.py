"""Style and script of every page: inlined, so that one page is one request and leaves no file behind."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "selfhelp"
DEFAULT_ACCENT = "#1f5f57"
WHITE_SPACE = re.compile(r"\s+")
AROUND_SIGNS = re.compile(r" ?([{};,>]) ?")


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of the style and of the script, as they stand in every page."""

    style: str
    script: str

    @property
    def content_policy(self) -> str:
        """The Content-Security-Policy that allows these two by their hashes, our own forms, and nothing else."""
        return (
            f"default-src 'none'; script-src '{_hashed(self.script)}'; style-src '{_hashed(self.style)}'; "
            "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )


def read_layout(*, accent: str) -> Layout:
    """Return the layout with the programme's *accent* colour, without the white space that only we read."""
    style = (FOLDER / "site.css").read_text(encoding="utf-8").replace(DEFAULT_ACCENT, accent)
    script = (FOLDER / "site.js").read_text(encoding="utf-8")
    squeezed = AROUND_SIGNS.sub(r"\1", WHITE_SPACE.sub(" ", style)).replace(": ", ":").replace(";}", "}")
    return Layout(style=squeezed.strip(), script=WHITE_SPACE.sub(" ", script).strip())


def _hashed(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
