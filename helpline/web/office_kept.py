"""A form that was sent too late travels in the sign-in page itself; nothing of it is stored here."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

NEVER_KEPT = frozenset({"csrf_token", "passphrase", "code", "number", "kept"})
"""Secrets and a visitor's telephone number are typed again; the first and the last belong to the page that was left."""

PURPOSE = "a form that is kept"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where somebody wanted to go, and what she sent there, if she sent something."""

    path: str
    is_sent: bool
    fields: tuple[tuple[str, str], ...]


def kept_form() -> str:
    """Return what was asked for or sent just now, signed, to stand in a hidden field."""
    is_sent = request.method == "POST"
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    # A path that begins with two slashes would lead to another host: Werkzeug leaves one of them.
    return str(_serializer(current_app).dumps([request.path, is_sent, fields if is_sent else []]))


def read_kept(text: str) -> KeptForm | None:
    """Return what *text* keeps, or None if it is empty or not ours."""
    try:
        path, is_sent, fields = cast("tuple[str, bool, list[tuple[str, str]]]", _serializer(current_app).loads(text))
    except BadSignature:
        return None
    return KeptForm(path, is_sent, tuple((name, value) for name, value in fields))


def _serializer(app: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(app.secret_key or b"", salt=PURPOSE)
