"""What was typed, and the signs that nobody types: PostgreSQL refuses some, and a page that repeats them is no HTML."""

import re
from typing import IO, TYPE_CHECKING

from flask import Request
from typing_extensions import override
from werkzeug.formparser import FormDataParser

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage, MultiDict

NO_CHARACTERS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))

UNTYPED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{NO_CHARACTERS}]")
"""Every control sign but tab and the ends of lines, and what Unicode says is no character (both: HTML, 13.2.3.5)."""


class TypedFields(FormDataParser):
    """Reads a form and leaves out, in names and values alike, what nobody typed."""

    @override
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> "tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]":
        """Return stream, fields and files."""
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        typed = [(UNTYPED.sub("", name), UNTYPED.sub("", value)) for name, value in form.items(multi=True)]
        return rest, self.cls(typed), files


class VisitorsRequest(Request):
    """A request of a visitor: whatever reads its fields reads only what can be typed."""

    form_data_parser_class = TypedFields
