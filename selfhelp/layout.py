"""Style and script of the pages: inlined, so that one page is one request and leaves no file behind."""

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
    """The text of the style and of the script, as they stand in every page, and of the script beside a file."""

    style: str
    script: str
    file_script: str
    """It sends a copy of what was chosen: Chromium writes where a sent file lies into its session file."""

    @property
    def content_policy(self) -> str:
        """The Content-Security-Policy that allows these by their hashes, our own forms, and nothing else."""
        return (
            f"default-src 'none'; script-src '{_hashed(self.script)}' '{_hashed(self.file_script)}'; "
            f"style-src '{_hashed(self.style)}'; "
            "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )


def read_layout(*, accent: str) -> Layout:
    """Return the layout with the programme's *accent* colour, without the white space that only we read."""
    style = (FOLDER / "site.css").read_text(encoding="utf-8").replace(DEFAULT_ACCENT, accent)
    squeezed = AROUND_SIGNS.sub(r"\1", WHITE_SPACE.sub(" ", style)).replace(": ", ":").replace(";}", "}")
    return Layout(style=squeezed.strip(), script=_script("site.js"), file_script=_script("file.js"))


def _script(name: str) -> str:
    return WHITE_SPACE.sub(" ", (FOLDER / name).read_text(encoding="utf-8")).strip()


def _hashed(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
