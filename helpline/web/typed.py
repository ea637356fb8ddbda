"""What was typed, without the signs that nobody types."""

from io import BytesIO
from typing import IO, TYPE_CHECKING

from flask import Request
from typing_extensions import override
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from helpline.signs import UNTYPED

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage, MultiDict

MOST_INPUTS = 200
"""Fields of one form. The largest of ours, with all answers of its path, has some fifty; 100,000 cost half a second."""

MOST_WAITING = 96 * 1024
"""Bytes of a form in parts that wait to be understood: one piece as it is read, and a part's head or field."""

if TYPE_CHECKING:
    Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class TypedFields(FormDataParser):
    """Reads a form and leaves out, in names and values alike, what nobody typed."""

    @override
    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> "Parsed":
        """Return stream, fields and files.

        Raises:
            RequestEntityTooLarge: it has more parts, or longer ones, than a form of ours.
        """
        self.max_form_parts, self.max_form_memory_size = MOST_INPUTS, MOST_WAITING
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        # A part of a form need not have a name; no browser leaves it out.
        typed = [(UNTYPED.sub("", name or ""), UNTYPED.sub("", value)) for name, value in form.items(multi=True)]
        return rest, self.cls(typed), files

    @override
    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> "Parsed":
        data = stream.read()
        if data.count(b"&") >= MOST_INPUTS:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(BytesIO(data), mimetype, content_length, options)


class VisitorsRequest(Request):
    """A request of a visitor: whatever reads its fields reads only what can be typed."""

    form_data_parser_class = TypedFields

    @override
    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Return memory: what somebody uploads (it is small, see MOST_BYTES) never lies in a temporary file."""
        return BytesIO()
