import socket

from _typeshed.wsgi import StartResponse, WSGIEnvironment
from gunicorn.http.message import Request

class Response:
    def __init__(self, req: Request, sock: socket.socket | None, cfg: object) -> None: ...
    start_response: StartResponse
    def force_close(self) -> None: ...
    def default_headers(self) -> list[str]: ...
    def write(self, arg: bytes) -> None: ...
    def close(self) -> None: ...

def create(
    req: Request,
    sock: socket.socket,
    client: object,
    server: object,
    cfg: object,
    response_class: type[Response] | None = None,
    response_args: tuple[object, ...] = (),
) -> tuple[Response, WSGIEnvironment]: ...
