"""What is no page: style, script, and whether the process is alive."""

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory
from flask.typing import ResponseReturnValue

from helpline.staff.permissions import Permission
from helpline.web.flask_app import HOUSE
from helpline.web.office_guard import needs

FOLDER: Path = HOUSE / "static" / "counsellors"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

blueprint = Blueprint("plain", __name__)


@blueprint.get("/static/<name>")
@needs(Permission.ANYBODY)
def file(name: str) -> ResponseReturnValue:
    """Answer with a file of the folder; it holds style and script, nothing of anybody."""
    kind = TYPES.get(Path(name).suffix)
    if kind is None:
        abort(404)
    return send_from_directory(FOLDER, name, mimetype=kind, etag=False, last_modified=None)


@blueprint.get("/healthz")
@needs(Permission.ANYBODY)
def health() -> ResponseReturnValue:
    """Say that the process answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")
