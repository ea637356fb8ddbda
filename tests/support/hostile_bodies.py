"""Requests that are odd around an uploaded file: parts, kinds, storms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.support.hostile_files import EVIL, Ground

BOUNDARY = "qvboundaryqv"
TOKEN = "qvtoken" * 6 + "qvtoke"
"""As long as a token of ours."""

PLAIN_FORM = "application/x-www-form-urlencoded"
ANY = frozenset({203, 400, 413, 422})
"""Answers of which each is as good."""

FORM_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A whole request: its body, of what kind it says it is, and what it may come to."""

    name: str
    body: bytes
    kind: str = FORM_TYPE
    statuses: frozenset[int] = frozenset({203, 422})


def sent(form: Mapping[str, str], *, file: bytes, called: str = "note.html") -> bytes:
    """Return the body that a browser sends with *form* and a *file*."""
    return body(form, file_part(file, called=called))


def body(form: Mapping[str, str], *parts: bytes) -> bytes:
    """Return the body of *form* and of *parts* that no browser may have made."""
    fields = [part(f'form-data; name="{name}"', value.encode()) for name, value in form.items()]
    return b"".join((*fields, *parts)) + f"--{BOUNDARY}--\r\n".encode()


def part(disposition: str, data: bytes, *, more: str = "") -> bytes:
    """Return one part."""
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode() + data + b"\r\n"


def file_part(data: bytes, *, called: str = "note.html", more: str = "Content-Type: text/html\r\n") -> bytes:
    """Return the part of a file."""
    quoted = called.replace("\\", "\\\\").replace('"', "%22")
    return part(f'form-data; name="file"; filename="{quoted}"', data, more=more)


def hostile_bodies(form: dict[str, str], *, ground: Ground) -> list[Sent]:
    """Return requests that are odd around the file; TOKEN stands in each where its token belongs."""
    form = {**form, "token": TOKEN}
    good = ground.good()
    file = file_part(good)
    return [*_odd_parts(form, file=file), *_odd_kinds(form, good=good), *_storms(form, file=file)]


def _odd_parts(form: dict[str, str], *, file: bytes) -> Iterator[Sent]:
    data = EVIL.encode()
    yield Sent("several files", body(form, file, file_part(data), file_part(data)))
    yield Sent("several files, ours the last", body(form, file_part(data), file))
    yield Sent("a file without a name of its field", body(form, part('form-data; filename="x"', data)), statuses=ANY)
    yield Sent("a file without any name", body(form, part("form-data", data)), statuses=ANY)
    yield Sent("a part without a disposition", body(form, f"--{BOUNDARY}\r\n\r\nx\r\n".encode()), statuses=ANY)
    yield Sent("a field called file", body(form, part('form-data; name="file"', data)))
    yield Sent("a file called as a field", body(form, part('form-data; name="at"; filename="x"', data)))
    yield Sent("a file called as the token", body(form, part('form-data; name="token"; filename="x"', data)))
    yield Sent("two names", body(form, part('form-data; name="x"; name="file"; filename="x"', data)), statuses=ANY)
    yield Sent("an encoded part", body(form, file_part(data, more="Content-Transfer-Encoding: base64\r\n")))
    yield Sent("a part in UTF-7", body(form, file_part(data, more="Content-Type: text/html; charset=utf-7\r\n")))
    yield Sent("a part in no known letters", body(form, file_part(data, more="Content-Type: x; charset=qv\r\n")))
    yield Sent("parts in a part", body(form, file_part(file, more="Content-Type: multipart/mixed; boundary=x\r\n")))
    yield Sent("a long name", body(form, part(f'form-data; name="{"n" * 100_000}"; filename="x"', data)), statuses=ANY)
    yield Sent("a name in another alphabet", body(form, part("form-data; name=file; filename*=UTF-8''%2e%2e%2f", data)))


def _odd_kinds(form: dict[str, str], *, good: bytes) -> Iterator[Sent]:
    whole = sent(form, file=good)
    refused = frozenset({400, 415, 422})
    yield Sent("no boundary", whole, "multipart/form-data", statuses=refused)
    yield Sent("another boundary", whole, "multipart/form-data; boundary=other", statuses=refused)
    yield Sent("a boundary of nothing", whole, 'multipart/form-data; boundary=""', statuses=refused)
    yield Sent("a very long boundary", whole, f"multipart/form-data; boundary={'b' * 5_000}", statuses=refused)
    yield Sent("an end that never comes", whole[:-200], statuses=ANY)
    yield Sent("nothing at all", b"", statuses=ANY)
    yield Sent("only an end", f"--{BOUNDARY}--\r\n".encode(), statuses=ANY)
    yield Sent("said to be text", whole, "text/plain", statuses=refused)
    yield Sent("said to be JSON", whole, "application/json", statuses=refused)
    yield Sent("said to be a plain form", whole, PLAIN_FORM, statuses=refused)
    yield Sent("said to be the file itself", good, "text/html", statuses=refused)


def _storms(form: dict[str, str], *, file: bytes) -> Iterator[Sent]:
    accents = {"note": "a" + "\u0301\u0316" * 15_000}
    yield Sent("a storm of returns", body(form, file_part(b"\r" * 240_000)))
    yield Sent("a storm of lines", body(form, file_part(b"\r\n--" * 60_000)))
    yield Sent("a storm of almost boundaries", body(form, file_part(f"\r\n--{BOUNDARY[:-1]}".encode() * 15_000)))
    yield Sent("a storm of accents in a field", body(form | accents, file))
    yield Sent("a storm of headers", body(form, file_part(b"x", more="X-Y: z\r\n" * 30_000)), statuses=ANY)
    yield Sent("a very long header", body(form, file_part(b"x", more=f"X-Y: {'z' * 240_000}\r\n")), statuses=ANY)
    too_large = frozenset({413})
    yield Sent("many fields", body(form | {f"x{it}": "y" for it in range(150)}, file))
    yield Sent("too many fields", body({f"x{it}": "y" for it in range(2_500)}, file), statuses=too_large)
    yield Sent("one field a thousand times", body(form, *[part('form-data; name="x"', b"y")] * 999), statuses=too_large)
    yield Sent("a plain form of nothing", b"a&" * 120_000, PLAIN_FORM, statuses=too_large)
    yield Sent("a plain form of one long field", b"note=" + b"%CC%81%CC%96" * 21_000, PLAIN_FORM, statuses=ANY)
    yield Sent("a file that is too large", body(form, file_part(bytes(256 * 1024))), statuses=too_large)
